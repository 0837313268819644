/**
 * Every spoiled piece names its reprint: in the transaction that records the spoiling, the same people form a reprint lot. Reprint lots are
 * exempt from the block on the next lot, or a mismatch could never be repaired.
 */
import type { PlanSnapshot } from '../../campaign/plan/plan.ts';
import { toDay } from '../../kernel/calendar.ts';
import { newRef } from '../../kernel/ids.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { assignGifts, holdGifts } from '../gifts/reserve-gifts.ts';
import { getLot, type Lot, lockLots } from './lot-store.ts';
import type { NewPiece, Piece } from './piece-store.ts';
import { insertLotWithPieces } from './plan-lots.ts';

/** Forms one reprint lot per lot that spoiled pieces. Their cards must have been moved before; new ones are held here. */
export async function formReprints(
  tx: Tx,
  input: { campaignId: string; spoiled: readonly Piece[]; snapshot: PlanSnapshot; at: Date },
): Promise<string[]> {
  const { campaignId, spoiled, at } = input;
  if (spoiled.length === 0) return [];
  await lockLots(tx, campaignId);
  const lotIds: string[] = [];
  for (const sourceId of [...new Set(spoiled.map((piece) => piece.lotId))].sort()) {
    const pieces = spoiled.filter((piece) => piece.lotId === sourceId).sort((a, b) => a.seq - b.seq);
    lotIds.push(await formReprint(tx, await getLot(tx, sourceId), pieces, input.snapshot, at));
  }
  return lotIds;
}

async function formReprint(
  tx: Tx,
  source: Lot,
  spoiled: readonly Piece[],
  snapshot: PlanSnapshot,
  at: Date,
): Promise<string> {
  const lotId = newRef();
  const gift = snapshot.campaignFile.gifts.find((found) => found.id === source.gift) ?? null;
  const withCard = spoiled.filter((piece) => piece.hasGift);
  const request = gift ? { campaignId: source.campaignId, gift, policy: snapshot.policy, lotId, at } : null;
  const held = request && withCard.length > 0 ? await holdGifts(tx, request, withCard.length) : null;
  const hasGifts = held?.kind === 'reserved';
  const pieces = spoiled.map(
    (piece, index): NewPiece => ({
      id: newRef(),
      seq: index + 1,
      assignmentId: piece.assignmentId,
      personRef: piece.personRef,
      noticeNumber: piece.noticeNumber,
      cycle: piece.cycle + 1,
      reprintOf: piece.id,
      hasGift: hasGifts && piece.hasGift,
    }),
  );
  await insertLotWithPieces(tx, {
    lot: {
      id: lotId,
      campaignId: source.campaignId,
      waveId: source.waveId,
      planId: source.planId,
      pieceCount: pieces.length,
      isReprint: true,
      gift: hasGifts ? source.gift : null,
      letterDate: toDay(at),
      formedAt: at,
    },
    pieces,
  });
  if (request && hasGifts) {
    const cards = pieces.filter((piece) => piece.hasGift).map(({ id, personRef }) => ({ pieceId: id, personRef }));
    await assignGifts(tx, { ...request, consentId: held.consentId }, cards);
  }
  return lotId;
}
