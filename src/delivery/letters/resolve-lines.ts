/** Finds the piece that each line of a vendor's file means; lines that mean none of ours are reported by number. */
import type { Db } from '../../platform/postgres/db.ts';
import type { PieceCode } from './piece-code.ts';
import { listPieceOutcomes, listPiecesByNumber, type Piece, type PieceEventKind } from './piece-store.ts';
import type { LineProblem } from './vendor-file.ts';

export type ResolvedLine<L> = { line: L; piece: Piece; outcomes: ReadonlySet<PieceEventKind> };

const NONE: ReadonlySet<PieceEventKind> = new Set();

/** Without a print number a line means the newest print of its notice. */
export async function resolveLines<L extends { line: number; text: string; code: PieceCode }>(
  db: Db,
  campaignId: string,
  lines: readonly L[],
): Promise<{ resolved: ResolvedLine<L>[]; problems: LineProblem[] }> {
  const pieces = await listPiecesByNumber(db, campaignId, [...new Set(lines.map((line) => line.code.noticeNumber))]);
  const outcomes = await listPieceOutcomes(
    db,
    pieces.map((piece) => piece.id),
  );
  const prints = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const known = prints.get(piece.noticeNumber) ?? [];
    known.push(piece);
    prints.set(piece.noticeNumber, known);
  }
  const resolved: ResolvedLine<L>[] = [];
  const problems: LineProblem[] = [];
  for (const line of lines) {
    const own = prints.get(line.code.noticeNumber) ?? [];
    const piece = line.code.cycle === null ? own.at(-1) : own.find((found) => found.cycle === line.code.cycle);
    if (piece) resolved.push({ line, piece, outcomes: outcomes.get(piece.id) ?? NONE });
    else problems.push({ line: line.line, code: 'PIECE_UNKNOWN', text: line.text.slice(0, 60) });
  }
  return { resolved, problems };
}
