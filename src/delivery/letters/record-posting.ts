/**
 * Records one posting (one stamped 差出票, over several lots): its pieces left for the post, their cards with them. Postage is charged from here.
 * A second report of the same slip adds only pieces that were not told before.
 */
import type { FactLine } from '../../journal/fact-line.ts';
import { recordEvents, recordFact } from '../../journal/record-fact.ts';
import { type Day, startOfDay } from '../../kernel/calendar.ts';
import { newRef } from '../../kernel/ids.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { advancePeople } from '../advance-people.ts';
import { moveGifts } from '../gifts/move-gifts.ts';
import { lockLots } from './lot-store.ts';
import { insertPieceEvents, listPostedPersons, type Piece, updateAssignments } from './piece-store.ts';
import { findPosting, insertPosting } from './vendor-store.ts';

export type PostingSlip = { slipNumber: string; postedOn: Day; postOffice: string };

/** Posts the pieces that have not left their lot yet; returns those. The slip's day and office are the ones first recorded. */
export async function recordPosting(
  tx: Tx,
  input: { campaignId: string; slip: PostingSlip; pieces: readonly Piece[]; at: Date; actorId?: string },
): Promise<Piece[]> {
  const { campaignId, slip, at } = input;
  if (input.pieces.length === 0) return [];
  await lockLots(tx, campaignId);
  const known = await findPosting(tx, campaignId, slip.slipNumber);
  const postingId = known?.id ?? (await makePosting(tx, campaignId, slip, at));
  const pieces = new Map(input.pieces.map((piece) => [piece.id, piece]));
  const toldBefore = await listPostedPersons(
    tx,
    campaignId,
    input.pieces.map((piece) => piece.personRef),
  );
  const handedOverAt = startOfDay(known?.postedOn ?? slip.postedOn);
  const recorded = await recordEvents(tx, {
    campaignId,
    kind: 'letters.posted',
    occurredAt: handedOverAt,
    actorId: input.actorId ?? null,
    insert: (factId) =>
      insertPieceEvents(
        tx,
        campaignId,
        'posted',
        [...pieces.keys()].map((ref) => ({ ref, at: handedOverAt, code: slip.slipNumber })),
        factId,
        postingId,
      ),
    describe: (rows) => {
      const posted = rows.flatMap((row) => pieces.get(row.ref) ?? []);
      return {
        events: rows.map((row) => [row.ref, row.kind, row.cycle, row.at.toISOString(), row.code]),
        lines: posted.flatMap(linesOfPosted),
        personsFirst: new Set(posted.map((piece) => piece.personRef).filter((ref) => !toldBefore.has(ref))).size,
        body: { postingId, slipNumber: slip.slipNumber, pieces: posted.length },
      };
    },
  });
  const posted = (recorded?.rows ?? []).flatMap((row) => pieces.get(row.ref) ?? []);
  await settlePosted(tx, campaignId, posted, slip.slipNumber, at);
  return posted;
}

async function settlePosted(
  tx: Tx,
  campaignId: string,
  posted: readonly Piece[],
  slipNumber: string,
  at: Date,
): Promise<void> {
  if (posted.length === 0) return;
  await updateAssignments(
    tx,
    posted.map((piece) => piece.assignmentId),
    'posted',
    posted.map(() => null),
    at,
  );
  const pieces = posted.map((piece) => ({ id: piece.id, at, code: slipNumber }));
  await moveGifts(tx, { campaignId, move: 'posted', pieces, recordedAt: at });
  await advancePeople(
    tx,
    campaignId,
    posted.map((piece) => piece.personRef),
    at,
  );
}

/** Postage is charged by piece, printing by sheets; the posting itself may have its own fee. */
function linesOfPosted(piece: Piece): FactLine[] {
  const attributes = { service: piece.service, barcode: piece.hasBarcode ?? false, weightClass: piece.weightClass };
  return [
    { driver: 'letter.posted', attributes, count: 1 },
    { driver: 'letter.printed', attributes: { sheets: piece.sheets ?? 1 }, count: 1 },
  ];
}

async function makePosting(tx: Tx, campaignId: string, slip: PostingSlip, at: Date): Promise<string> {
  const id = newRef();
  const factId = await recordFact(tx, {
    campaignId,
    kind: 'posting.made',
    occurredAt: startOfDay(slip.postedOn),
    lines: [{ driver: 'posting.made', attributes: {}, count: 1 }],
    body: { postingId: id, slipNumber: slip.slipNumber, postOffice: slip.postOffice },
  });
  await insertPosting(tx, { id, campaignId, ...slip, at, factId });
  return id;
}
