/** SQL of what came of the mails: append-only events, and the state column that caches them. */

import { z } from 'zod';
import { tellingPurposes } from '../../campaign/wave/purpose.ts';
import { type Db, execute, instant, named, rows, sql, type Tx } from '../../platform/postgres/db.ts';
import { type AssignmentReason, type AssignmentState, assignmentReasons, assignmentStates } from '../assignment.ts';
import { awaitingMail, toldByMail } from '../next-step.ts';
import { stopReason } from '../stop-store.ts';
import { acceptedKinds, type MailEventKind, mailEventKinds } from './mail-state.ts';

export type NewMailEvent = {
  readonly assignmentId: string;
  readonly kind: MailEventKind;
  readonly attempt: number;
  readonly at: Date;
  /** Codes only, no words of a server: `550 5.1.1`. */
  readonly code: string;
  readonly textSealed: Buffer | null;
};

const insertedRow = z
  .object({
    ref: z.string(),
    kind: z.enum(mailEventKinds),
    cycle: z.number(),
    at: instant,
    code: z.string(),
    fact_id: z.string(),
    was_accepted: z.boolean(),
    was_told: z.boolean(),
  })
  .transform((found) => ({
    assignmentId: found.ref,
    kind: found.kind,
    attempt: found.cycle,
    at: found.at,
    code: found.code,
    factId: found.fact_id,
    wasAccepted: found.was_accepted,
    wasTold: found.was_told,
  }));
/** `wasAccepted`: this attempt, `wasTold`: any attempt of the place, had been accepted before this event. */
export type InsertedMailEvent = z.output<typeof insertedRow>;

/** Appends events under a new fact's id; those already on record stay as they are and are not returned. */
export async function insertMailEvents(
  tx: Tx,
  campaignId: string,
  events: readonly NewMailEvent[],
): Promise<InsertedMailEvent[]> {
  if (events.length === 0) return [];
  return await rows(
    tx,
    insertedRow,
    named(
      'mail.insert_events',
      sql`with before as (
            select e.ref, e.cycle from delivery.mail_event e
            where e.ref = any(${events.map((event) => event.assignmentId)}::uuid[]) and e.kind = any(${acceptedKinds}::text[]))
          , fact as materialized (select nextval('journal.fact_id_seq') as id)
          , added as (
            insert into delivery.mail_event (campaign_id, ref, kind, cycle, at, code, text_sealed, fact_id)
            select ${campaignId}, u.ref, u.kind, u.cycle, u.at, u.code, u.text_sealed, fact.id
            from unnest(${events.map((event) => event.assignmentId)}::uuid[], ${events.map((event) => event.kind)}::text[],
              ${events.map((event) => event.attempt)}::int[], ${events.map((event) => event.at)}::timestamptz[],
              ${events.map((event) => event.code)}::text[], ${events.map((event) => event.textSealed)}::bytea[])
              as u(ref, kind, cycle, at, code, text_sealed), fact
            on conflict (ref, kind, cycle) do nothing
            returning ref, kind, cycle, at, code, fact_id)
          select a.*, exists (select 1 from before b where b.ref = a.ref and b.cycle = a.cycle) as was_accepted,
            exists (select 1 from before b where b.ref = a.ref) as was_told
          from added a`,
    ),
  );
}

export type PlaceStateChange = {
  readonly assignmentId: string;
  readonly attempt: number;
  readonly state: AssignmentState;
  readonly reason: AssignmentReason | null;
  readonly dueAt: Date | null;
};

const changed = (
  changes: readonly PlaceStateChange[],
) => sql`unnest(${changes.map((change) => change.assignmentId)}::uuid[],
    ${changes.map((change) => change.attempt)}::int[], ${changes.map((change) => change.state)}::text[],
    ${changes.map((change) => change.reason)}::text[], ${changes.map((change) => change.dueAt)}::timestamptz[])
    as u(id, attempt, state, reason, due_at)`;

const newState = sql`state = u.state, reason = u.reason, due_at = u.due_at,
    owner_id = case when u.state = 'submitting' then a.owner_id end, chunk_id = case when u.state <> 'excluded' then a.chunk_id end,
    deadline_at = case when u.state in ('submitting', 'uncertain') then a.deadline_at end, changed_at = clock_timestamp()`;

/** Writes states of places that are still at the given attempt. Returns the people behind those it changed. */
export async function updateStates(tx: Tx, changes: readonly PlaceStateChange[]): Promise<string[]> {
  const found = await rows(
    tx,
    z.object({ person_ref: z.string() }),
    sql`update delivery.assignment a set ${newState} from ${changed(changes)}
        where a.id = u.id and a.attempt = u.attempt returning a.person_ref`,
  );
  return found.map(({ person_ref }) => person_ref);
}

const settledRow = z
  .object({ id: z.string(), person_ref: z.string(), is_told: z.boolean() })
  .transform((found) => ({ assignmentId: found.id, personRef: found.person_ref, isTold: found.is_told }));

/**
 * The short way of the usual case: places that are still in flight get their state, and people who wait for nothing but an
 * accepted mail are told (`isTold`), their rows locked in the order of their refs. Everybody else is left to `advancePeople`,
 * and a place that is not in flight to its history.
 */
export async function settleInFlight(
  tx: Tx,
  campaignId: string,
  changes: readonly PlaceStateChange[],
): Promise<z.output<typeof settledRow>[]> {
  return await rows(
    tx,
    settledRow,
    named(
      'mail.settle_in_flight',
      sql`with settled as (
            update delivery.assignment a set ${newState} from ${changed(changes)}
            where a.id = u.id and a.attempt = u.attempt and a.state = 'submitting'
            returning a.id, a.person_ref, a.wave_id, a.state)
          , waiting as (
            select p.ref from delivery.person p
            where p.campaign_id = ${campaignId} and p.outcome = any(${awaitingMail}::text[]) and not p.letter_required
              and p.ref in (select s.person_ref from settled s
                join delivery.wave w on w.campaign_id = ${campaignId} and w.wave_id = s.wave_id
                where s.state = 'accepted' and w.purpose = any(${tellingPurposes}::text[]))
            order by p.ref for update of p)
          , told as (
            update delivery.person p set term = ${toldByMail.term}, outcome = ${toldByMail.outcome}, step = null, due_on = null
            from waiting where p.campaign_id = ${campaignId} and p.ref = waiting.ref returning p.ref)
          select s.id, s.person_ref, exists (select 1 from told t where t.ref = s.person_ref) as is_told from settled s`,
    ),
  );
}

const historyRow = z
  .object({
    id: z.string(),
    person_ref: z.string(),
    attempt: z.number(),
    state: z.enum(assignmentStates),
    reason: z.enum(assignmentReasons).nullable(),
    stop_reason: z.enum(['person_excluded', 'person_substituted']).nullable(),
    deadline_at: instant.nullable(),
    last_deadline_at: instant.nullable(),
    due_at: instant.nullable(),
    events: z.array(z.object({ kind: z.enum(mailEventKinds), cycle: z.number() })),
  })
  .transform((found) => ({
    assignmentId: found.id,
    personRef: found.person_ref,
    attempts: found.attempt,
    state: found.state,
    reason: found.reason,
    stopReason: found.stop_reason,
    lastDeadlineAt: found.last_deadline_at,
    dueAt: found.due_at,
    events: found.events,
  }));
/** `stopReason`: why nothing more may go out to this person; null for nearly everyone. */
export type MailHistory = z.output<typeof historyRow>;

/** The places with all their events, locked in the order of their people. */
export async function lockMails(tx: Tx, assignmentIds: readonly string[]): Promise<MailHistory[]> {
  return await rows(
    tx,
    historyRow,
    sql`select a.id, a.person_ref, a.attempt, a.state, a.reason, a.deadline_at, a.due_at,
          ${stopReason(sql`a.campaign_id`, sql`a.person_ref`)} as stop_reason,
          (select max(m.deadline_at) from delivery.mail_attempt m where m.assignment_id = a.id) as last_deadline_at,
          coalesce((select jsonb_agg(jsonb_build_object('kind', e.kind, 'cycle', e.cycle)) from delivery.mail_event e where e.ref = a.id), '[]') as events
        from delivery.assignment a where a.id = any(${assignmentIds}::uuid[]) order by a.person_ref for update of a`,
  );
}

/** First attempts older than `hours` at `now`: whoever is still deferred then goes on to the letter. */
export async function listOldAttempts(
  db: Db,
  assignmentIds: readonly string[],
  hours: number,
  now: Date,
): Promise<Set<string>> {
  const found = await rows(
    db,
    z.object({ assignment_id: z.string() }),
    sql`select assignment_id from delivery.mail_attempt where assignment_id = any(${assignmentIds}::uuid[]) and attempt = 1
          and submitted_at < ${now}::timestamptz - ${hours} * interval '1 hour'`,
  );
  return new Set(found.map((each) => each.assignment_id));
}

/** Opens the chunks again in which these places lie, because a mail in them may be sent again. */
export async function reopenChunks(tx: Tx, assignmentIds: readonly string[], dueAt: Date): Promise<void> {
  await execute(
    tx,
    sql`update delivery.chunk c set state = 'open', due_at = ${dueAt}, epoch = c.epoch + 1
        where c.state = 'done' and c.id in (select a.chunk_id from delivery.assignment a where a.id = any(${assignmentIds}::uuid[]))`,
  );
}

/** All events of one person's mails, oldest first, with the notice they belong to; sealed texts stay sealed. */
export async function listPersonMailEvents(db: Db, campaignId: string, personRef: string) {
  return await rows(
    db,
    z
      .object({
        wave_id: z.string(),
        kind: z.enum(mailEventKinds),
        cycle: z.number(),
        at: instant,
        code: z.string(),
        fact_id: z.coerce.number().int(),
      })
      .transform(({ wave_id, cycle, fact_id, ...event }) => ({
        waveId: wave_id,
        attempt: cycle,
        factId: fact_id,
        ...event,
      })),
    sql`select a.wave_id, e.kind, e.cycle, e.at, e.code, e.fact_id
        from delivery.assignment a join delivery.mail_event e on e.ref = a.id
        where a.campaign_id = ${campaignId} and a.person_ref = ${personRef} order by e.at, e.id`,
  );
}
