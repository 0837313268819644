// The files of a snapshot: opened only when they are read, and figures that any reader of JSON takes as figures.
import { expect, test } from 'vitest';
import { collectRows, jsonText, tablePart, textPart } from '../../src/evidence/snapshot/part.ts';
import type { ByteSource } from '../../src/platform/formats/zip.ts';

async function textOf(source: ByteSource): Promise<string> {
  let text = '';
  for await (const chunk of source) text += String(chunk);
  return text;
}

test('a table is its columns and rows, asked for when the file is opened, and again each time', async () => {
  let asked = 0;
  const part = tablePart({
    path: 'data/totals.csv',
    columns: [
      { key: 'driver', en: 'Driver', ja: '単位', kind: 'text' },
      { key: 'count', en: 'Count', ja: '数', kind: 'text' },
    ],
    rows: async () => {
      asked += 1;
      return [['mail.accepted', 40]];
    },
  });
  expect(part.path).toBe('data/totals.csv');
  expect(asked).toBe(0);
  expect(await textOf(part.open())).toBe('\uFEFFdriver,count\r\nmail.accepted,40\r\n');
  expect(await textOf(part.open())).toBe('\uFEFFdriver,count\r\nmail.accepted,40\r\n');
  expect(asked).toBe(2);
});

test('a text is written when the file is opened', async () => {
  const part = textPart('data/README.md', async () => Buffer.from('読む'));
  expect(part.path).toBe('data/README.md');
  expect(await textOf(part.open())).toBe('読む');
});

test('a document has one value a line, ends its last line, and holds whole yen as numbers', () => {
  expect(jsonText({ payable: 10_000_000n, reasons: ['limit'] })).toBe(
    '{\n "payable": 10000000,\n "reasons": [\n  "limit"\n ]\n}\n',
  );
});

test('rows are collected in their order, from a stream as well', async () => {
  async function* stream() {
    yield ['a', 1];
    yield ['b', 2];
  }
  expect(await collectRows(stream())).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  expect(await collectRows([['c']])).toEqual([['c']]);
});
