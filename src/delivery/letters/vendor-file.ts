/**
 * Reads what a print house or the post's returns desk sends back: CSV with a header in Japanese or English, any order of columns. A line that
 * cannot be read becomes a problem with its number; nothing is skipped in silence.
 */
import type { ReturnReason } from '../../journal/driver.ts';
import { isDay } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import { parseCsv } from '../../platform/formats/csv.ts';
import { type PieceCode, readPieceCode } from './piece-code.ts';
import { readReturnReason } from './return-reason.ts';
import { isPostOffice, isSlipNumber } from './slip-words.ts';

/** `code` says what is wrong with the line; `text` is the piece number as it stands there, never a name. */
export type LineProblem = { line: number; code: LineProblemCode; text: string };
export const lineProblemCodes = [
  'UNREADABLE',
  'PIECE_UNREADABLE',
  'PIECE_UNKNOWN',
  'STATUS_UNKNOWN',
  'DATE_INVALID',
  'SLIP_MISSING',
  'SLIP_INVALID',
  'OFFICE_INVALID',
  'REASON_UNKNOWN',
  'CONTRADICTION',
  'NOT_POSTED',
  'POSTING_DIFFERS',
] as const;
export type LineProblemCode = (typeof lineProblemCodes)[number];

/** What became of the card in a spoiled or returned letter. */
export type CardOutcome = 'none' | 'back' | 'spoiled' | 'lost';

export type ProductionLine = {
  line: number;
  text: string;
  code: PieceCode;
  status: 'posted' | 'spoiled';
  day: string;
  slipNumber: string;
  postOffice: string;
  card: CardOutcome;
};
export type ReturnLine = {
  line: number;
  text: string;
  code: PieceCode;
  day: string;
  reason: ReturnReason;
  card: CardOutcome;
};
export type Reading<L> = { lines: L[]; problems: LineProblem[]; lineCount: number };

const COLUMNS = {
  piece: ['管理番号', '通知番号', 'コード', 'piece', 'piece_no', 'number'],
  status: ['状態', '処理結果', 'ステータス', 'status'],
  day: ['処理日', '差出日', '返戻日', '日付', 'date'],
  slip: ['差出票番号', '差出票', 'slip', 'slip_no'],
  office: ['引受郵便局', '差出局', '郵便局', 'post_office', 'office'],
  card: ['カード', '同封カード', 'card'],
  reason: ['返戻理由', '事由', '理由', 'reason'],
} as const;
type Column = keyof typeof COLUMNS;
type Cells = { line: number; get: (column: Column) => string };

const STATUSES: readonly [RegExp, ProductionLine['status']][] = [
  [/^(投函|差出|発送|引受)(済|済み)?$|^posted$/iu, 'posted'],
  [/^(損紙|損|破損|不良|ヤレ|汚損)$|^spoiled$/iu, 'spoiled'],
];
const CARDS: readonly [RegExp, CardOutcome][] = [
  [/^(回収|在庫戻し|戻し|戻)$|^back$/iu, 'back'],
  [/^(損|破損|不良)$|^spoiled$/iu, 'spoiled'],
  [/^(紛失|なし.*|欠)$|^(lost|missing)$/iu, 'lost'],
];

/** The print house's return file. Throws VENDOR_FILE_INVALID when a needed column is missing. */
export async function readProductionFile(data: Uint8Array): Promise<Reading<ProductionLine>> {
  return await readLines(data, ['piece', 'status', 'day'], (cells, problem) => {
    const common = readCommon(cells, problem);
    const status = match(STATUSES, cells.get('status'));
    if (!status) return problem('STATUS_UNKNOWN');
    if (!common) return null;
    const slipNumber = cells.get('slip').normalize('NFKC');
    const postOffice = cells.get('office').normalize('NFKC');
    if (status === 'posted' && slipNumber === '') return problem('SLIP_MISSING');
    if (slipNumber !== '' && !isSlipNumber(slipNumber)) return problem('SLIP_INVALID');
    if (!isPostOffice(postOffice)) return problem('OFFICE_INVALID');
    return { ...common, status, slipNumber, postOffice };
  });
}

/** The list of letters that came back. Throws VENDOR_FILE_INVALID when a needed column is missing. */
export async function readReturnsFile(data: Uint8Array): Promise<Reading<ReturnLine>> {
  return await readLines(data, ['piece', 'reason', 'day'], (cells, problem) => {
    const common = readCommon(cells, problem);
    const reason = readReturnReason(cells.get('reason'));
    if (!reason) return problem('REASON_UNKNOWN');
    return common ? { ...common, reason } : null;
  });
}

type Report = (code: LineProblemCode) => null;

function readCommon(cells: Cells, problem: Report) {
  const text = cells.get('piece');
  const code = readPieceCode(text);
  if (!code) return problem('PIECE_UNREADABLE');
  const day = readDay(cells.get('day'));
  if (!day) return problem('DATE_INVALID');
  const card = match(CARDS, cells.get('card')) ?? ('none' as const);
  return { line: cells.line, text, code, day, card };
}

async function readLines<L>(
  data: Uint8Array,
  needed: readonly Column[],
  read: (cells: Cells, problem: Report) => L | null,
): Promise<Reading<L>> {
  const reading: Reading<L> = { lines: [], problems: [], lineCount: 0 };
  let places: Map<Column, number> | null = null;
  for await (const record of parseCsv(data)) {
    if (!places) {
      places = findColumns(record.fields, needed);
      continue;
    }
    const columns = places;
    reading.lineCount += 1;
    const get = (column: Column) => (record.fields[columns.get(column) ?? -1] ?? '').trim();
    const report = (code: LineProblemCode): null => {
      // One line, one problem: the first that was found.
      if (reading.problems.at(-1)?.line !== record.line) {
        reading.problems.push({ line: record.line, code, text: pieceText(get('piece')) });
      }
      return null;
    };
    if (record.fault !== null) report('UNREADABLE');
    else {
      const line = read({ line: record.line, get }, report);
      if (line) reading.lines.push(line);
    }
  }
  if (!places) throw new AppError('VENDOR_FILE_INVALID', 'the file is empty');
  return reading;
}

/** A shifted column may hold a name there; only what can be a number is repeated to whoever loads the file. */
function pieceText(text: string): string {
  const plain = text.normalize('NFKC');
  return /^(?=.*\d)[A-Za-z0-9 ./-]{1,60}$/.test(plain) ? plain : '';
}

function findColumns(header: readonly string[], needed: readonly Column[]): Map<Column, number> {
  const names = header.map((name) => name.normalize('NFKC').trim().toLowerCase());
  const places = new Map<Column, number>();
  for (const [column, aliases] of Object.entries(COLUMNS) as [Column, readonly string[]][]) {
    const place = names.findIndex((name) => aliases.includes(name));
    if (place >= 0) places.set(column, place);
  }
  const missing = needed.filter((column) => !places.has(column));
  if (missing.length > 0) {
    const wanted = missing.map((column) => COLUMNS[column][0]).join(', ');
    throw new AppError('VENDOR_FILE_INVALID', `the file has no column ${wanted}`, {
      hint: 'Ask the sender for the agreed header line.',
    });
  }
  return places;
}

function match<T>(table: readonly [RegExp, T][], text: string): T | null {
  const plain = text.normalize('NFKC').trim();
  return table.find(([pattern]) => pattern.test(plain))?.[1] ?? null;
}

/** 2026-11-24, 2026/11/24, 20261124 or 2026年11月24日; null when it is no day. */
function readDay(text: string): string | null {
  const parts = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?$/u.exec(text.normalize('NFKC').trim());
  if (!parts) return null;
  const day = `${parts[1]}-${parts[2]?.padStart(2, '0')}-${parts[3]?.padStart(2, '0')}`;
  return isDay(day) ? day : null;
}
