/**
 * Tables of the bundle: one definition of columns gives the CSV, the spreadsheet and the dictionary of columns, so the three
 * cannot disagree. Cells that a spreadsheet would run as a formula are neutralised.
 */
import type { Cell, SheetColumn } from '../../kernel/table-cell.ts';

/** `key` is the CSV header and stays for ever; the names are for people. Yen cells are whole yen or a decimal string. */
export type Column = SheetColumn & { readonly key: string };
export type TableRow = readonly Cell[];
export type TableRows = AsyncIterable<TableRow> | Iterable<TableRow>;

const BYTE_ORDER_MARK = '\uFEFF';
const LINE_END = '\r\n';
const ROWS_PER_CHUNK = 500;

/** A cell of text that starts like a formula (OWASP: = + - @, tab, return) gets an apostrophe, which spreadsheets hide. */
export function neutralise(text: string): string {
  return /^'*[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text;
}

/** The text that `neutralise` was given. */
export function restore(text: string): string {
  return text.replace(/^'(?='*[=+\-@\t\r＝＋－＠])/, '');
}

/** Dates as ISO 8601: an instant in UTC, a day as it is. Numbers are never neutralised, so that -1 stays a number. */
export function formatCell(column: Column, cell: Cell): string {
  if (cell === null) return '';
  if (cell instanceof Date) return cell.toISOString();
  if (typeof cell !== 'string') return String(cell);
  return column.kind === 'yen' && /^-?\d+(\.\d+)?$/.test(cell) ? cell : neutralise(cell);
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function formatLine(texts: readonly string[]): string {
  return texts.map(quote).join(',') + LINE_END;
}

/** UTF-8 with byte order mark (Excel in Japan needs it), CRLF, header of column keys. Streams. */
export async function* formatCsvTable(columns: readonly Column[], rows: TableRows): AsyncGenerator<string> {
  let chunk = BYTE_ORDER_MARK + formatLine(columns.map((column) => column.key));
  let held = 0;
  for await (const row of rows) {
    chunk += formatLine(columns.map((column, at) => formatCell(column, row[at] ?? null)));
    held += 1;
    if (held < ROWS_PER_CHUNK) continue;
    yield chunk;
    chunk = '';
    held = 0;
  }
  if (chunk !== '') yield chunk;
}

/** Reads back what `formatCsvTable` wrote: the header's keys, then one array per record. Undoes the apostrophe nowhere. */
export function parseTable(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quoted = false;
  const source = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  for (let at = 0; at < source.length; at += 1) {
    const letter = source[at];
    if (quoted) {
      if (letter !== '"') field += letter;
      else if (source[at + 1] === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === ',') {
      record.push(field);
      field = '';
    } else if (letter === '\n') {
      records.push([...record, field]);
      record = [];
      field = '';
    } else if (letter !== '\r') field += letter;
  }
  return records;
}
