/**
 * Holds part of a consent in the transaction that commits the spend, so that two lots never share the last card: consents are
 * held, not read. Without a row there is no card.
 */
import { recordFact } from '../../journal/record-fact.ts';
import { toDay } from '../../kernel/calendar.ts';
import type { CostCategory } from '../../kernel/cost-category.ts';
import { newRef } from '../../kernel/ids.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { countRoom, type HoldRequest, holdOn, listCandidateIds, releaseFrom } from './hold-store.ts';
import { insertConsentEvent } from './store.ts';

/** A spend that a consent is to cover. */
export type ConsentRequest = {
  readonly campaignId: string;
  readonly category: CostCategory;
  readonly quantity: number;
  readonly yen: number;
  readonly unitPriceYen?: number;
  readonly vendor?: string;
  /** When the policy wants the consent in writing. */
  readonly mustBeWritten?: boolean;
  readonly at?: Date;
};

/**
 * Returns the id of the consent that now holds the spend, or null when none covers it (then the letter goes without the gift).
 * `quantity` pieces, `yen` whole yen in all; a consent with a unit price cap needs `unitPriceYen`. `at` defaults to now.
 */
export async function holdConsent(tx: Tx, need: ConsentRequest): Promise<string | null> {
  const request = toRequest(need);
  for (const consentId of await listCandidateIds(tx, request)) {
    if (!(await holdOn(tx, consentId, request))) continue;
    await recordChange(tx, { ...request, consentId, kind: 'held', at: need.at ?? new Date() });
    return consentId;
  }
  return null;
}

/** Of the pieces asked for, how many `holdConsent` would find covered now by one consent; nothing is held by asking. */
export async function countConsentRoom(db: Db, need: ConsentRequest): Promise<number> {
  return await countRoom(db, toRequest(need));
}

function toRequest(need: ConsentRequest): HoldRequest {
  return {
    campaignId: need.campaignId,
    category: need.category,
    quantity: need.quantity,
    yen: need.yen,
    vendor: need.vendor ?? null,
    unitPriceYen: need.unitPriceYen ?? null,
    on: toDay(need.at ?? new Date()),
    mustBeWritten: need.mustBeWritten ?? false,
  };
}

/** Gives back what was held (a card spoiled before posting, a lot withdrawn). Throws nothing: false when less is held. */
export async function releaseConsent(
  tx: Tx,
  input: { campaignId: string; consentId: string; quantity: number; yen: number; at?: Date },
): Promise<boolean> {
  const { campaignId, consentId, quantity, yen, at = new Date() } = input;
  if (!(await releaseFrom(tx, campaignId, consentId, quantity, yen))) return false;
  await recordChange(tx, { campaignId, consentId, quantity, yen, kind: 'released', at });
  return true;
}

async function recordChange(
  tx: Tx,
  change: { campaignId: string; consentId: string; quantity: number; yen: number; kind: 'held' | 'released'; at: Date },
): Promise<void> {
  const { campaignId, consentId, quantity, yen, kind, at } = change;
  const factId = await recordFact(tx, {
    campaignId,
    kind: kind === 'held' ? 'consent.held' : 'consent.released',
    occurredAt: at,
    body: { consentId, quantity, yen },
  });
  const nobody = { answeredBy: null, actorId: null, conditionsSealed: null, documentSha256: null };
  await insertConsentEvent(tx, {
    id: newRef(),
    consentId,
    kind,
    ...nobody,
    quantity,
    yen,
    happenedOn: toDay(at),
    at,
    factId,
  });
}
