/**
 * Reads what a print house or the post's returns desk sends back: CSV with a header in Japanese or English, any order of columns. A line that
 * cannot be read becomes a problem with its number; nothing is skipped in silence.
 */
import type { ReturnReason } from '../../journal/driver.ts';
import { type Day, readDay } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import { parseCsv } from '../../platform/formats/csv.ts';
import { type PieceCode, readPieceCode } from './piece-code.ts';
import { readReturnReason } from './return-reason.ts';
import { isPostOffice, isSlipNumber } from './slip-words.ts';

/** A line that cannot be used as it is, with all it says; for the store only, because a shifted column may hold a name. */
export type LineFault = { line: number; code: LineProblemCode; cells: LineCells };
export const lineProblemCodes = [
  'UNREADABLE',
  'PIECE_UNREADABLE',
  'PIECE_UNKNOWN',
  'PIECE_AMBIGUOUS',
  'PIECE_DISAGREES',
  'STATUS_UNKNOWN',
  'DATE_INVALID',
  'DAY_FUTURE',
  'DAY_BEFORE_CAMPAIGN',
  'DAY_AFTER_CAMPAIGN',
  'DAY_BEFORE_CAUSE',
  'SLIP_MISSING',
  'SLIP_INVALID',
  'OFFICE_INVALID',
  'REASON_UNKNOWN',
  'CARD_UNKNOWN',
  'CONTRADICTION',
  'NOT_POSTED',
  'POSTING_DIFFERS',
] as const;
export type LineProblemCode = (typeof lineProblemCodes)[number];

/** What a file may say of the card. `untold`: an empty field; `unknown`: a word that is not in the table. */
export type CardWord = 'untold' | 'none' | 'inside' | 'back' | 'spoiled' | 'lost' | 'unknown';
/** What became of the card; `none`: nothing moves. */
export type CardOutcome = 'none' | 'back' | 'spoiled' | 'lost';

type CommonLine = { line: number; code: PieceCode; day: Day; card: CardWord; cells: LineCells };
export type ProductionLine = CommonLine & { status: 'posted' | 'spoiled'; slipNumber: string; postOffice: string };
export type ReturnLine = CommonLine & { reason: ReturnReason };
export type VendorFileReading<L> = { lines: L[]; faults: LineFault[]; lineCount: number };

/** Headers by field, the name that we ask for first. */
const sharedColumns = {
  piece: ['管理番号', '通知番号', 'コード', 'piece', 'piece_no', 'number'],
  status: ['状態', '処理結果', 'ステータス', 'status'],
  slip: ['差出票番号', '差出票', 'slip', 'slip_no'],
  office: ['引受郵便局', '差出局', '郵便局', 'post_office', 'office'],
  card: ['カード', '同封カード', 'card'],
  reason: ['返戻理由', '事由', '理由', 'reason'],
} as const;
export type LineColumn = 'piece' | 'status' | 'day' | 'slip' | 'office' | 'card' | 'reason';
/** In the order in which the words of a question are kept. */
export const lineColumns: readonly LineColumn[] = ['piece', 'status', 'day', 'slip', 'office', 'card', 'reason'];

/** What one kind of file has: its headers by field, the fields that mean something in it, and those without which it is refused. */
type VendorLayout = {
  readonly columns: Readonly<Record<LineColumn, readonly string[]>>;
  readonly fields: readonly LineColumn[];
  readonly needs: readonly LineColumn[];
};
export const productionLayout: VendorLayout = {
  columns: { ...sharedColumns, day: ['処理日', '差出日', '日付', 'date'] },
  fields: ['piece', 'status', 'day', 'slip', 'office', 'card'],
  needs: ['piece', 'status', 'day'],
};
/** The day of posting (差出日) often stands in such a list too: it is never the day on which the letter came back. */
export const returnsLayout: VendorLayout = {
  columns: { ...sharedColumns, day: ['返戻日', '処理日', '日付', 'date'] },
  fields: ['piece', 'day', 'reason', 'card'],
  needs: ['piece', 'reason', 'day'],
};
/** What a line says, by column; a column that the file does not have is absent. They may hold somebody's name when a column is shifted. */
export type LineCells = Readonly<Partial<Record<LineColumn, string>>>;

const STATUSES: readonly [RegExp, ProductionLine['status']][] = [
  [/^(投函|差出|発送|引受)(済|済み)?$|^posted$/iu, 'posted'],
  [/^(損紙|損|破損|不良|ヤレ|汚損)$|^spoiled$/iu, 'spoiled'],
];
const CARDS: readonly [RegExp, CardWord][] = [
  [/^$/u, 'untold'],
  [/^(なし|無し?|封入なし|同封なし)$|^none$/iu, 'none'],
  [/^(同封|同封済み?|封入|封入済み?|あり|有り?)$|^inside$/iu, 'inside'],
  [/^(回収|在庫戻し|戻し|戻)$|^back$/iu, 'back'],
  [/^(損|破損|不良)$|^spoiled$/iu, 'spoiled'],
  [/^(紛失|欠)$|^(lost|missing)$/iu, 'lost'],
];

export type LineReading<L> =
  | { readonly kind: 'line'; readonly line: L }
  | { readonly kind: 'problem'; readonly code: LineProblemCode };
type LineReader<L> = (cells: LineCells, line: number) => LineReading<L>;

const problem = (code: LineProblemCode) => ({ kind: 'problem', code }) as const;

/** The print house's return file. Throws VENDOR_FILE_INVALID when a needed column is missing or there twice. */
export async function readProductionFile(data: Uint8Array): Promise<VendorFileReading<ProductionLine>> {
  return await readLines(data, productionLayout, readProductionLine);
}

/** The list of letters that came back. Throws VENDOR_FILE_INVALID when a needed column is missing or there twice. */
export async function readReturnsFile(data: Uint8Array): Promise<VendorFileReading<ReturnLine>> {
  return await readLines(data, returnsLayout, readReturnLine);
}

/** One line of the print house's file. One line, one problem: the first that was found. */
export function readProductionLine(cells: LineCells, line: number): LineReading<ProductionLine> {
  const common = readCommon(cells, line);
  if (common.kind === 'problem') return common;
  const status = match(STATUSES, cells.status ?? '');
  if (!status) return problem('STATUS_UNKNOWN');
  const slipNumber = (cells.slip ?? '').normalize('NFKC');
  const postOffice = (cells.office ?? '').normalize('NFKC');
  if (status === 'posted' && slipNumber === '') return problem('SLIP_MISSING');
  if (slipNumber !== '' && !isSlipNumber(slipNumber)) return problem('SLIP_INVALID');
  if (!isPostOffice(postOffice)) return problem('OFFICE_INVALID');
  return { kind: 'line', line: { ...common.line, status, slipNumber, postOffice } };
}

/** One line of the list of letters that came back. */
export function readReturnLine(cells: LineCells, line: number): LineReading<ReturnLine> {
  const common = readCommon(cells, line);
  if (common.kind === 'problem') return common;
  const reason = readReturnReason(cells.reason ?? '');
  return reason ? { kind: 'line', line: { ...common.line, reason } } : problem('REASON_UNKNOWN');
}

function readCommon(cells: LineCells, line: number): LineReading<CommonLine> {
  const code = readPieceCode(cells.piece ?? '');
  if (!code) return problem('PIECE_UNREADABLE');
  const day = readDay(cells.day ?? '');
  if (!day) return problem('DATE_INVALID');
  return { kind: 'line', line: { line, code, day, card: match(CARDS, cells.card ?? '') ?? 'unknown', cells } };
}

async function readLines<L>(
  data: Uint8Array,
  layout: VendorLayout,
  read: LineReader<L>,
): Promise<VendorFileReading<L>> {
  const reading: VendorFileReading<L> = { lines: [], faults: [], lineCount: 0 };
  let places: Map<LineColumn, number> | null = null;
  for await (const { line, fields, fault } of parseCsv(data)) {
    if (!places) {
      places = findColumns(fields, layout);
      continue;
    }
    reading.lineCount += 1;
    const cells = Object.fromEntries([...places].map(([column, place]) => [column, (fields[place] ?? '').trim()]));
    const answer = fault === null ? read(cells, line) : problem('UNREADABLE');
    if (answer.kind === 'line') reading.lines.push(answer.line);
    else reading.faults.push({ line, code: answer.code, cells });
  }
  if (!places) throw new AppError('VENDOR_FILE_INVALID.empty');
  return reading;
}

/** A shifted column may hold a name where the piece's number belongs; only what can be a number is repeated to whoever loads the file. */
export function pieceText(cells: LineCells): string {
  const plain = (cells.piece ?? '').normalize('NFKC');
  return /^(?=.*\d)[A-Za-z0-9 ./-]{1,60}$/.test(plain) ? plain : '';
}

function findColumns(header: readonly string[], layout: VendorLayout): Map<LineColumn, number> {
  const names = header.map((name) => name.normalize('NFKC').trim().toLowerCase());
  const places = new Map<LineColumn, number>();
  for (const column of lineColumns) {
    const found = names.flatMap((name, place) => (layout.columns[column].includes(name) ? [place] : []));
    const [first] = found;
    if (first === undefined) continue;
    if (found.length > 1 && layout.fields.includes(column)) {
      const columns = found.map((place) => header[place]?.trim()).join(', ');
      throw new AppError('VENDOR_FILE_INVALID.twice', { columns, wanted: layout.columns[column][0] ?? column });
    }
    places.set(column, first);
  }
  const missing = layout.needs.filter((column) => !places.has(column));
  if (missing.length > 0) {
    const wanted = missing.map((column) => layout.columns[column][0]).join(', ');
    throw new AppError('VENDOR_FILE_INVALID.column', { columns: wanted });
  }
  return places;
}

function match<T>(table: readonly [RegExp, T][], text: string): T | null {
  const plain = text.normalize('NFKC').trim();
  return table.find(([pattern]) => pattern.test(plain))?.[1] ?? null;
}
