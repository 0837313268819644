/** SQL of recounts: when a campaign's counters were last held against its rows, and what differed. */
import { z } from 'zod';
import { type Db, execute, instant, maybeRow, rows, sql } from '../../platform/postgres/db.ts';
import type { Reconciliation } from './reconcile.ts';

const recountRow = z
  .object({ counted_at: instant, compared: z.number(), differences: z.array(z.unknown()) })
  .transform((found) => ({
    countedAt: found.counted_at,
    compared: found.compared,
    differences: found.differences.length,
  }));
export type Recount = z.output<typeof recountRow>;

/** The last recount, or null before the first. */
export async function findRecount(db: Db, campaignId: string): Promise<Recount | null> {
  return await maybeRow(
    db,
    recountRow,
    sql`select counted_at, compared, differences from evidence.recount where campaign_id = ${campaignId}`,
  );
}

export async function keepRecount(db: Db, campaignId: string, at: Date, found: Reconciliation): Promise<void> {
  await execute(
    db,
    sql`insert into evidence.recount (campaign_id, counted_at, compared, differences)
        values (${campaignId}, ${at}, ${found.compared}, ${JSON.stringify(found.differences)})
        on conflict (campaign_id) do update set counted_at = excluded.counted_at, compared = excluded.compared,
          differences = excluded.differences where recount.counted_at <= excluded.counted_at`,
  );
}

/** Which of the campaigns have not been counted since `since`. */
export async function listUncounted(db: Db, campaignIds: readonly string[], since: Date): Promise<string[]> {
  const found = await rows(
    db,
    z.object({ id: z.string() }),
    sql`select id from unnest(${campaignIds}::uuid[]) as u(id)
        where not exists (select from evidence.recount r where r.campaign_id = u.id and r.counted_at >= ${since})`,
  );
  return found.map(({ id }) => id);
}
