/**
 * CSV in and out for files of people and of vendors: UTF-8, UTF-8 with BOM, CP932; rows with their line numbers and faults. What is
 * written neutralises formulas, so that no export runs anything in the reader's spreadsheet.
 */
import { createDecoder, decodeLoosely, encodeCp932 } from './cp932.ts';
import { createFormDetector, type TextEncoding } from './csv-detect.ts';
import { type Delimiter, type RecordFault, scanRecords, splitFields } from './csv-scan.ts';

export type CsvRecord = {
  /** 1-based line on which the row begins. */
  readonly line: number;
  /** Of a faulty row: as far as it could be read. */
  readonly fields: string[];
  readonly fault: RecordFault | null;
};

export type CsvOptions = { encoding?: TextEncoding | 'auto'; delimiter?: Delimiter | 'auto' };

const ROWS_PER_BATCH = 2_000;
const faultNames: readonly (RecordFault | null)[] = [null, 'quote', 'too_long'];

/**
 * Rows of a whole file in memory or of chunks (vendor files: a few megabytes). The header is the first row. Blank lines are no rows.
 * Throws ROSTER_UNREADABLE for UTF-16 and old spreadsheets.
 */
export async function* parseCsv(
  source: Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: CsvOptions = {},
): AsyncGenerator<CsvRecord> {
  const chunks: Uint8Array[] = [];
  if (source instanceof Uint8Array) chunks.push(source);
  else for await (const chunk of source) chunks.push(chunk);
  const detector = createFormDetector(options.encoding === 'auto' ? undefined : options.encoding);
  for (const chunk of chunks) detector.add(chunk);
  const form = detector.decide();
  const delimiter =
    options.delimiter === undefined || options.delimiter === 'auto' ? form.delimiter : options.delimiter;
  const decode = createDecoder(form.encoding);
  const plain = dropBytes(form.isCrOnly ? lineFeeds(chunks) : chunks, form.bomBytes);
  for await (const batch of scanRecords(plain, { delimiter, rowsPerBatch: ROWS_PER_BATCH })) {
    for (let index = 0; index < batch.count; index += 1) {
      const bytes = batch.bytes.subarray(batch.starts[index], batch.ends[index]);
      const text = decode(bytes);
      const fault = text === null ? 'undecodable' : (faultNames[batch.faults[index] ?? 0] ?? null);
      yield {
        line: batch.lines[index] ?? 0,
        fields: splitFields(text ?? decodeLoosely(bytes, form.encoding), delimiter),
        fault,
      };
    }
  }
}

/** Leaves out the first bytes of a stream: a byte order mark, or what was read before. */
export function* dropBytes(chunks: Iterable<Uint8Array>, count: number): Generator<Uint8Array> {
  let left = count;
  for (const chunk of chunks) {
    if (left < chunk.length) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

/** Old Macintosh line ends as LF. */
export function* lineFeeds(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const chunk of chunks) yield Uint8Array.from(chunk, (byte) => (byte === 0x0d ? 0x0a : byte));
}

export type CsvCell = string | number | bigint | boolean | null | undefined;

export type CsvFormat = {
  encoding: 'cp932' | 'utf8' | 'utf8-bom';
  /** Quotes every field, as Japanese print houses expect. Default false: only where needed. */
  quoteAll?: boolean;
  /** Puts an apostrophe before text that a spreadsheet would run as a formula. Default true. */
  neutralise?: boolean;
};

const BOM = '\ufeff';
/** Line ends inside fields stay; rows end with CR LF (RFC 4180). */
const ROW_END = '\r\n';

/** Whether a spreadsheet would take the text for a formula (OWASP: CSV injection). */
export function isFormula(text: string): boolean {
  return /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text);
}

/** One row as text with its line end; for streams. */
export function formatCsvRow(
  row: readonly CsvCell[],
  { quoteAll = false, neutralise = true }: Omit<CsvFormat, 'encoding'>,
): string {
  const cells = row.map((cell) => {
    const plain = cell === null || cell === undefined ? '' : String(cell);
    const text = neutralise && typeof cell === 'string' && isFormula(plain) ? `'${plain}` : plain;
    return quoteAll || /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return cells.join(',') + ROW_END;
}

/** A whole file. Throws CHARACTER_UNENCODABLE when CP932 lacks a character: substitute it first, with a person's approval. */
export function formatCsv(rows: Iterable<readonly CsvCell[]>, format: CsvFormat): Buffer {
  let text = '';
  for (const row of rows) text += formatCsvRow(row, format);
  if (format.encoding === 'cp932') return encodeCp932(text);
  return Buffer.from(format.encoding === 'utf8-bom' ? BOM + text : text, 'utf8');
}
