/** SQL of planning: the waves of the plan that runs, how far its list has been placed, and the people and places it adds. */
import { z } from 'zod';
import { type Db, execute, instant, maybeRow, rows, sql, type Tx } from '../platform/postgres/db.ts';
import type { Standing } from './next-step.ts';
import type { Outcome } from './outcome.ts';
import type { RulesRecord, WaveRecord } from './wave-store.ts';

/** How far the list version of a plan has been placed. */
export type PlannedList = { readonly listVersion: number; readonly lastRank: number; readonly plannedAt: Date | null };

const plannedListRow = z
  .object({ list_version: z.number(), last_rank: z.number(), planned_at: instant.nullable() })
  .transform(
    (found): PlannedList => ({
      listVersion: found.list_version,
      lastRank: found.last_rank,
      plannedAt: found.planned_at,
    }),
  );

/** False when the plan was begun before. */
export async function insertPlannedList(
  tx: Tx,
  campaignId: string,
  planId: string,
  listVersion: number,
): Promise<boolean> {
  const inserted = await execute(
    tx,
    sql`insert into delivery.planned_list (campaign_id, plan_id, list_version) values (${campaignId}, ${planId}, ${listVersion})
        on conflict (campaign_id, plan_id) do nothing`,
  );
  return inserted === 1;
}

export async function findPlannedList(db: Db, campaignId: string, planId: string): Promise<PlannedList | null> {
  return await maybeRow(
    db,
    plannedListRow,
    sql`select list_version, last_rank, planned_at from delivery.planned_list where campaign_id = ${campaignId} and plan_id = ${planId}`,
  );
}

/** The list versions that plans of this campaign placed people of, oldest first. */
export async function listPlannedVersions(db: Db, campaignId: string): Promise<number[]> {
  const found = await rows(
    db,
    z.object({ list_version: z.number() }),
    sql`select distinct list_version from delivery.planned_list where campaign_id = ${campaignId} order by list_version`,
  );
  return found.map(({ list_version }) => list_version);
}

export async function advancePlannedList(tx: Tx, campaignId: string, planId: string, lastRank: number): Promise<void> {
  await execute(
    tx,
    sql`update delivery.planned_list set last_rank = ${lastRank} where campaign_id = ${campaignId} and plan_id = ${planId} and last_rank < ${lastRank}`,
  );
}

export async function finishPlannedList(tx: Tx, campaignId: string, planId: string, at: Date): Promise<void> {
  await execute(
    tx,
    sql`update delivery.planned_list set planned_at = ${at} where campaign_id = ${campaignId} and plan_id = ${planId}`,
  );
  await execute(
    tx,
    sql`update delivery.wave set planned_at = ${at} where campaign_id = ${campaignId} and plan_id = ${planId} and planned_at is null`,
  );
}

/** A wave of an earlier plan goes on under the new one: its texts, dates and gift are the newly approved ones. */
export async function upsertWave(tx: Tx, wave: Omit<WaveRecord, 'plannedAt' | 'lookedRank'>): Promise<void> {
  await execute(
    tx,
    sql`insert into delivery.wave (campaign_id, wave_id, plan_id, ordinal, channel, purpose, segments, gift, fallback_of, told_by,
          start_at, latest_at, released_at)
        values (${wave.campaignId}, ${wave.waveId}, ${wave.planId}, ${wave.ordinal}, ${wave.channel}, ${wave.purpose}, ${wave.segments},
          ${wave.gift}, ${wave.fallbackOf}, ${wave.toldBy ?? null}, ${wave.startAt}, ${wave.latestAt}, ${wave.releasedAt})
        on conflict (campaign_id, wave_id) do update set plan_id = excluded.plan_id, ordinal = excluded.ordinal, purpose = excluded.purpose,
          segments = excluded.segments, gift = excluded.gift, fallback_of = excluded.fallback_of, told_by = excluded.told_by, looked_rank = -1,
          start_at = excluded.start_at, latest_at = excluded.latest_at, released_at = excluded.released_at, planned_at = null`,
  );
}

/** People with an unbegun place in a wave that the running plan no longer has. */
export async function excludeDroppedPlaces(tx: Tx, campaignId: string, planId: string): Promise<string[]> {
  const found = await rows(
    tx,
    z.object({ person_ref: z.string() }),
    sql`update delivery.assignment a set state = 'excluded', reason = 'withdrawn', chunk_id = null, changed_at = clock_timestamp()
        from delivery.wave w where w.campaign_id = a.campaign_id and w.wave_id = a.wave_id and w.campaign_id = ${campaignId}
          and w.plan_id <> ${planId} and a.state in ('pending', 'deferred')
        returning a.person_ref`,
  );
  return [...new Set(found.map(({ person_ref }) => person_ref))];
}

export async function upsertRules(tx: Tx, campaignId: string, rules: RulesRecord): Promise<void> {
  await execute(
    tx,
    sql`insert into delivery.rules (campaign_id, plan_id, uncertain_days, returned_days, undecided_days, deferred_hours, has_substitute)
        values (${campaignId}, ${rules.planId}, ${rules.uncertainDays}, ${rules.returnedDays}, ${rules.undecidedDays}, ${rules.deferredHours}, ${rules.hasSubstitute})
        on conflict (campaign_id) do update set plan_id = excluded.plan_id, uncertain_days = excluded.uncertain_days,
          returned_days = excluded.returned_days, undecided_days = excluded.undecided_days, deferred_hours = excluded.deferred_hours,
          has_substitute = excluded.has_substitute`,
  );
}

export type NewAssignment = {
  id: string;
  waveId: string;
  personRef: string;
  noticeId: string | null;
  rank: number;
  siteKey: Buffer | null;
};

/** Tells the planner what planning has filled; autovacuum would be a minute late, and the first chunks plan as if nobody were there. */
export async function analyzePlaces(db: Db): Promise<void> {
  await execute(db, sql`analyze delivery.person, delivery.assignment`);
}

/** Set-wise; a place that was closed before anything began is opened again, any other is kept. Returns how many became open. */
export async function insertAssignments(tx: Tx, campaignId: string, places: readonly NewAssignment[]): Promise<number> {
  if (places.length === 0) return 0;
  return await execute(
    tx,
    sql`insert into delivery.assignment (id, campaign_id, wave_id, person_ref, notice_id, rank, site_key)
        select id, ${campaignId}, wave_id, person_ref, notice_id, rank, site_key
        from unnest(${places.map((p) => p.id)}::uuid[], ${places.map((p) => p.waveId)}::text[], ${places.map((p) => p.personRef)}::uuid[],
          ${places.map((p) => p.noticeId)}::uuid[], ${places.map((p) => p.rank)}::int[], ${places.map((p) => p.siteKey)}::bytea[])
          as u(id, wave_id, person_ref, notice_id, rank, site_key)
        on conflict (campaign_id, wave_id, person_ref) do update set state = 'pending', reason = null, changed_at = clock_timestamp()
          where assignment.state = 'excluded' and assignment.attempt = 0
            and not exists (select 1 from delivery.piece p where p.assignment_id = assignment.id)`,
  );
}

export type PersonStanding = Standing & {
  ref: string;
  rank: number;
  segment: string | null;
  variant: string | null;
  unplaced: Outcome | null;
  letterRequired: boolean;
  hasEmail: boolean;
  hasAddress: boolean;
  /** Keyed hash of the e-mail's domain; null without e-mail. */
  siteKey: Buffer | null;
  /** The list version that holds the person. */
  listedVersion: number;
};

/** Set-wise insert of people who are new to the campaign; known ones stay as they are. Returns the new ones' refs. */
export async function insertPeople(
  tx: Tx,
  campaignId: string,
  people: readonly PersonStanding[],
): Promise<Set<string>> {
  const inserted = await rows(
    tx,
    z.object({ ref: z.string() }),
    sql`insert into delivery.person (campaign_id, ref, rank, segment, variant, unplaced, letter_required, has_email, has_address, site_key, listed_version, term, outcome, step, due_on)
        select ${campaignId}, u.* from unnest(${people.map((p) => p.ref)}::uuid[], ${people.map((p) => p.rank)}::int[], ${people.map((p) => p.segment)}::text[],
          ${people.map((p) => p.variant)}::text[], ${people.map((p) => p.unplaced)}::text[],
          ${people.map((p) => p.letterRequired)}::bool[], ${people.map((p) => p.hasEmail)}::bool[], ${people.map((p) => p.hasAddress)}::bool[],
          ${people.map((p) => p.siteKey)}::bytea[], ${people.map((p) => p.listedVersion)}::int[],
          ${people.map((p) => p.term)}::text[], ${people.map((p) => p.outcome)}::text[], ${people.map((p) => p.step)}::text[],
          ${people.map((p) => p.dueOn)}::date[]) as u
        on conflict (campaign_id, ref) do nothing returning ref`,
  );
  return new Set(inserted.map(({ ref }) => ref));
}

/** What a later list version and plan say about people who were placed before. */
export async function updatePeople(tx: Tx, campaignId: string, people: readonly PersonStanding[]): Promise<void> {
  await execute(
    tx,
    sql`update delivery.person p set rank = u.rank, segment = u.segment, variant = u.variant, unplaced = u.unplaced,
          letter_required = u.letter_required, has_email = u.has_email, has_address = u.has_address,
          site_key = u.site_key, listed_version = u.listed_version
        from unnest(${people.map((p) => p.ref)}::uuid[], ${people.map((p) => p.rank)}::int[], ${people.map((p) => p.segment)}::text[],
          ${people.map((p) => p.variant)}::text[], ${people.map((p) => p.unplaced)}::text[], ${people.map((p) => p.letterRequired)}::bool[],
          ${people.map((p) => p.hasEmail)}::bool[], ${people.map((p) => p.hasAddress)}::bool[], ${people.map((p) => p.siteKey)}::bytea[],
          ${people.map((p) => p.listedVersion)}::int[])
          as u(ref, rank, segment, variant, unplaced, letter_required, has_email, has_address, site_key, listed_version)
        where p.campaign_id = ${campaignId} and p.ref = u.ref`,
  );
}

/** Which of these people have no place that is kept or begun, and are not told or decided: a new plan may place them. */
export async function listPlaceless(tx: Tx, campaignId: string, refs: readonly string[]): Promise<Set<string>> {
  const found = await rows(
    tx,
    z.object({ ref: z.string() }),
    sql`select p.ref from delivery.person p
        where p.campaign_id = ${campaignId} and p.ref = any(${refs}::uuid[]) and p.term in ('underway', 'undecided')
          and not exists (select 1 from delivery.assignment a where a.campaign_id = p.campaign_id and a.person_ref = p.ref and a.state <> 'excluded')`,
  );
  return new Set(found.map(({ ref }) => ref));
}
