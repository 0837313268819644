/** SQL of the pace: buckets of mails per receiving site, and the leases that workers hold on them for a few seconds. */
import { z } from 'zod';
import { type Db, execute, instant, rows, sql, type Tx } from '../../platform/postgres/db.ts';

/** Creates missing buckets full, locks all in the order of their names, and refills them to at most `capacity`. */
export async function lockSites(
  tx: Tx,
  campaignId: string,
  buckets: readonly { site: string; mailsPerSecond: number; capacity: number }[],
): Promise<{ site: string; available: number }[]> {
  const [sites, rates, capacities] = [
    buckets.map((bucket) => bucket.site),
    buckets.map((bucket) => bucket.mailsPerSecond),
    buckets.map((bucket) => bucket.capacity),
  ];
  await execute(
    tx,
    sql`insert into delivery.site (campaign_id, site, mails_available, filled_at)
        select ${campaignId}, u.site, u.capacity, clock_timestamp()
        from unnest(${sites}::text[], ${capacities}::float8[]) as u(site, capacity) order by u.site
        on conflict (campaign_id, site) do nothing`,
  );
  await execute(
    tx,
    sql`select 1 from delivery.site where campaign_id = ${campaignId} and site = any(${sites}::text[]) order by site for update`,
  );
  return await rows(
    tx,
    z
      .object({ site: z.string(), mails_available: z.number() })
      .transform((found) => ({ site: found.site, available: found.mails_available })),
    sql`update delivery.site s set filled_at = clock_timestamp(), mails_available = least(u.capacity,
          s.mails_available + u.rate * greatest(0, extract(epoch from clock_timestamp() - s.filled_at)))
        from unnest(${sites}::text[], ${rates}::float8[], ${capacities}::float8[]) as u(site, rate, capacity)
        where s.campaign_id = ${campaignId} and s.site = u.site returning s.site, s.mails_available`,
  );
}

/** Connections in use per site: leases that run, of workers that live. Dead ones are deleted on the way. */
export async function countLeased(
  tx: Tx,
  campaignId: string,
  sites: readonly string[],
): Promise<Map<string, { connections: number; freeAt: Date | null }>> {
  await execute(
    tx,
    sql`delete from delivery.site_lease l where l.campaign_id = ${campaignId} and l.site = any(${sites}::text[])
          and (l.until_at < clock_timestamp() or not exists (select 1 from delivery.live_worker w where w.id = l.worker_id))`,
  );
  const found = await rows(
    tx,
    z.object({ site: z.string(), connections: z.coerce.number(), free_at: instant.nullable() }),
    sql`select site, sum(connections) as connections, min(until_at) as free_at from delivery.site_lease
        where campaign_id = ${campaignId} and site = any(${sites}::text[]) group by site`,
  );
  return new Map(found.map((each) => [each.site, { connections: each.connections, freeAt: each.free_at }]));
}

/** Takes mails out of the buckets and writes the lease rows. */
export async function insertLeases(
  tx: Tx,
  lease: {
    campaignId: string;
    workerId: string;
    ids: readonly string[];
    sites: readonly string[];
    mails: number;
    connections: number;
    leaseMs: number;
  },
): Promise<void> {
  await execute(
    tx,
    sql`update delivery.site set mails_available = mails_available - ${lease.mails}
        where campaign_id = ${lease.campaignId} and site = any(${lease.sites}::text[])`,
  );
  await execute(
    tx,
    sql`insert into delivery.site_lease (id, campaign_id, site, worker_id, connections, mails, until_at)
        select u.id, ${lease.campaignId}, u.site, ${lease.workerId}, ${lease.connections}, ${lease.mails},
          clock_timestamp() + ${lease.leaseMs} * interval '1 ms'
        from unnest(${lease.ids}::uuid[], ${lease.sites}::text[]) as u(id, site)`,
  );
}

/** Ends leases before their time and puts the mails that were not sent back into the buckets. */
export async function deleteLeases(db: Db, ids: readonly string[], unusedMails: number): Promise<void> {
  if (ids.length === 0) return;
  await execute(
    db,
    sql`with ended as (delete from delivery.site_lease where id = any(${ids}::uuid[]) returning campaign_id, site)
        update delivery.site s set mails_available = s.mails_available + ${unusedMails}
        from ended where s.campaign_id = ended.campaign_id and s.site = ended.site`,
  );
}
