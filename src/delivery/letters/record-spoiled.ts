/**
 * Records pieces that were spoiled at the print house, what became of their cards, and forms their reprints, all in one commit: a spoiled piece
 * without a reprint does not exist.
 */
import { getPlanSnapshot } from '../../campaign/plan/create-plan.ts';
import type { FactLine } from '../../journal/fact-line.ts';
import { recordEvents } from '../../journal/record-fact.ts';
import { startOfDay } from '../../kernel/calendar.ts';
import type { App } from '../../platform/app.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { moveGifts } from '../gifts/move-gifts.ts';
import { formReprints } from './form-reprints.ts';
import { spoiledCode } from './judge-line.ts';
import type { FreshLine } from './judge-lines.ts';
import { getLot, lockLots } from './lot-store.ts';
import { insertPieceEvents, type Piece } from './piece-store.ts';
import type { ProductionLine } from './vendor-file.ts';

/** `lines` are of one lot; the caller's transaction. */
export async function recordSpoiled(
  app: Pick<App, 'pool' | 'keys' | 'files' | 'clock'>,
  tx: Tx,
  campaignId: string,
  lines: readonly FreshLine<ProductionLine>[],
): Promise<{ spoiled: number; reprintLotIds: string[] }> {
  const lotId = lines[0]?.print.piece.lotId;
  if (lotId === undefined) return { spoiled: 0, reprintLotIds: [] };
  const snapshot = await getPlanSnapshot(app, (await getLot(tx, lotId)).planId);
  await lockLots(tx, campaignId);
  const at = app.clock();
  const lineOf = new Map(lines.map((line) => [line.print.piece.id, line]));
  const recorded = await recordEvents(tx, {
    campaignId,
    kind: 'letters.spoiled',
    occurredAt: at,
    insert: (factId) =>
      insertPieceEvents(
        tx,
        campaignId,
        'spoiled',
        [...lineOf].map(([ref, { line, card }]) => ({ ref, at: startOfDay(line.day), code: spoiledCode(card) })),
        factId,
      ),
    describe: (rows) => ({
      events: rows.map((row) => [row.ref, row.kind, row.cycle, row.at.toISOString(), row.code]),
      lines: rows.flatMap((row) => linesOfSpoiled(lineOf.get(row.ref)?.print.piece)),
      body: { lotId, pieces: rows.length },
    }),
  });
  const spoiled = (recorded?.rows ?? []).flatMap((row) => lineOf.get(row.ref) ?? []);
  for (const move of ['back', 'spoiled', 'lost'] as const) {
    const own = spoiled.filter(({ card }) => card === move);
    const pieces = own.map(({ print, line }) => ({ id: print.piece.id, at: startOfDay(line.day), code: 'SPOILED' }));
    await moveGifts(tx, { campaignId, move, pieces, recordedAt: at });
  }
  const reprintLotIds = await formReprints(tx, {
    campaignId,
    spoiled: spoiled.map(({ print }) => print.piece),
    snapshot,
    at,
  });
  return { spoiled: spoiled.length, reprintLotIds };
}

function linesOfSpoiled(piece: Piece | undefined): FactLine[] {
  return [
    { driver: 'letter.spoiled', attributes: {}, count: 1 },
    { driver: 'letter.printed', attributes: { sheets: piece?.sheets ?? 1 }, count: 1 },
  ];
}
