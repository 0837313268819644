/** SQL of how many people stand on any of several list versions: the total of the person equation over a campaign's plans. */
import { z } from 'zod';
import { type Db, int8, row, sql } from '../../platform/postgres/db.ts';

/** People on at least one of the versions; someone on two of them counts once. */
export async function countListedPeople(db: Db, campaignId: string, versions: readonly number[]): Promise<number> {
  const found = await row(
    db,
    z.object({ count: int8 }),
    sql`select count(distinct ref) as count from intake.list_member where campaign_id = ${campaignId} and version = any(${versions}::int[])`,
  );
  return found.count;
}
