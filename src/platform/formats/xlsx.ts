/**
 * Reads the first sheet of an XLSX file as CSV, so that spreadsheets take the same path as text files. Sheets are read whole, so the
 * number of rows is limited; one row of the sheet is one row of the CSV, empty ones included, so that row numbers agree with what Excel shows.
 */
import { stat } from 'node:fs/promises';
import readXlsxFile from 'read-excel-file/node';
import { AppError } from '../../kernel/errors.ts';
import { formatCsvRow } from './csv.ts';

/** Rows of a sheet that fit in memory and time (50,000 rows take about 2 s and 200 MB); more belong into a CSV file. */
export const XLSX_READ_ROWS_MAX = 50_000;
/** An XLSX is a zip: a small file can hold a huge sheet. */
const XLSX_BYTES_MAX = 40 * 1024 * 1024;

/**
 * UTF-8 CSV of the first sheet. Days become 2026-11-21, numbers their plain digits (leading zeros that the sheet never had cannot come
 * back here). Throws ROSTER_UNREADABLE, or ROSTER_TOO_LONG above the limit.
 */
export async function readXlsxAsCsv(path: string): Promise<Buffer> {
  const { size } = await stat(path);
  if (size > XLSX_BYTES_MAX)
    throw new AppError('ROSTER_TOO_LONG.bytes', { file: path, megabytes: XLSX_BYTES_MAX / 1024 / 1024 });
  const sheet = await readSheet(path);
  if (sheet.length > XLSX_READ_ROWS_MAX + 1)
    throw new AppError('ROSTER_TOO_LONG.rows', { file: path, rows: sheet.length, limit: XLSX_READ_ROWS_MAX });
  const parts: string[] = [];
  for (const row of sheet) {
    const isEmpty = row.every((cell) => cell === null);
    parts.push(isEmpty ? '\r\n' : formatCsvRow(row.map(cellText), { neutralise: false }));
  }
  return Buffer.from(parts.join(''), 'utf8');
}

type Cell = string | boolean | Date | null;

/** Numbers stay the digits of the file: a customer number of 17 digits would lose its last ones as a number. */
async function readSheet(path: string): Promise<Cell[][]> {
  try {
    const parseNumber = (digits: string): string => (/e/i.test(digits) ? String(Number(digits)) : digits);
    const sheets = await readXlsxFile(path, { trim: false, parseNumber });
    return (sheets[0]?.data ?? []) as unknown as Cell[][];
  } catch (cause) {
    throw new AppError('ROSTER_UNREADABLE.xlsx', { file: path }, { cause });
  }
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  return String(cell);
}
