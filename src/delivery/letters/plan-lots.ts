/**
 * Forms lots from the people who wait in a letter or gift wave, in the opaque order fixed at freezing. A lot with cards holds them in the
 * same transaction; without consent or stock letters wait for them until their wave's last call and then go without (promise 4).
 */

import { assertRunning } from '../../campaign/find-campaign.ts';
import type { Gift } from '../../campaign/folder/campaign-file.ts';
import { getPlanSnapshot } from '../../campaign/plan/create-plan.ts';
import type { PlanSnapshot } from '../../campaign/plan/plan.ts';
import { channelTable } from '../../campaign/wave/channel.ts';
import { isDue, waitsForGift } from '../../campaign/wave/wave-opening.ts';
import { recordFact } from '../../journal/record-fact.ts';
import { toDay } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import { newRef } from '../../kernel/ids.ts';
import { listWaveNotices } from '../../notice/store.ts';
import type { App } from '../../platform/app.ts';
import { type Db, type Tx, transaction } from '../../platform/postgres/db.ts';
import { advancePeople } from '../advance-people.ts';
import { listHolders } from '../gifts/gift-store.ts';
import {
  assignGifts,
  type GiftReservation,
  type HeldGifts,
  holdGifts,
  type ReservationInput,
} from '../gifts/reserve-gifts.ts';
import { findWave, type WaveRecord } from '../wave-store.ts';
import { blockingLots } from './lot-account.ts';
import {
  claimCandidates,
  excludeCandidates,
  insertLot,
  type LotCandidate,
  listLotCounts,
  listUnpreparedLots,
  lockLots,
} from './lot-store.ts';
import { insertPieces, type NewPiece } from './piece-store.ts';

export type LotPlanning = {
  lotIds: string[];
  /** Numbers of earlier lots whose counts do not agree; nothing was formed because of them. */
  blockedBy: number[];
  /** Why the wave waits for its cards, or why letters went without them. */
  withoutGift: Exclude<GiftReservation, 'reserved'> | null;
  /** When the wave begins, if nothing was formed because it has not. */
  beginsAt: Date | null;
};

type Forming = {
  app: Pick<App, 'pool' | 'clock'>;
  campaignId: string;
  wave: WaveRecord;
  snapshot: PlanSnapshot;
  planId: string;
  onlyFull: boolean;
  withoutGiftBy: string | null;
};
type Formed =
  | { kind: 'formed'; lotId: string; withoutGift: LotPlanning['withoutGift'] }
  | { kind: 'none' }
  /** People who hold a card already were taken out of a wave of cards; others may wait behind them. */
  | { kind: 'again' }
  | { kind: 'blocked'; lots: number[] }
  | { kind: 'waiting'; for: Exclude<GiftReservation, 'reserved'> };

/**
 * Forms as many lots as there are people for; with `onlyFull` the rest waits for a full lot. `withoutGiftBy` is the actor who
 * decides that letters go without their cards before the wave's last call. Each lot is its own commit.
 */
export async function planLots(
  app: Pick<App, 'pool' | 'files' | 'keys' | 'clock'>,
  {
    campaignId,
    waveId,
    onlyFull = false,
    withoutGiftBy = null,
  }: { campaignId: string; waveId: string; onlyFull?: boolean; withoutGiftBy?: string | null },
): Promise<LotPlanning> {
  const campaign = await assertRunning(app.pool, campaignId);
  const wave = await findWave(app.pool, campaignId, waveId);
  const planning: LotPlanning = { lotIds: [], blockedBy: [], withoutGift: null, beginsAt: null };
  if (!wave || campaign.planId === null) return planning;
  if (!isDue(wave, app.clock())) return { ...planning, beginsAt: wave.startAt };
  const snapshot = await getPlanSnapshot(app, campaign.planId);
  const forming: Forming = { app, campaignId, wave, snapshot, planId: campaign.planId, onlyFull, withoutGiftBy };
  for (;;) {
    const formed = await transaction(app.pool, (tx) => formLot(tx, forming));
    if (formed.kind === 'again') continue;
    if (formed.kind === 'none') return planning;
    if (formed.kind === 'blocked') return { ...planning, blockedBy: formed.lots };
    if (formed.kind === 'waiting') return { ...planning, withoutGift: formed.for };
    planning.lotIds.push(formed.lotId);
    planning.withoutGift ??= formed.withoutGift;
  }
}

/** Lots whose files are to be made: what the sweep wakes `prepare-lot` for. */
export async function listOpenLots(db: Db, campaignId: string): Promise<{ id: string; epoch: number }[]> {
  return await listUnpreparedLots(db, campaignId);
}

async function formLot(tx: Tx, forming: Forming): Promise<Formed> {
  const { campaignId, wave, snapshot, onlyFull } = forming;
  await lockLots(tx, campaignId);
  const size = snapshot.campaignFile.lots.pieces;
  const candidates = await claimCandidates(tx, campaignId, wave.waveId, size);
  if (candidates.length === 0 || (onlyFull && candidates.length < size)) return { kind: 'none' };
  const blocking = blockingLots(await listLotCounts(tx, campaignId));
  if (blocking.length > 0) return { kind: 'blocked', lots: blocking.map((lot) => lot.number) };
  const at = forming.app.clock();
  const lotId = newRef();
  const cards = await takeCards(tx, forming, candidates, { lotId, at });
  if (cards.kind === 'again' || cards.kind === 'waiting') return cards;
  const { held, holders, chosen } = cards;
  const hasGifts = held?.kind === 'reserved';
  const pieces = await toPieces(tx, campaignId, wave.waveId, chosen, hasGifts ? holders : null);
  await insertLotWithPieces(tx, {
    lot: {
      id: lotId,
      campaignId,
      waveId: wave.waveId,
      planId: forming.planId,
      pieceCount: pieces.length,
      isReprint: false,
      gift: hasGifts ? wave.gift : null,
      letterDate: toDay(at),
      formedAt: at,
    },
    pieces,
    actorId: forming.withoutGiftBy,
  });
  if (hasGifts && cards.request) {
    const withCards = pieces.filter((piece) => piece.hasGift).map(({ id, personRef }) => ({ pieceId: id, personRef }));
    await assignGifts(tx, { ...cards.request, consentId: held.consentId }, withCards);
  }
  await advancePeople(
    tx,
    campaignId,
    chosen.map((candidate) => candidate.personRef),
    at,
  );
  return { kind: 'formed', lotId, withoutGift: held && held.kind !== 'reserved' ? held.kind : null };
}

type Cards = {
  readonly kind: 'taken';
  readonly request: ReservationInput | null;
  readonly held: HeldGifts | null;
  /** People who hold a card already. */
  readonly holders: ReadonlySet<string>;
  /** Who joins the lot: everyone, or as many as there are cards for, so that those need not wait for the others. */
  readonly chosen: readonly LotCandidate[];
};

/** Holds the cards that the lot needs, or says that it waits for them. */
async function takeCards(
  tx: Tx,
  { campaignId, wave, snapshot, withoutGiftBy }: Forming,
  candidates: readonly LotCandidate[],
  lot: { lotId: string; at: Date },
): Promise<Cards | Extract<Formed, { kind: 'again' | 'waiting' }>> {
  if (wave.gift === null) return { kind: 'taken', request: null, held: null, holders: new Set(), chosen: candidates };
  const refs = candidates.map((candidate) => candidate.personRef);
  const holders = await listHolders(tx, campaignId, refs);
  const isCardOnly = channelTable[wave.channel].gift === 'must';
  const holding = candidates.filter((candidate) => holders.has(candidate.personRef));
  if (isCardOnly && holding.length > 0) {
    await excludeCandidates(tx, holding, 'holds_gift');
    return { kind: 'again' };
  }
  const request = { campaignId, gift: getGift(snapshot, wave.gift), policy: snapshot.policy, ...lot };
  const wanting = candidates.filter((candidate) => !holders.has(candidate.personRef));
  const held = wanting.length > 0 ? await holdGifts(tx, request, wanting.length) : null;
  if (held?.kind === 'reserved') {
    const served = new Set(wanting.slice(0, held.quantity));
    const chosen = candidates.filter((candidate) => holders.has(candidate.personRef) || served.has(candidate));
    return { kind: 'taken', request, held, holders, chosen };
  }
  const isReleased = withoutGiftBy !== null && !isCardOnly;
  if (held && !isReleased && waitsForGift(wave, lot.at)) return { kind: 'waiting', for: held.kind };
  return { kind: 'taken', request, held, holders, chosen: candidates };
}

/** `holders` already have a card and get none with this letter; null when the lot carries no cards at all. */
async function toPieces(
  tx: Tx,
  campaignId: string,
  waveId: string,
  candidates: readonly LotCandidate[],
  holders: ReadonlySet<string> | null,
): Promise<NewPiece[]> {
  const refs = candidates.map((candidate) => candidate.personRef);
  const numbers = new Map(
    (await listWaveNotices(tx, campaignId, waveId, refs)).map((notice) => [notice.id, notice.number]),
  );
  return candidates.map((candidate, index) => {
    const noticeNumber = numbers.get(candidate.noticeId);
    if (noticeNumber === undefined) throw new AppError('ROW_MISSING.notice', { id: candidate.noticeId });
    return {
      id: newRef(),
      seq: index + 1,
      assignmentId: candidate.assignmentId,
      personRef: candidate.personRef,
      noticeNumber,
      cycle: 1,
      reprintOf: null,
      hasGift: holders !== null && !holders.has(candidate.personRef),
    };
  });
}

/** Inserts a lot and its pieces and writes the fact. Needs `lockLots`. Returns the lot's number. */
export async function insertLotWithPieces(
  tx: Tx,
  {
    lot,
    pieces,
    actorId = null,
  }: { lot: Parameters<typeof insertLot>[1]; pieces: readonly NewPiece[]; actorId?: string | null },
): Promise<number> {
  const number = await insertLot(tx, lot);
  await insertPieces(tx, lot.campaignId, lot.id, pieces);
  await recordFact(tx, {
    campaignId: lot.campaignId,
    kind: 'lot.formed',
    occurredAt: lot.formedAt,
    actorId,
    body: {
      lotId: lot.id,
      number,
      waveId: lot.waveId,
      pieces: pieces.length,
      isReprint: lot.isReprint,
      gift: lot.gift,
    },
  });
  return number;
}

function getGift(snapshot: PlanSnapshot, giftId: string): Gift {
  const gift = snapshot.campaignFile.gifts.find((found) => found.id === giftId);
  if (!gift) throw new AppError('GIFT_UNKNOWN.plan', { gift: giftId });
  return gift;
}
