/**
 * Spreadsheets for people (XLSX): typed columns with a Japanese and an English header. Text is always written as text, so a
 * cell can never run as a formula; the same cells give the same bytes.
 */
import writeXlsxFile, { type Cell as XlsxCell } from 'write-excel-file/node';
import type { Cell, SheetColumn } from '../../kernel/table-cell.ts';

export type Sheet = {
  readonly name: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly (readonly Cell[])[];
};

/** Rows of a sheet at most: the writer is not a stream (about 1 KB of memory a row); more rows stay in the CSV alone. */
export const XLSX_ROW_LIMIT = 20_000;

const HEADER = { fontWeight: 'bold', backgroundColor: '#E8EDF3', wrap: true, alignVertical: 'top' } as const;
const EXACT_DIGITS = 15;
const TEXT_CELL_LIMIT = 32_767;

/** The bytes of a workbook. Instants are shown in Japanese time. Throws RangeError past XLSX_ROW_LIMIT. */
export async function writeXlsx(sheets: readonly Sheet[]): Promise<Buffer> {
  const drawn = sheets.map((sheet) => {
    if (sheet.rows.length > XLSX_ROW_LIMIT) throw new RangeError(`more than ${XLSX_ROW_LIMIT} rows in ${sheet.name}`);
    return {
      sheet: sheet.name,
      columns: sheet.columns.map((column) => ({ width: column.width ?? defaultWidth(column) })),
      stickyRowsCount: 2,
      data: [
        sheet.columns.map((column): XlsxCell => ({ ...HEADER, value: column.ja, type: String })),
        sheet.columns.map((column): XlsxCell => ({ ...HEADER, value: column.en, type: String })),
        ...sheet.rows.map((row) => sheet.columns.map((column, at) => drawCell(column, row[at] ?? null))),
      ],
    };
  });
  const bytes = await writeXlsxFile(drawn).toBuffer();
  return fixTimes(bytes);
}

function defaultWidth(column: SheetColumn): number {
  return { text: 24, integer: 12, yen: 16, day: 12, instant: 20 }[column.kind];
}

function drawCell(column: SheetColumn, cell: Cell): XlsxCell {
  if (cell === null) return null;
  if (cell instanceof Date) {
    // Spreadsheets know no time zone: the wall clock of Japan is written as if it were UTC.
    return { value: new Date(cell.getTime() + 9 * 3_600_000), type: Date, format: 'yyyy-mm-dd hh:mm:ss' };
  }
  if (column.kind === 'day' && typeof cell === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(cell)) {
    return { value: new Date(`${cell}T00:00:00Z`), type: Date, format: 'yyyy-mm-dd' };
  }
  const isNumeric = column.kind === 'yen' || column.kind === 'integer';
  const text = String(cell);
  if (isNumeric && /^-?\d+(\.\d+)?$/.test(text) && text.replace(/\D/g, '').length <= EXACT_DIGITS) {
    return { value: Number(text), type: Number, format: text.includes('.') ? '#,##0.0000' : '#,##0' };
  }
  return { value: text.slice(0, TEXT_CELL_LIMIT), type: String, wrap: true, alignVertical: 'top' };
}

/** The writer stamps its ZIP entries with the clock; the DOS epoch instead makes equal sheets equal bytes. */
function fixTimes(bytes: Buffer): Buffer {
  const end = bytes.lastIndexOf(Buffer.from('504b0506', 'hex'));
  const count = bytes.readUInt16LE(end + 10);
  let record = bytes.readUInt32LE(end + 16);
  for (let n = 0; n < count; n += 1) {
    const header = bytes.readUInt32LE(record + 42);
    bytes.writeUInt32LE(DOS_EPOCH, record + 12);
    bytes.writeUInt32LE(DOS_EPOCH, header + 10);
    record += 46 + bytes.readUInt16LE(record + 28) + bytes.readUInt16LE(record + 30) + bytes.readUInt16LE(record + 32);
  }
  return bytes;
}
const DOS_EPOCH = 0x21 << 16;
