/** Reads the form and the header of a roster before anything is stored, and holds an interrupted import to how it began. */
import { AppError } from '../kernel/errors.ts';
import { createDecoder } from '../platform/formats/cp932.ts';
import { scanRecords, splitFields } from '../platform/formats/csv-scan.ts';
import type { ImportInput, ImportResult } from './import-input.ts';
import type { ImportRow } from './import-store.ts';
import { type ColumnReading, type MappingFile, resolveColumns } from './roster/column-mapping.ts';
import { type OpenRoster, openRoster } from './roster/open-roster.ts';
import { itemForm } from './roster/read-person.ts';

/** How the file is read, stored with the import: positions and settings, nothing of anyone. */
export type RosterReading = {
  reading: ColumnReading;
  encoding: 'utf8' | 'cp932';
  delimiter: ',' | ';' | '\t';
  defaultItems: readonly string[];
};

export type PreparedRoster = {
  roster: OpenRoster;
  headers: readonly string[];
  how: RosterReading;
  dataOffset: number;
  dataLine: number;
};

/** Reads form and header; opens no database. */
export async function prepareRoster(input: ImportInput, mapping: MappingFile): Promise<PreparedRoster> {
  const roster = await openRoster(input.file, input.encoding ?? mapping.encoding);
  const { form } = roster;
  const scan = scanRecords(roster.read(0), {
    delimiter: form.delimiter,
    rowsPerBatch: 1,
    offset: form.bomBytes,
    countRows: roster.isSpreadsheet,
  });
  const first = (await scan.next()).value;
  await scan.return(undefined);
  if (!first) throw new AppError('ROSTER_UNREADABLE.noRows', { file: input.file });
  const text = createDecoder(form.encoding)(first.bytes.subarray(first.starts[0], first.ends[0]));
  if (text === null) throw new AppError('ROSTER_UNREADABLE.encoding', { file: input.file });
  const headers = splitFields(text, form.delimiter);
  const reading = resolveColumns(headers, mapping);
  const defaultItems = [...(input.items ?? input.incidentItems?.map((item) => item.code) ?? [])].sort();
  assertItemsKnown(input, reading, defaultItems);
  return {
    roster,
    headers: reading.hasHeader ? headers : headers.map((_, index) => String(index + 1)),
    how: { reading, encoding: form.encoding, delimiter: form.delimiter, defaultItems },
    dataOffset: reading.hasHeader ? first.nextOffset : form.bomBytes,
    dataLine: reading.hasHeader ? first.nextLine : 1,
  };
}

/** Item codes of mapping and options must exist, or everyone would be told nonsense. */
function assertItemsKnown(input: ImportInput, reading: ColumnReading, defaultItems: readonly string[]): void {
  if (input.incidentItems === undefined) return;
  const known = new Set(input.incidentItems.map((item) => item.code));
  const given = [...defaultItems, ...Object.keys(reading.itemColumns), ...Object.values(reading.itemWords)];
  const unknown = given.filter((code) => !known.has(code));
  if (unknown.length === 0) return;
  throw new AppError('MAPPING_INVALID.item', { unknown: unknown.join(', '), known: [...known].join(', ') });
}

/** An interrupted import goes on exactly as it began. */
export function assertSameReading(current: ImportRow, now: RosterReading): RosterReading {
  const begun = current.reading as RosterReading;
  const same = (a: RosterReading, b: RosterReading) =>
    itemForm(JSON.stringify(sorted(a))) === itemForm(JSON.stringify(sorted(b)));
  if (same(begun, now)) return now;
  throw new AppError('MAPPING_INVALID.begun');
}

/** jsonb does not keep the order of keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** Which column was read as what, for showing. */
export function describeReading({
  headers,
  how,
  roster,
}: PreparedRoster): Pick<ImportResult, 'columns' | 'ignoredColumns' | 'encoding'> {
  const { columns, itemColumns } = how.reading;
  const read = new Set([...Object.values(columns), ...Object.values(itemColumns)]);
  const named = [...Object.entries(columns), ...Object.entries(itemColumns)].map(([field, index]) => [
    field,
    headers[index] ?? '',
  ]);
  return {
    columns: Object.fromEntries(named),
    ignoredColumns: headers.filter((header, index) => !read.has(index) && header.trim() !== ''),
    encoding: roster.isSpreadsheet
      ? 'xlsx'
      : how.encoding === 'utf8' && roster.form.bomBytes === 3
        ? 'utf8-bom'
        : how.encoding,
  };
}
