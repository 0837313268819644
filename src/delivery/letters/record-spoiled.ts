/**
 * Records pieces that were spoiled at the print house, what became of their cards, and forms their reprints, all in one commit: a spoiled piece
 * without a reprint does not exist.
 */
import { getPlanSnapshot } from '../../campaign/plan/create-plan.ts';
import type { FactLine } from '../../journal/fact-line.ts';
import { recordEvents } from '../../journal/record-fact.ts';
import { startOfDay } from '../../kernel/calendar.ts';
import type { App } from '../../platform/app.ts';
import { transaction } from '../../platform/postgres/db.ts';
import { moveGifts } from '../gifts/move-gifts.ts';
import { formReprints } from './form-reprints.ts';
import { getLot, lockLots } from './lot-store.ts';
import { insertPieceEvents, type Piece } from './piece-store.ts';
import type { ResolvedLine } from './resolve-lines.ts';
import type { ProductionLine } from './vendor-file.ts';

/** `lines` are of one lot. */
export async function recordSpoiled(
  app: Pick<App, 'pool' | 'keys' | 'files' | 'clock'>,
  campaignId: string,
  lines: readonly ResolvedLine<ProductionLine>[],
): Promise<{ spoiled: number; reprintLotIds: string[] }> {
  const lotId = lines[0]?.piece.lotId;
  if (lotId === undefined) return { spoiled: 0, reprintLotIds: [] };
  const snapshot = await getPlanSnapshot(app, (await getLot(app.pool, lotId)).planId);
  return await transaction(app.pool, async (tx) => {
    await lockLots(tx, campaignId);
    const at = app.clock();
    const lineOf = new Map(lines.map((line) => [line.piece.id, line]));
    const recorded = await recordEvents(tx, {
      campaignId,
      kind: 'letters.spoiled',
      occurredAt: at,
      insert: (factId) =>
        insertPieceEvents(
          tx,
          campaignId,
          'spoiled',
          [...lineOf].map(([ref, { line }]) => ({
            ref,
            at: startOfDay(line.day),
            code: `CARD_${line.card.toUpperCase()}`,
          })),
          factId,
        ),
      describe: (rows) => ({
        events: rows.map((row) => [row.ref, row.kind, row.cycle, row.at.toISOString(), row.code]),
        lines: rows.flatMap((row) => linesOfSpoiled(lineOf.get(row.ref)?.piece)),
        body: { lotId, pieces: rows.length },
      }),
    });
    const spoiled = (recorded?.rows ?? []).flatMap((row) => lineOf.get(row.ref) ?? []);
    // A card in a spoiled letter is taken out and used again unless the print house says otherwise.
    for (const move of ['back', 'spoiled', 'lost'] as const) {
      const own = spoiled.filter(({ line }) => (line.card === 'none' ? 'back' : line.card) === move);
      const pieces = own.map(({ piece, line }) => ({ id: piece.id, at: startOfDay(line.day), code: 'SPOILED' }));
      await moveGifts(tx, { campaignId, move, pieces, recordedAt: at });
    }
    const reprintLotIds = await formReprints(tx, {
      campaignId,
      spoiled: spoiled.map(({ piece }) => piece),
      snapshot,
      at,
    });
    return { spoiled: spoiled.length, reprintLotIds };
  });
}

function linesOfSpoiled(piece: Piece | undefined): FactLine[] {
  return [
    { driver: 'letter.spoiled', attributes: {}, count: 1 },
    { driver: 'letter.printed', attributes: { sheets: piece?.sheets ?? 1 }, count: 1 },
  ];
}
