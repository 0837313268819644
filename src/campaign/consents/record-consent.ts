/** Records what the insurer was asked and what it answered, with who answered sealed; an answer never erases the question. */
import { recordFact } from '../../journal/record-fact.ts';
import { startOfDay, toDay } from '../../kernel/calendar.ts';
import type { CostCategory } from '../../kernel/cost-category.ts';
import { AppError } from '../../kernel/errors.ts';
import { newRef } from '../../kernel/ids.ts';
import { acceptDay, anySpan } from '../../kernel/outside-day.ts';
import type { App } from '../../platform/app.ts';
import { seal } from '../../platform/crypto/crypt.ts';
import { type Db, transaction } from '../../platform/postgres/db.ts';
import { ensureActor } from '../actors/ensure-actor.ts';
import type { Campaign } from '../campaign.ts';
import { campaignAftermath } from '../campaign-span.ts';
import type { Consent, ConsentAnswer, ConsentForm } from './consent.ts';
import {
  type ConsentEvent,
  findAnswerDay,
  findConsent,
  insertConsent,
  insertConsentEvent,
  listConsentEvents,
  listConsentRows,
  updateAnswer,
} from './store.ts';

export type ConsentInput = {
  campaign: Pick<Campaign, 'id'>;
  category: CostCategory;
  answer: ConsentAnswer;
  form?: ConsentForm;
  vendor?: string;
  /** The consent that this answers or changes; without it a new one is recorded. */
  consentId?: string;
  unitPriceCapYen?: number;
  quantityCap?: number;
  amountCapYen?: number;
  validTo?: string;
  /** The day on which it was asked or answered; today by default. Prior is what lies before the spending, whenever it was entered. */
  day?: string;
  /** Free text of the insurer; sealed. */
  conditions?: string;
  /** Name of the insurer's person; kept as an actor, sealed. */
  answeredBy?: string;
  /** Name of the person who records it. */
  by?: string;
  documentSha256?: string;
};

const conditionsAad = (campaignId: string, eventId: string) => `${campaignId}|${eventId}|conditions_sealed`;

/**
 * Returns the consent as it now stands. Throws CONSENT_MISSING, CONSENT_HELD when a new cap is below what is held, and DAY_REFUSED for an answer
 * before its question, in the future or before the incident was known, and for an end before the answer.
 */
export async function recordConsent(app: Pick<App, 'pool' | 'keys' | 'clock'>, input: ConsentInput): Promise<Consent> {
  const campaignId = input.campaign.id;
  const at = app.clock();
  const consentId = input.consentId ?? newRef();
  const { proof } = app.keys.open(campaignId);
  const span = await campaignAftermath(app, campaignId);
  return await transaction(app.pool, async (tx) => {
    const before = input.consentId === undefined ? null : await findAnswerDay(tx, input.consentId);
    const happenedOn = acceptDay(input.day ?? toDay(at), { now: at, campaign: span, follows: before });
    if (input.validTo !== undefined)
      acceptDay(input.validTo, { now: at, campaign: anySpan, follows: happenedOn, mayLieAhead: true });
    const person = async (name: string | undefined) => (name ? await ensureActor(app, tx, { campaignId, name }) : null);
    const answeredBy = await person(input.answeredBy);
    const actorId = await person(input.by);
    const terms = {
      answer: input.answer,
      form: input.form ?? 'unknown',
      unitPriceCapYen: input.unitPriceCapYen ?? null,
      quantityCap: input.quantityCap ?? null,
      amountCapYen: input.amountCapYen ?? null,
      validTo: input.validTo ?? null,
    };
    const { category, vendor = null } = input;
    if (input.consentId === undefined) {
      await insertConsent(tx, { ...terms, id: consentId, campaignId, category, vendor, createdAt: at });
    } else if (!(await answerExisting(() => updateAnswer(tx, campaignId, consentId, terms)))) {
      throw new AppError('CONSENT_MISSING', { id: consentId });
    }
    const factId = await recordFact(tx, {
      campaignId,
      kind: input.answer === 'asked' ? 'consent.asked' : 'consent.answered',
      occurredAt: happenedOn === toDay(at) ? at : startOfDay(happenedOn),
      actorId,
      body: {
        consentId,
        category,
        vendor,
        ...terms,
        happenedOn,
        answeredBy,
        documentSha256: input.documentSha256 ?? null,
      },
    });
    const eventId = newRef();
    const conditionsSealed = input.conditions
      ? seal(proof, conditionsAad(campaignId, eventId), input.conditions)
      : null;
    const documentSha256 = input.documentSha256 ?? null;
    const event = { id: eventId, consentId, kind: input.answer, answeredBy, actorId, conditionsSealed, documentSha256 };
    await insertConsentEvent(tx, { ...event, quantity: 0, yen: 0, happenedOn, at, factId });
    const recorded = await findConsent(tx, campaignId, consentId);
    if (!recorded) throw new AppError('CONSENT_MISSING', { id: consentId });
    return recorded;
  });
}

/** Turns the table's refusal of a cap below what is held into the domain's. */
async function answerExisting(update: () => Promise<boolean>): Promise<boolean> {
  try {
    return await update();
  } catch (cause) {
    const constraint = (cause as { constraint?: string }).constraint;
    if (constraint !== 'consent_quantity_cap' && constraint !== 'consent_amount_cap') throw cause;
    throw new AppError('CONSENT_HELD', {}, { cause });
  }
}

/** Consents as they stand, oldest first. */
export async function listConsents(db: Db, campaignId: string): Promise<Consent[]> {
  return await listConsentRows(db, campaignId);
}

/** Every question, answer, hold and release, in order, for the evidence; conditions stay sealed. */
export async function exportConsentEvents(db: Db, campaignId: string): Promise<ConsentEvent[]> {
  return await listConsentEvents(db, campaignId);
}
