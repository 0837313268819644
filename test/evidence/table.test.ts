import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Column, formatCsvTable, neutralise, parseTable, restore } from '../../src/evidence/verify/table.ts';
import { writeXlsx, XLSX_ROW_LIMIT } from '../../src/platform/formats/xlsx-write.ts';

const columns: Column[] = [
  { key: 'what', en: 'What', ja: '内容', kind: 'text' },
  { key: 'yen', en: 'Yen', ja: '円', kind: 'yen' },
  { key: 'day', en: 'Day', ja: '日', kind: 'day' },
  { key: 'at', en: 'At', ja: '時刻', kind: 'instant' },
];

async function csv(rows: Parameters<typeof formatCsvTable>[1]): Promise<string> {
  let text = '';
  for await (const chunk of formatCsvTable(columns, rows)) text += chunk;
  return text;
}

describe('a table', () => {
  test('is written with byte order mark, CRLF and quotes where they are needed', async () => {
    expect(await csv([['a,"b"\nc', '-100.5', '2026-11-21', new Date(0)]])).toBe(
      '\uFEFFwhat,yen,day,at\r\n"a,""b""\nc",-100.5,2026-11-21,1970-01-01T00:00:00.000Z\r\n',
    );
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])('neutralises %j', (text) => {
    expect(neutralise(text)).toBe(`'${text}`);
  });

  test.each(['=1', "'=1", "''=1", "'x", '-'])('restores %j', (text) => {
    expect(restore(neutralise(text))).toBe(text);
  });

  test('lets no text cell start like a formula, and reads back what it wrote', async () => {
    const line = fc.tuple(
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\r', '')),
      fc.bigInt(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line), async (rows) => {
        const back = parseTable(await csv(rows)).slice(1);
        expect(back.map((record) => record[0])).toEqual(rows.map(([text]) => neutralise(text)));
        expect(back.every((record) => !/^[=+\-@\t]/.test(record[0] ?? ''))).toBe(true);
        expect(back.map((record) => record[1])).toEqual(rows.map(([, yen]) => String(yen)));
      }),
      { numRuns: 50 },
    );
  });
});

describe('a spreadsheet', () => {
  const sheet = {
    name: '台帳 ledger',
    columns,
    rows: [['=HYPERLINK("http://x")', 1_234_567n, '2026-11-21', new Date(0)]],
  };

  test('is the same bytes each time', async () => {
    const first = await writeXlsx([sheet]);
    await new Promise((resolve) => setTimeout(resolve, 2100));
    expect((await writeXlsx([sheet])).equals(first)).toBe(true);
  });

  test('holds text as text, and dates and yen as numbers', async () => {
    const { default: readXlsxFile } = await import('read-excel-file/node');
    const sheets = await readXlsxFile(await writeXlsx([sheet]));
    const rows = JSON.stringify(sheets);
    expect(rows).toContain('内容');
    expect(rows).toContain('=HYPERLINK(\\"http://x\\")');
    expect(rows).toContain('1234567');
  });

  test('refuses more rows than it can hold', async () => {
    await expect(writeXlsx([{ ...sheet, rows: Array(XLSX_ROW_LIMIT + 1).fill(['x']) }])).rejects.toThrow(RangeError);
  });
});
