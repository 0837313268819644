/** SQL of consents. The held counters are changed by one guarded update each; the events beside them recompute them. */
import { z } from 'zod';
import { toDay } from '../../kernel/calendar.ts';
import type { CostCategory } from '../../kernel/cost-category.ts';
import { type Db, day, execute, instant, int8, maybeRow, rows, sql, type Tx } from '../../platform/postgres/db.ts';
import { costCategorySchema } from '../policy/policy-terms.ts';
import { type Consent, type ConsentAnswer, type ConsentForm, consentAnswers, consentForms } from './consent.ts';

const consentRow = z
  .object({
    id: z.string(),
    category: costCategorySchema,
    vendor: z.string().nullable(),
    answer: z.enum(consentAnswers),
    form: z.enum(consentForms),
    unit_price_cap_yen: int8.nullable(),
    quantity_cap: int8.nullable(),
    amount_cap_yen: int8.nullable(),
    valid_to: day.nullable(),
    held_quantity: int8,
    held_yen: int8,
  })
  .transform(
    (found): Consent => ({
      id: found.id,
      category: found.category,
      vendor: found.vendor,
      answer: found.answer,
      form: found.form,
      unitPriceCapYen: found.unit_price_cap_yen,
      quantityCap: found.quantity_cap,
      amountCapYen: found.amount_cap_yen,
      validTo: found.valid_to,
      heldQuantity: found.held_quantity,
      heldYen: found.held_yen,
    }),
  );

/** What may be granted with an answer. */
export type ConsentTerms = {
  answer: ConsentAnswer;
  form: ConsentForm;
  unitPriceCapYen: number | null;
  quantityCap: number | null;
  amountCapYen: number | null;
  validTo: string | null;
};

export async function insertConsent(
  tx: Tx,
  consent: ConsentTerms & {
    id: string;
    campaignId: string;
    category: CostCategory;
    vendor: string | null;
    createdAt: Date;
  },
): Promise<void> {
  await execute(
    tx,
    sql`insert into campaign.consent (id, campaign_id, category, vendor, answer, form, unit_price_cap_yen, quantity_cap,
          amount_cap_yen, valid_to, created_at)
        values (${consent.id}, ${consent.campaignId}, ${consent.category}, ${consent.vendor}, ${consent.answer}, ${consent.form},
          ${consent.unitPriceCapYen}, ${consent.quantityCap}, ${consent.amountCapYen}, ${consent.validTo}, ${consent.createdAt})`,
  );
}

/** A later answer to the same question. False when there is no such consent. Caps below what is held are refused by the table. */
export async function updateAnswer(
  tx: Tx,
  campaignId: string,
  consentId: string,
  terms: ConsentTerms,
): Promise<boolean> {
  const changed = await execute(
    tx,
    sql`update campaign.consent set answer = ${terms.answer}, form = ${terms.form}, unit_price_cap_yen = ${terms.unitPriceCapYen},
          quantity_cap = ${terms.quantityCap}, amount_cap_yen = ${terms.amountCapYen}, valid_to = ${terms.validTo}
        where campaign_id = ${campaignId} and id = ${consentId}`,
  );
  return changed === 1;
}

export async function insertConsentEvent(
  tx: Tx,
  event: {
    id: string;
    consentId: string;
    kind: ConsentAnswer | 'held' | 'released';
    answeredBy: string | null;
    actorId: string | null;
    conditionsSealed: Buffer | null;
    documentSha256: string | null;
    quantity: number;
    yen: number;
    happenedOn: string;
    at: Date;
    factId: string;
  },
): Promise<void> {
  await execute(
    tx,
    sql`insert into campaign.consent_event (id, consent_id, kind, answered_by, actor_id, conditions_sealed, document_sha256,
          quantity, yen, happened_on, at, fact_id)
        values (${event.id}, ${event.consentId}, ${event.kind}, ${event.answeredBy}, ${event.actorId}, ${event.conditionsSealed},
          ${event.documentSha256}, ${event.quantity}, ${event.yen}, ${event.happenedOn}, ${event.at}, ${event.factId})`,
  );
}

export async function findConsent(db: Db, campaignId: string, consentId: string): Promise<Consent | null> {
  return await maybeRow(
    db,
    consentRow,
    sql`select * from campaign.consent where campaign_id = ${campaignId} and id::text = ${consentId}`,
  );
}

export async function listConsentRows(db: Db, campaignId: string): Promise<Consent[]> {
  return await rows(
    db,
    consentRow,
    sql`select * from campaign.consent where campaign_id = ${campaignId} order by created_at, id`,
  );
}

/** The latest day on which this consent was asked for or answered; null without one. */
export async function findAnswerDay(db: Db, consentId: string): Promise<string | null> {
  const found = await maybeRow(
    db,
    z.object({ happened_on: day.nullable(), at: instant }),
    sql`select happened_on, at from campaign.consent_event
        where consent_id::text = ${consentId} and kind not in ('held', 'released') order by fact_id desc limit 1`,
  );
  return found === null ? null : (found.happened_on ?? toDay(found.at));
}

const consentEventRow = z
  .object({
    id: z.string(),
    consent_id: z.string(),
    kind: z.string(),
    answered_by: z.string().nullable(),
    actor_id: z.string().nullable(),
    conditions_sealed: z.instanceof(Buffer).nullable(),
    document_sha256: z.string().nullable(),
    quantity: int8,
    yen: int8,
    happened_on: day.nullable(),
    at: instant,
  })
  .transform((found) => ({
    id: found.id,
    consentId: found.consent_id,
    kind: found.kind,
    answeredBy: found.answered_by,
    actorId: found.actor_id,
    conditionsSealed: found.conditions_sealed,
    documentSha256: found.document_sha256,
    quantity: found.quantity,
    yen: found.yen,
    /** Japan's day of what happened; `at` is when it was entered. */
    happenedOn: found.happened_on ?? toDay(found.at),
    at: found.at,
  }));
export type ConsentEvent = z.output<typeof consentEventRow>;

export async function listConsentEvents(db: Db, campaignId: string): Promise<ConsentEvent[]> {
  return await rows(
    db,
    consentEventRow,
    sql`select e.* from campaign.consent_event e join campaign.consent c on c.id = e.consent_id
        where c.campaign_id = ${campaignId} order by e.fact_id`,
  );
}
