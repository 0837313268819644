/** SQL of waves that follow: told people who get a supplement, a correction, a retraction or a card, a window of ranks at a time. */
import { z } from 'zod';
import type { Reach } from '../campaign/wave/channel.ts';
import { tellingPurposes } from '../campaign/wave/purpose.ts';
import { type Db, execute, maybeRow, rows, type Sql, sql, type Tx } from '../platform/postgres/db.ts';
import type { Outcome } from './outcome.ts';
import { stopReason } from './stop-store.ts';

export type FollowUpQuery = {
  readonly waveId: string;
  readonly segments: readonly string[];
  /** Outcome words of people who were told the way the wave asks for. */
  readonly outcomes: readonly Outcome[];
  /** A wave in which the person's notice failed, instead of `outcomes`; null when the wave takes over from none. */
  readonly failedIn: string | null;
  readonly reach: Reach;
  /** Only people without a card that is reserved or posted. */
  readonly giftless: boolean;
  /** The list version of the plan: people on it, or with `removed` only those it no longer holds. */
  readonly listVersion: number;
  readonly removed: boolean;
};

const dueRow = z
  .object({
    ref: z.string(),
    rank: z.number(),
    segment: z.string(),
    site_key: z.instanceof(Buffer).nullable(),
    listed_version: z.number().nullable(),
  })
  .transform((found) => ({
    ref: found.ref,
    rank: found.rank,
    segment: found.segment,
    siteKey: found.site_key?.toString('hex') ?? null,
    listedVersion: found.listed_version,
  }));
export type FollowUpPerson = z.output<typeof dueRow>;

/** SQL condition: the list holds what the channel needs. A mail also needs its receiving site. */
const reachedBy = { email: sql`p.site_key is not null`, address: sql`p.has_address` } satisfies Record<Reach, Sql>;

/** People of the window whom the wave takes and who have no place in it yet, in rank order. */
export async function listFollowUpDue(
  db: Db,
  campaignId: string,
  query: FollowUpQuery,
  window: { afterRank: number; toRank: number },
): Promise<FollowUpPerson[]> {
  const told =
    query.failedIn === null
      ? sql`p.outcome = any(${query.outcomes}::text[])`
      : sql`exists (select 1 from delivery.assignment f where f.campaign_id = p.campaign_id and f.person_ref = p.ref
          and f.wave_id = ${query.failedIn} and f.state = 'failed')`;
  const reached = reachedBy[query.reach];
  const listed = query.removed
    ? sql`p.listed_version < ${query.listVersion}`
    : sql`coalesce(p.listed_version, ${query.listVersion}) >= ${query.listVersion}`;
  const giftless = query.giftless
    ? sql`and not exists (select 1 from delivery.gift g where g.campaign_id = p.campaign_id and g.person_ref = p.ref and g.state in ('reserved', 'posted'))`
    : sql``;
  return await rows(
    db,
    dueRow,
    sql`select p.ref, p.rank, p.segment, p.site_key, p.listed_version from delivery.person p
        where p.campaign_id = ${campaignId} and p.rank > ${window.afterRank} and p.rank <= ${window.toRank}
          and p.term = 'told' and p.segment = any(${query.segments}::text[]) and ${told} and ${reached} and ${listed} ${giftless}
          and not exists (select 1 from delivery.assignment a where a.campaign_id = p.campaign_id and a.wave_id = ${query.waveId}
            and a.person_ref = p.ref and a.reason is distinct from 'not_told')
          and ${stopReason(campaignId, sql`p.ref`)} is null
        order by p.rank`,
  );
}

/** The highest rank of the campaign's people; -1 without any. */
export async function findLastRank(db: Db, campaignId: string): Promise<number> {
  const found = await maybeRow(
    db,
    z.object({ rank: z.number() }),
    sql`select rank from delivery.person where campaign_id = ${campaignId} order by rank desc limit 1`,
  );
  return found?.rank ?? -1;
}

export async function updateLookedRank(tx: Tx, campaignId: string, waveId: string, rank: number): Promise<void> {
  await execute(
    tx,
    sql`update delivery.wave set looked_rank = ${rank} where campaign_id = ${campaignId} and wave_id = ${waveId}`,
  );
}

/** Places that are not begun, in waves that follow, of people whose first notice came back after all. */
export async function excludeFollowUpsOfUntold(tx: Tx, campaignId: string, refs: readonly string[]): Promise<number> {
  if (refs.length === 0) return 0;
  return await execute(
    tx,
    sql`update delivery.assignment a set state = 'excluded', reason = 'not_told', chunk_id = null, changed_at = clock_timestamp()
        where a.id in (select m.id from delivery.assignment m
          join delivery.wave w on w.campaign_id = m.campaign_id and w.wave_id = m.wave_id
          where m.campaign_id = ${campaignId} and m.person_ref = any(${refs}::uuid[]) and m.state in ('pending', 'deferred')
            and w.purpose <> all(${tellingPurposes}::text[])
          for update of m skip locked)`,
  );
}
