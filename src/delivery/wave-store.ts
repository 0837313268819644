/** SQL of waves and the places in them. */
import { z } from 'zod';
import { channels, tellingChannels } from '../campaign/wave/channel.ts';
import { noticePurposes } from '../campaign/wave/purpose.ts';
import { type Db, execute, instant, int8, maybeRow, row, rows, sql, type Tx } from '../platform/postgres/db.ts';
import { type AssignmentReason, assignmentStates, termOfState, type WaveTerm, waveTerms } from './assignment.ts';

const waveRow = z
  .object({
    campaign_id: z.string(),
    wave_id: z.string(),
    plan_id: z.string(),
    ordinal: z.number(),
    channel: z.enum(channels),
    purpose: z.enum(noticePurposes),
    segments: z.array(z.string()),
    gift: z.string().nullable(),
    fallback_of: z.string().nullable(),
    told_by: z.array(z.enum(tellingChannels)).nullable(),
    looked_rank: z.number(),
    start_at: instant,
    latest_at: instant,
    released_at: instant.nullable(),
    planned_at: instant.nullable(),
  })
  .transform((found) => ({
    campaignId: found.campaign_id,
    waveId: found.wave_id,
    planId: found.plan_id,
    ordinal: found.ordinal,
    channel: found.channel,
    purpose: found.purpose,
    segments: found.segments,
    gift: found.gift,
    fallbackOf: found.fallback_of,
    toldBy: found.told_by,
    lookedRank: found.looked_rank,
    startAt: found.start_at,
    latestAt: found.latest_at,
    releasedAt: found.released_at,
    plannedAt: found.planned_at,
  }));
export type WaveRecord = z.output<typeof waveRow>;

export async function listWaves(db: Db, campaignId: string): Promise<WaveRecord[]> {
  return await rows(db, waveRow, sql`select * from delivery.wave where campaign_id = ${campaignId} order by ordinal`);
}

export async function findWave(db: Db, campaignId: string, waveId: string): Promise<WaveRecord | null> {
  return await maybeRow(
    db,
    waveRow,
    sql`select * from delivery.wave where campaign_id = ${campaignId} and wave_id = ${waveId}`,
  );
}

export type RulesRecord = {
  planId: string;
  uncertainDays: number;
  returnedDays: number;
  undecidedDays: number;
  deferredHours: number;
  /** The plan names a substitute measure for people whom no wave can reach. */
  hasSubstitute: boolean;
};

export async function getRules(db: Db, campaignId: string): Promise<RulesRecord> {
  const schema = z
    .object({
      plan_id: z.string(),
      uncertain_days: z.number(),
      returned_days: z.number(),
      undecided_days: z.number(),
      deferred_hours: z.number(),
      has_substitute: z.boolean(),
    })
    .transform((found) => ({
      planId: found.plan_id,
      uncertainDays: found.uncertain_days,
      returnedDays: found.returned_days,
      undecidedDays: found.undecided_days,
      deferredHours: found.deferred_hours,
      hasSubstitute: found.has_substitute,
    }));
  return await row(db, schema, sql`select * from delivery.rules where campaign_id = ${campaignId}`);
}

export type WaveCounts = Record<WaveTerm, number> & { total: number };

export const placeCountRow = z.object({ wave_id: z.string(), state: z.enum(assignmentStates), count: int8 });

/** The wave equation's terms, from the counters that the transactions keep which move places. */
export async function countWaves(db: Db, campaignId: string): Promise<Map<string, WaveCounts>> {
  const found = await rows(
    db,
    placeCountRow,
    sql`select wave_id, state, sum(places) as count from delivery.place_tally where campaign_id = ${campaignId}
        group by wave_id, state having sum(places) <> 0`,
  );
  return sumWaves(found);
}

/** Counts by state added up to the terms of each wave's equation. */
export function sumWaves(found: readonly z.output<typeof placeCountRow>[]): Map<string, WaveCounts> {
  const counts = new Map<string, WaveCounts>();
  for (const { wave_id, state, count } of found) {
    const wave = counts.get(wave_id) ?? {
      total: 0,
      ...(Object.fromEntries(waveTerms.map((term) => [term, 0])) as Record<WaveTerm, number>),
    };
    wave.total += count;
    wave[termOfState[state]] += count;
    counts.set(wave_id, wave);
  }
  return counts;
}

/** The waves in which somebody waits for the next mail or lot; one look at an index per wave, whatever its size. */
export async function listWavesWaiting(db: Db, campaignId: string): Promise<Set<string>> {
  const found = await rows(
    db,
    z.object({ wave_id: z.string() }),
    sql`select w.wave_id from delivery.wave w where w.campaign_id = ${campaignId} and exists (select 1 from delivery.assignment a
          where a.campaign_id = w.campaign_id and a.wave_id = w.wave_id and a.state in ('pending', 'deferred'))`,
  );
  return new Set(found.map(({ wave_id }) => wave_id));
}

/**
 * Takes people out of places that are not begun yet, so that a decision by name also stops what is planned. Locked in the order
 * of the ranks, as a lot takes them, or the two could wait for each other.
 */
export async function excludePendingPlaces(
  tx: Tx,
  campaignId: string,
  refs: readonly string[],
  reason: AssignmentReason,
): Promise<number> {
  return await execute(
    tx,
    sql`update delivery.assignment set state = 'excluded', reason = ${reason}, changed_at = clock_timestamp(), chunk_id = null
        where id in (select id from delivery.assignment
          where campaign_id = ${campaignId} and person_ref = any(${refs}::uuid[]) and state in ('pending', 'deferred')
          order by rank, wave_id for update)`,
  );
}

/** Gives people back the places that a decision about them had closed. */
export async function reopenPlaces(tx: Tx, campaignId: string, refs: readonly string[]): Promise<number> {
  return await execute(
    tx,
    sql`update delivery.assignment set state = 'pending', reason = null, changed_at = clock_timestamp()
        where campaign_id = ${campaignId} and person_ref = any(${refs}::uuid[]) and state = 'excluded'
          and reason in ('person_excluded', 'person_substituted')`,
  );
}
