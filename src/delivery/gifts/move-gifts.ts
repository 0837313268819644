/**
 * What happens to cards after they were reserved: they leave with the letter, are spoiled, come back into stock, or are lost. Each move is an
 * event with its fact; a card that comes back unposted also gives its part of the consent back.
 */
import { releaseConsent } from '../../campaign/consents/hold-consent.ts';
import { listCorporateContacts } from '../../intake/list/listed-store.ts';
import type { GiftRecipient } from '../../journal/driver.ts';
import type { FactLine } from '../../journal/fact-line.ts';
import type { FactKind } from '../../journal/facts/fact-kind.ts';
import { recordEvents } from '../../journal/record-fact.ts';
import { newRef } from '../../kernel/ids.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import {
  type GiftCard,
  type GiftState,
  insertGiftEvents,
  insertStockEvent,
  lockGiftsOfPieces,
  takeFromStock,
} from './gift-store.ts';

export type GiftMove = Exclude<GiftState, 'reserved'>;

/** From which states a move is possible; others are left alone, so that a file loaded twice changes nothing. */
const FROM: Record<GiftMove, readonly GiftState[]> = {
  posted: ['reserved'],
  spoiled: ['reserved'],
  back: ['reserved', 'posted'],
  lost: ['reserved', 'posted'],
};
const FACT = {
  posted: 'gifts.posted',
  spoiled: 'gifts.spoiled',
  back: 'gifts.back',
  lost: 'gifts.lost',
} as const satisfies Record<GiftMove, FactKind>;

/** Moves the cards of pieces. Returns how many moved; pieces without a card, or whose card has moved already, do not count. */
export async function moveGifts(
  tx: Tx,
  input: {
    campaignId: string;
    move: GiftMove;
    pieces: readonly { id: string; at: Date; code: string }[];
    recordedAt: Date;
  },
): Promise<number> {
  const { campaignId, move, recordedAt } = input;
  const pieceOf = new Map(input.pieces.map((piece) => [piece.id, piece]));
  const cards = await lockGiftsOfPieces(tx, [...pieceOf.keys()]);
  const moving = cards.filter((card) => FROM[move].includes(card.state));
  if (moving.length === 0) return 0;
  const corporate = await listCorporateContacts(
    tx,
    campaignId,
    moving.map((card) => card.personRef),
  );
  const lines = moving.flatMap((card) => linesOf(move, card, corporate.has(card.personRef) ? 'corporation' : 'person'));
  const recorded = await recordEvents(tx, {
    campaignId,
    kind: FACT[move],
    occurredAt: recordedAt,
    insert: async (factId) => {
      const stock = move === 'back' ? await returnToStock(tx, campaignId, moving, recordedAt, factId) : [];
      const events = moving.map((card) => {
        const piece = pieceOf.get(card.pieceId);
        return { ref: card.id, at: piece?.at ?? recordedAt, code: piece?.code ?? '' };
      });
      return [...stock, ...(await insertGiftEvents(tx, campaignId, move, events, factId))];
    },
    describe: (rows) => ({
      events: rows.map((row) => [row.ref, row.kind, row.cycle, row.at.toISOString(), row.code]),
      lines,
      body: { quantity: moving.length },
    }),
  });
  if (move === 'back') await releaseUnposted(tx, campaignId, moving, recordedAt);
  return recorded ? moving.length : 0;
}

/** What the ledger prices. A card that comes back after posting takes its own posting back in a line of its own. */
function linesOf(move: GiftMove, card: GiftCard, recipient: GiftRecipient): FactLine[] {
  const attributes = { gift: card.gift, recipient };
  if (move === 'posted') return [{ driver: 'gift.posted', attributes, count: 1 }];
  if (move === 'spoiled') return [{ driver: 'gift.spoiled', attributes, count: 1 }];
  return move === 'back' && card.state === 'posted' ? [{ driver: 'gift.returned', attributes, count: 1 }] : [];
}

async function returnToStock(tx: Tx, campaignId: string, cards: readonly GiftCard[], at: Date, factId: string) {
  const events = [];
  for (const gift of new Set(cards.map((card) => card.gift))) {
    const quantity = cards.filter((card) => card.gift === gift).length;
    await takeFromStock(tx, campaignId, gift, -quantity);
    const event = {
      campaignId,
      ref: newRef(),
      gift,
      kind: 'back',
      cycle: 1,
      quantity,
      at,
      code: 'PIECE',
      actorId: null,
      witnessId: null,
    } as const;
    events.push(...(await insertStockEvent(tx, event, factId)));
  }
  return events;
}

/** A consent covers what is spent: a card that never left is free for someone else. A posted one stays spent (one reissue, one cap). */
async function releaseUnposted(tx: Tx, campaignId: string, cards: readonly GiftCard[], at: Date): Promise<void> {
  const unposted = cards.filter((card) => card.state === 'reserved' && card.consentId !== null);
  for (const consentId of new Set(unposted.map((card) => card.consentId))) {
    const own = unposted.filter((card) => card.consentId === consentId);
    const yen = own.reduce((sum, card) => sum + card.priceYen, 0);
    if (consentId !== null) await releaseConsent(tx, { campaignId, consentId, quantity: own.length, yen, at });
  }
}
