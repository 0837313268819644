/** What is handed out to vendors is what their files are read by: every sample is read whole, every column and word is explained. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runFormats } from '../../src/cli/commands/formats.ts';
import { openContext } from '../../src/cli/open-context.ts';
import { type IntervalRow, readIntervalRows } from '../../src/contacts/interval-file.ts';
import { readReturnReason } from '../../src/delivery/letters/return-reason.ts';
import { readProductionFile, readReturnsFile } from '../../src/delivery/letters/vendor-file.ts';
import { describeFormat, formatFiles } from '../../src/desk/formats/describe-format.ts';
import { type FormatName, formatNames, vendorFormat } from '../../src/desk/formats/vendor-formats.ts';
import { readInvoiceRows } from '../../src/ledger/invoice-file.ts';
import { readInvoiceFile } from '../../src/ledger/read-invoice-file.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { parseCsv } from '../../src/platform/formats/csv.ts';
import { say } from '../../src/platform/words.ts';

/** The samples' days lie in the days of this campaign. */
const span = { now: new Date('2027-01-01T03:00:00Z'), campaign: { from: '2026-01-01', to: null } };

const dir = mkdtempSync(join(tmpdir(), 'owabi-formats-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function fileOf(name: FormatName, end: string): Buffer {
  const found = formatFiles(name).find((file) => file.name.endsWith(end));
  if (!found) throw new Error(`${name} has no ${end}`);
  return found.content;
}

async function records(bytes: Buffer): Promise<string[][]> {
  const found: string[][] = [];
  for await (const record of parseCsv(bytes)) found.push(record.fields);
  return found;
}

describe('the sample that is handed out', () => {
  it('to the print house is read whole: posted and spoiled, and every fate of a card', async () => {
    const { lines, faults } = await readProductionFile(fileOf('production', 'sample.csv'));
    expect(faults).toEqual([]);
    expect(lines.map(({ status, card }) => [status, card])).toEqual([
      ['posted', 'inside'],
      ['posted', 'none'],
      ['spoiled', 'back'],
      ['spoiled', 'spoiled'],
      ['spoiled', 'lost'],
    ]);
    expect(lines[0]).toMatchObject({ day: '2026-11-24', slipNumber: 'TOKYO-1122', postOffice: '見本中央郵便局' });
  });

  it('to whoever receives returns is read whole, by the stamp’s wording and by code', async () => {
    const { lines, faults } = await readReturnsFile(fileOf('returns', 'sample.csv'));
    expect(faults).toEqual([]);
    expect(lines.map((line) => line.reason)).toEqual(['UNKNOWN', 'MOVED', 'UNCLAIMED']);
    const codes = vendorFormat('returns').columns.find((column) => column.field === 'reason')?.words ?? [];
    expect(codes.map(readReturnReason)).toEqual(codes);
  });

  it('to the call centre is read whole', async () => {
    const [header = [], ...rows] = await records(fileOf('intervals', 'sample.csv'));
    const cells = rows.map(
      (fields, index): IntervalRow => ({
        line: index + 2,
        cells: Object.fromEntries(header.map((name, at) => [name, fields[at] ?? ''])),
      }),
    );
    const { intervals, problems } = readIntervalRows('sample.csv', cells, span);
    expect(problems).toEqual([]);
    expect(intervals).toHaveLength(3);
    expect(intervals[0]).toMatchObject({ offered: 42, answered: 40, withinTarget: 35 });
  });

  it('to the accountant is read whole, as one invoice with cards and postage apart', async () => {
    const path = join(dir, 'invoices.csv');
    writeFileSync(path, fileOf('invoices', 'sample.csv'));
    const [invoice, ...others] = await readInvoiceFile(path);
    expect(others).toEqual([]);
    expect(invoice?.lines.map(({ category, grossYen, fee }) => [category, grossYen, fee])).toEqual([
      ['NOTIFY_PRINT_MAIL', 106_700, false],
      ['CONDOLENCE', 500_000, false],
      ['CONDOLENCE', 30_000, true],
    ]);
  });
});

describe.each(formatNames)('the format %s', (name) => {
  const format = vendorFormat(name);

  it('has a template with the header of its columns and nothing else, in CP932', async () => {
    const bytes = fileOf(name, 'template.csv');
    expect(await records(bytes)).toEqual([format.columns.map((column) => column.header)]);
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
    expect(new TextDecoder('shift_jis').decode(bytes)).toContain(format.columns[0]?.header);
  });

  it.each(['ja', 'en'] as const)('explains every column, every name of it and every word in %s', (language) => {
    const page = describeFormat(format, language);
    for (const { field, header, others, words } of format.columns) {
      expect(say(language, `format.${name}.${field}`)).not.toBe(`format.${name}.${field}`);
      for (const text of [header, ...others, ...(words ?? [])]) expect(page).toContain(`\`${text}\``);
    }
    expect(page).not.toMatch(/format\.[a-z]/);
  });
});

type Rows = readonly { readonly line: number; readonly cells: Readonly<Record<string, string>> }[];

/** What each reader makes of a file. */
const readers: Readonly<Record<FormatName, (csv: string, rows: Rows) => unknown>> = {
  production: async (csv) => (await readProductionFile(Buffer.from(csv))).lines,
  returns: async (csv) => (await readReturnsFile(Buffer.from(csv))).lines,
  intervals: (_, rows) => whole(readIntervalRows('sample.csv', rows, span), ({ intervals }) => intervals),
  invoices: (_, rows) => whole(readInvoiceRows('sample.csv', rows), ({ invoices }) => invoices),
};

function whole<R extends { readonly problems: readonly unknown[] }>(reading: R, content: (reading: R) => unknown) {
  if (reading.problems.length > 0) throw new Error('refused');
  return content(reading);
}

async function read(name: FormatName, header: readonly string[], cells: readonly (readonly string[])[]) {
  const csv = [header, ...cells].map((fields) => fields.join(',')).join('\n');
  const rows = cells.map((fields, index) => ({
    line: index + 2,
    cells: Object.fromEntries(fields.map((cell, place) => [header[place] ?? '', cell])),
  }));
  return await readers[name](csv, rows);
}

describe('a column that a file may not lack', () => {
  it.each(formatNames)('of %s is exactly one that the document calls needed', async (name) => {
    const { columns, sample } = vendorFormat(name);
    for (const [at, column] of columns.entries()) {
      const without = (cells: readonly string[]) => cells.filter((_, index) => index !== at);
      const header = without(columns.map((one) => one.header));
      const isRefused = await read(name, header, sample.map(without)).then(
        () => false,
        () => true,
      );
      expect([column.field, isRefused]).toEqual([column.field, column.isNeeded]);
    }
  });
});

describe('another name of a column', () => {
  it.each(formatNames)('of %s that the document gives is understood by the reader', async (name) => {
    const { columns, sample } = vendorFormat(name);
    const header = columns.map((one) => one.header);
    const asAsked = await read(name, header, sample);
    for (const [at, { others }] of columns.entries())
      for (const other of others)
        expect([other, await read(name, header.with(at, other), sample)]).toEqual([other, asAsked]);
  });
});

it('writes documents, template and sample of every format into a folder', async () => {
  const out = join(dir, 'out');
  const context = openContext({
    config: loadConfig({}),
    language: 'ja' as const,
    args: [undefined],
    options: { out },
    wantsJson: false,
    progress: () => {},
    tell: () => {},
    openHome: () => Promise.reject(new Error('formats opens no home')),
  });
  const { text } = await runFormats(context);
  expect(text.split('\n')).toHaveLength(formatNames.length * 4);
  expect(readFileSync(join(out, 'intervals.ja.md'), 'utf8')).toContain('20秒以内応答数');
  await expect(runFormats({ ...context, args: ['invoice'] })).rejects.toMatchObject({ code: 'USAGE_WRONG' });
});
