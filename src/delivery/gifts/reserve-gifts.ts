/**
 * Reserves cards for the pieces of a lot: stock, consent and cards in one transaction, all or nothing. No consent, no card: the letter goes
 * without the gift and the gift wave waits (promise 4).
 */

import { consentNeed, needsConsent } from '../../campaign/consents/consent.ts';
import { type ConsentRequest, countConsentRoom, holdConsent } from '../../campaign/consents/hold-consent.ts';
import type { Gift } from '../../campaign/folder/campaign-file.ts';
import type { PolicyFile } from '../../campaign/policy/policy-terms.ts';
import { recordEvents } from '../../journal/record-fact.ts';
import { newRef } from '../../kernel/ids.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { countOnHand, insertGiftEvents, insertGifts, insertStockEvent, takeFromStock } from './gift-store.ts';

/** Cards for people are condolence payments in a policy's words (見舞費用). */
const GIFT_CATEGORY = 'CONDOLENCE';

export type GiftReservation = 'reserved' | 'no_stock' | 'no_consent';

export type ReservationInput = {
  campaignId: string;
  gift: Gift;
  policy: PolicyFile;
  /** The lot; its cards are reserved once. */
  lotId: string;
  at: Date;
};

export type HeldGifts =
  | { readonly kind: 'reserved'; readonly quantity: number; readonly consentId: string | null }
  | { readonly kind: Exclude<GiftReservation, 'reserved'> };

/**
 * Takes cards and consent for as many of the `wanted` as there are, before the pieces exist. The caller then calls `assignGifts` in
 * the same transaction. Nothing has changed when the answer is not `reserved`.
 */
export async function holdGifts(tx: Tx, input: ReservationInput, wanted: number): Promise<HeldGifts> {
  const { campaignId, gift, policy } = input;
  const inStock = Math.min(wanted, await countOnHand(tx, campaignId, gift.id));
  if (inStock === 0) return { kind: 'no_stock' };
  const isFree = !needsConsent(policy, GIFT_CATEGORY);
  const quantity = isFree ? inStock : await countConsentRoom(tx, consentFor(input, inStock));
  if (quantity === 0) return { kind: 'no_consent' };
  // Another transaction may have taken them since they were counted: then nothing is kept, and the next sweep counts again.
  await tx.query('savepoint hold_gifts');
  const giveUp = async (kind: Exclude<GiftReservation, 'reserved'>) => {
    await tx.query('rollback to savepoint hold_gifts');
    return { kind };
  };
  if (!(await takeFromStock(tx, campaignId, gift.id, quantity))) return await giveUp('no_stock');
  if (isFree) return { kind: 'reserved', quantity, consentId: null };
  const consentId = await holdConsent(tx, consentFor(input, quantity));
  return consentId === null ? await giveUp('no_consent') : { kind: 'reserved', quantity, consentId };
}

/** All that keeps even one card from being reserved. Nothing is held by asking. */
export async function listGiftGates(db: Db, input: Omit<ReservationInput, 'lotId'>): Promise<('stock' | 'consent')[]> {
  const isEmpty = (await countOnHand(db, input.campaignId, input.gift.id)) === 0;
  const isFree = !needsConsent(input.policy, GIFT_CATEGORY);
  const hasRoom = isFree || (await countConsentRoom(db, consentFor(input, 1))) > 0;
  return [...(isEmpty ? (['stock'] as const) : []), ...(hasRoom ? [] : (['consent'] as const))];
}

function consentFor(
  { campaignId, gift, policy, at }: Omit<ReservationInput, 'lotId'>,
  quantity: number,
): ConsentRequest {
  return {
    campaignId,
    category: GIFT_CATEGORY,
    quantity,
    yen: quantity * gift.priceYen,
    unitPriceYen: gift.priceYen,
    vendor: gift.vendor,
    mustBeWritten: consentNeed(policy, GIFT_CATEGORY) === 'written',
    at,
  };
}

/** Writes the cards of the pieces that were held for, with their events and fact. */
export async function assignGifts(
  tx: Tx,
  input: ReservationInput & { consentId: string | null },
  pieces: readonly { pieceId: string; personRef: string }[],
): Promise<void> {
  if (pieces.length === 0) return;
  const { campaignId, gift, at } = input;
  const gifts = pieces.map((piece) => ({ id: newRef(), ...piece }));
  await insertGifts(tx, { campaignId, gift: gift.id, consentId: input.consentId, priceYen: gift.priceYen, gifts });
  await recordEvents(tx, {
    campaignId,
    kind: 'gifts.reserved',
    occurredAt: at,
    insert: async (factId) => {
      const stock = await insertStockEvent(
        tx,
        {
          campaignId,
          ref: input.lotId,
          gift: gift.id,
          kind: 'reserved',
          cycle: 1,
          quantity: -gifts.length,
          at,
          code: 'LOT',
          actorId: null,
          witnessId: null,
        },
        factId,
      );
      const cards = await insertGiftEvents(
        tx,
        campaignId,
        'reserved',
        gifts.map((card) => ({ ref: card.id, at, code: gift.id })),
        factId,
      );
      return [...stock, ...cards];
    },
    describe: (rows) => ({
      events: rows.map((row) => [row.ref, row.kind, row.cycle, row.at.toISOString(), row.code]),
      lines: [],
      body: { lotId: input.lotId, gift: gift.id, quantity: gifts.length, consentId: input.consentId },
    }),
  });
}
