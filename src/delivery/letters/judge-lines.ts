/** Finds and judges the lines of a file against the database: which are new, which are on record, which are questions. */
import { campaignAftermath, campaignSpan } from '../../campaign/campaign-span.ts';
import type { Day } from '../../kernel/calendar.ts';
import type { App } from '../../platform/app.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Print } from './find-print.ts';
import { judgeProductionLine, judgeReturnLine, type LineVerdict, postedPrint, repeatedPrint } from './judge-line.ts';
import type { PieceCode } from './piece-code.ts';
import { type ResolvedLine, resolveLines } from './resolve-lines.ts';
import type { CardOutcome, LineCells, LineFault, ProductionLine, ReturnLine } from './vendor-file.ts';
import { listPostings } from './vendor-store.ts';

/** A line that says something new of its print. */
export type FreshLine<L> = ResolvedLine<L> & { card: CardOutcome };
export type JudgedLines<L> = { fresh: FreshLine<L>[]; faults: LineFault[]; usable: LineCells[] };

type JudgingApp = Pick<App, 'pool' | 'keys' | 'clock'>;
type AnyLine = { line: number; code: PieceCode; day: Day; cells: LineCells };

/** `db` may be the transaction that will record them. */
export async function judgeProductionLines(
  app: JudgingApp,
  db: Db,
  campaignId: string,
  lines: readonly ProductionLine[],
): Promise<JudgedLines<ProductionLine>> {
  const { resolved, faults } = await resolveLines(db, campaignId, lines, repeatedPrint);
  const bounds = { now: app.clock(), campaign: await campaignSpan(app, campaignId) };
  const slipDays = new Map((await listPostings(db, campaignId)).map((slip) => [slip.slipNumber, slip.postedOn]));
  const judged = judgeEach(resolved, saysOfProduction, (line, print) =>
    judgeProductionLine(line, print, bounds, slipDays.get(line.slipNumber) ?? null),
  );
  const torn = findTornSlips(judged.fresh);
  const isTorn = ({ line }: FreshLine<ProductionLine>) => line.status === 'posted' && torn.has(line.slipNumber);
  const tornCells = new Set(judged.fresh.filter(isTorn).map(({ line }) => line.cells));
  return {
    fresh: judged.fresh.filter((line) => !isTorn(line)),
    faults: [
      ...faults,
      ...judged.faults,
      ...judged.fresh.filter(isTorn).map(({ line }) => faultOf(line, 'POSTING_DIFFERS' as const)),
    ],
    usable: judged.usable.filter((cells) => !tornCells.has(cells)),
  };
}

export async function judgeReturnLines(
  app: JudgingApp,
  db: Db,
  campaignId: string,
  lines: readonly ReturnLine[],
): Promise<JudgedLines<ReturnLine>> {
  const { resolved, faults } = await resolveLines(db, campaignId, lines, postedPrint);
  const bounds = { now: app.clock(), campaign: await campaignAftermath(app, campaignId) };
  const judged = judgeEach(resolved, saysOfReturn, (line, print) => judgeReturnLine(line, print, bounds));
  return { ...judged, faults: [...faults, ...judged.faults] };
}

const saysOfProduction = (line: ProductionLine) => [line.status, line.day, line.slipNumber, line.card].join('|');
const saysOfReturn = (line: ReturnLine) => [line.reason, line.day, line.card].join('|');

const faultOf = (line: AnyLine, code: LineFault['code']): LineFault => ({ line: line.line, code, cells: line.cells });

/** Two lines of one file that say different things of one piece are both questions: neither is believed. */
function judgeEach<L extends AnyLine>(
  resolved: readonly ResolvedLine<L>[],
  saysOf: (line: L) => string,
  judge: (line: L, print: Print) => LineVerdict<L>,
): JudgedLines<L> {
  const said = new Map<string, Set<string>>();
  for (const { line, print } of resolved) {
    const sayings = said.get(print.piece.id) ?? new Set();
    said.set(print.piece.id, sayings.add(saysOf(line)));
  }
  const judged: JudgedLines<L> = { fresh: [], faults: [], usable: [] };
  for (const { line, print } of resolved) {
    const isTwofold = (said.get(print.piece.id)?.size ?? 0) > 1;
    const verdict = judge(line, print);
    if (verdict.kind === 'problem') judged.faults.push(faultOf(line, verdict.code));
    else if (verdict.kind === 'new' && isTwofold) judged.faults.push(faultOf(line, 'CONTRADICTION'));
    else judged.usable.push(line.cells);
    if (verdict.kind === 'new' && !isTwofold) judged.fresh.push({ line, print, card: verdict.card });
  }
  return judged;
}

/** Slips that one file gives two days: which of them the post stamped is for somebody to say. */
function findTornSlips(fresh: readonly FreshLine<ProductionLine>[]): Set<string> {
  const days = new Map<string, Day>();
  const torn = new Set<string>();
  for (const { line } of fresh) {
    if (line.status !== 'posted') continue;
    if ((days.get(line.slipNumber) ?? line.day) !== line.day) torn.add(line.slipNumber);
    days.set(line.slipNumber, line.day);
  }
  return torn;
}
