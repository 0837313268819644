/** SQL of where every person stands: histories, standings, decisions by name, and the counts of the person equation. */
import { z } from 'zod';
import { tellingChannels } from '../campaign/wave/channel.ts';
import { tellingPurposes } from '../campaign/wave/purpose.ts';
import { type Db, day, execute, int8, maybeRow, row, rows, sql, type Tx } from '../platform/postgres/db.ts';
import { assignmentReasons, assignmentStates } from './assignment.ts';
import type { Standing } from './next-step.ts';
import { exclusionReasons, type Outcome, outcomes, personTerms } from './outcome.ts';

const historyRow = z.object({
  ref: z.string(),
  segment: z.string().nullable(),
  unplaced: z.enum(outcomes).nullable(),
  letter_required: z.boolean(),
  has_address: z.boolean(),
  decision: z.enum(['substituted', 'excluded', 'readmitted']).nullable(),
  decision_code: z
    .enum([...exclusionReasons, 'public_notice', 'none'])
    .nullable()
    .catch(null),
  released: z.boolean(),
  places: z
    .array(
      z.object({
        channel: z.enum(tellingChannels),
        state: z.enum(assignmentStates),
        reason: z.enum(assignmentReasons).nullable(),
        latestAt: z.coerce.date(),
        changedAt: z.coerce.date(),
      }),
    )
    .nullable(),
});
export type HistoryRecord = z.output<typeof historyRow>;

/** The histories of people, their rows locked, in one statement. */
export async function lockPeople(tx: Tx, campaignId: string, refs: readonly string[]): Promise<HistoryRecord[]> {
  return await rows(
    tx,
    historyRow,
    sql`select p.ref, p.segment, p.unplaced, p.letter_required, p.has_address, d.kind as decision, d.code as decision_code,
          exists (select 1 from delivery.person_event r where r.ref = p.ref and r.campaign_id = p.campaign_id and r.kind = 'released_from_letter') as released,
          (select jsonb_agg(jsonb_build_object('channel', w.channel, 'state', a.state, 'reason', a.reason, 'latestAt', w.latest_at, 'changedAt', a.changed_at)
             order by w.ordinal)
           from delivery.assignment a join delivery.wave w on w.campaign_id = a.campaign_id and w.wave_id = a.wave_id
           where a.campaign_id = p.campaign_id and a.person_ref = p.ref and w.channel = any(${tellingChannels}::text[]) and w.purpose = any(${tellingPurposes}::text[])) as places
        from delivery.person p
        left join lateral (select e.kind, e.code from delivery.person_event e where e.campaign_id = p.campaign_id and e.ref = p.ref
          and e.kind in ('substituted', 'excluded', 'readmitted') order by e.id desc limit 1) d on true
        where p.campaign_id = ${campaignId} and p.ref = any(${refs}::uuid[])
        order by p.ref for update of p`,
  );
}

/** Writes new standings set-wise; unchanged ones are not touched. */
export async function updateStandings(
  tx: Tx,
  campaignId: string,
  standings: readonly (Standing & { ref: string })[],
): Promise<void> {
  if (standings.length === 0) return;
  await execute(
    tx,
    sql`update delivery.person p set term = u.term, outcome = u.outcome, step = u.step, due_on = u.due_on
        from unnest(${standings.map((s) => s.ref)}::uuid[], ${standings.map((s) => s.term)}::text[], ${standings.map((s) => s.outcome)}::text[],
          ${standings.map((s) => s.step)}::text[], ${standings.map((s) => s.dueOn)}::date[]) as u(ref, term, outcome, step, due_on)
        where p.campaign_id = ${campaignId} and p.ref = u.ref
          and (p.term, p.outcome, p.step, p.due_on) is distinct from (u.term, u.outcome, u.step, u.due_on)`,
  );
}

/** Whether anybody's date has passed, from the counters: nearly every sweep finds nobody and looks no further. */
export async function isAnyoneOverdue(db: Db, campaignId: string, today: string): Promise<boolean> {
  const { overdue } = await row(
    db,
    z.object({ overdue: z.boolean() }),
    sql`select coalesce(sum(people), 0) > 0 as overdue from delivery.person_tally where campaign_id = ${campaignId}
          and due_on < ${today}::date and outcome in ('mail_uncertain', 'letter_returned')`,
  );
  return overdue;
}

/** People whose date has passed, or whose next letter has no place yet; in rank order. */
export async function listDuePeople(
  db: Db,
  campaignId: string,
  today: string,
  limit: number,
  afterRank: number,
): Promise<{ ref: string; rank: number }[]> {
  return await rows(
    db,
    z.object({ ref: z.string(), rank: z.number() }),
    sql`select ref, rank from delivery.person where campaign_id = ${campaignId} and rank > ${afterRank}
          and term = 'underway' and due_on < ${today}::date and outcome in ('mail_uncertain', 'letter_returned')
        order by rank limit ${limit}`,
  );
}

/** People for whom a letter is due and who have no open place in a letter wave. */
export async function listLetterDue(
  db: Db,
  campaignId: string,
  limit: number,
): Promise<{ ref: string; rank: number; segment: string }[]> {
  return await rows(
    db,
    z.object({ ref: z.string(), rank: z.number(), segment: z.string() }),
    sql`select ref, rank, segment from delivery.person
        where campaign_id = ${campaignId} and outcome = 'letter_due' and segment is not null order by rank limit ${limit}`,
  );
}

export const outcomeCountRow = z
  .object({ term: z.enum(personTerms), outcome: z.enum(outcomes), people: int8, due: day.nullable() })
  .transform(({ due, ...count }) => ({ ...count, earliestDueOn: due }));
export type OutcomeCount = z.output<typeof outcomeCountRow>;

/** How many people stand where, by outcome word, from the counters that the transactions keep which move people. */
export async function countOutcomes(db: Db, campaignId: string): Promise<OutcomeCount[]> {
  return await rows(
    db,
    outcomeCountRow,
    sql`select term, outcome, sum(people) as people, nullif(min(due_on), 'infinity') as due
        from (select term, outcome, due_on, sum(people) as people from delivery.person_tally where campaign_id = ${campaignId}
          group by term, outcome, due_on having sum(people) <> 0) d
        group by term, outcome order by term, outcome`,
  );
}

const personRow = z
  .object({
    ref: z.string(),
    term: z.enum(personTerms),
    outcome: z.enum(outcomes),
    step: z.string().nullable(),
    due_on: day.nullable(),
  })
  .transform(({ due_on, ...found }) => ({ ...found, dueOn: due_on }));

export async function findStanding(
  db: Db,
  campaignId: string,
  ref: string,
): Promise<z.output<typeof personRow> | null> {
  return await maybeRow(
    db,
    personRow,
    sql`select ref, term, outcome, step, due_on from delivery.person where campaign_id = ${campaignId} and ref = ${ref}`,
  );
}

/** People with one of the outcomes, in rank order, for a decision by name. */
export async function listPeopleByOutcome(
  db: Db,
  campaignId: string,
  wanted: readonly Outcome[],
  limit = 1_000_000,
): Promise<string[]> {
  const found = await rows(
    db,
    z.object({ ref: z.string() }),
    sql`select ref from delivery.person where campaign_id = ${campaignId} and outcome = any(${wanted}::text[]) order by rank limit ${limit}`,
  );
  return found.map(({ ref }) => ref);
}

export type WaitingPerson = { readonly ref: string; readonly outcome: Outcome; readonly dueOn: string | null };

/** As `listPeopleByOutcome`, with the day by which something must happen; those due first in front. */
export async function listWaitingPeople(
  db: Db,
  campaignId: string,
  wanted: readonly Outcome[],
): Promise<WaitingPerson[]> {
  const found = await rows(
    db,
    z.object({ ref: z.string(), outcome: z.enum(outcomes), due_on: day.nullable() }),
    sql`select ref, outcome, due_on from delivery.person
        where campaign_id = ${campaignId} and outcome = any(${wanted}::text[]) order by due_on nulls last, rank`,
  );
  return found.map(({ due_on, ...person }) => ({ ...person, dueOn: due_on }));
}

/** Appends decisions about people; returns those that are new (the cycle counts each person's decisions of the kind). */
export async function insertPersonEvents(
  tx: Tx,
  campaignId: string,
  refs: readonly string[],
  event: { kind: string; code: string; at: Date; factId: string },
): Promise<{ ref: string; cycle: number }[]> {
  return await rows(
    tx,
    z.object({ ref: z.string(), cycle: z.number() }),
    sql`insert into delivery.person_event (campaign_id, ref, kind, cycle, at, code, fact_id)
        select ${campaignId}, p.ref, ${event.kind},
          1 + (select count(*) from delivery.person_event e where e.ref = p.ref and e.kind = ${event.kind}), ${event.at}, ${event.code}, ${event.factId}
        from delivery.person p where p.campaign_id = ${campaignId} and p.ref = any(${refs}::uuid[])
        on conflict (ref, kind, cycle) do nothing returning ref, cycle`,
  );
}
