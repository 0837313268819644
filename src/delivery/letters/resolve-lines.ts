/** Finds the print that each line of a vendor's file means, with what is on record of it; lines that mean none of ours are faults. */
import { toDay } from '../../kernel/calendar.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { listCardStates } from '../gifts/gift-store.ts';
import { findPrint, type Print } from './find-print.ts';
import { listLots } from './lot-store.ts';
import type { PieceCode } from './piece-code.ts';
import { listPieceRecords, listPiecesByNumber } from './piece-store.ts';
import type { LineCells, LineFault } from './vendor-file.ts';

export type ResolvedLine<L> = { line: L; print: Print };

/** Every print of these notice numbers, by number, in the order of printing. */
export async function listPrints(
  db: Db,
  campaignId: string,
  numbers: readonly string[],
): Promise<Map<string, Print[]>> {
  const pieces = await listPiecesByNumber(db, campaignId, [...new Set(numbers)]);
  const ids = pieces.map((piece) => piece.id);
  const records = await listPieceRecords(db, ids);
  const cards = await listCardStates(db, ids);
  const lots = new Map((await listLots(db, campaignId)).map((lot) => [lot.id, lot]));
  const prints = new Map<string, Print[]>();
  for (const piece of pieces) {
    const lot = lots.get(piece.lotId);
    if (!lot) continue;
    const print: Print = {
      piece,
      lotNumber: lot.number,
      formedOn: toDay(lot.formedAt),
      record: records.get(piece.id) ?? new Map(),
      card: cards.get(piece.id) ?? null,
    };
    const known = prints.get(piece.noticeNumber);
    if (known) known.push(print);
    else prints.set(piece.noticeNumber, [print]);
  }
  return prints;
}

/** `meantOf` says of which of several prints a notice number alone could speak. */
export async function resolveLines<L extends { line: number; code: PieceCode; cells: LineCells }>(
  db: Db,
  campaignId: string,
  lines: readonly L[],
  meantOf: (prints: readonly Print[], line: L) => readonly Print[],
): Promise<{ resolved: ResolvedLine<L>[]; faults: LineFault[] }> {
  const prints = await listPrints(
    db,
    campaignId,
    lines.map((line) => line.code.noticeNumber),
  );
  const resolved: ResolvedLine<L>[] = [];
  const faults: LineFault[] = [];
  for (const line of lines) {
    const found = findPrint(line.code, prints.get(line.code.noticeNumber) ?? [], (own) => meantOf(own, line));
    if (found.kind === 'print') resolved.push({ line, print: found.print });
    else faults.push({ line: line.line, code: found.code, cells: line.cells });
  }
  return { resolved, faults };
}
