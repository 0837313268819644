/**
 * Leases a slice of the campaign's and the receiving site's pace for a few seconds, from tables, so that workers on many
 * machines keep one pace whatever carries their queue. Nobody waits holding people: no slice means a due time.
 */
import { newRef } from '../../kernel/ids.ts';
import { type Pool, transaction } from '../../platform/postgres/db.ts';
import { countLeased, deleteLeases, insertLeases, lockSites } from './site-store.ts';

/** How fast mails may go to one site, over all workers. */
export type Pace = { readonly site: string; readonly mailsPerMinute: number; readonly connections: number };

export type Slice = {
  readonly kind: 'slice';
  readonly mails: number;
  readonly connections: number;
  /** Gives back what was not used. */
  readonly end: (unusedMails: number) => Promise<void>;
};

/** Seconds of pace that one slice may hold: short, so that a dead worker's slice is missed briefly. */
const SLICE_SECONDS = 4;
/** A slice is kept for its seconds and as long as a slow server may take over its mails. */
const LEASE_MS = 20_000;

/** A slice of all the paces together, or when to ask again. */
export async function leaseSlice(
  pool: Pool,
  want: {
    campaignId: string;
    workerId: string;
    paces: readonly Pace[];
    mails: number;
    connections: number;
  },
): Promise<Slice | { kind: 'none'; waitMs: number }> {
  const buckets = want.paces.map((pace) => {
    const mailsPerSecond = pace.mailsPerMinute / 60;
    return { ...pace, mailsPerSecond, capacity: Math.max(1, mailsPerSecond * SLICE_SECONDS) };
  });
  const sites = buckets.map((bucket) => bucket.site);
  return await transaction(pool, async (tx) => {
    const available = new Map(
      (await lockSites(tx, want.campaignId, buckets)).map((found) => [found.site, found.available]),
    );
    const leased = await countLeased(tx, want.campaignId, sites);
    let { mails, connections } = want;
    let waitMs = 0;
    for (const bucket of buckets) {
      const left = available.get(bucket.site) ?? 0;
      const used = leased.get(bucket.site);
      mails = Math.min(mails, Math.floor(left));
      connections = Math.min(connections, bucket.connections - (used?.connections ?? 0));
      if (left < 1) waitMs = Math.max(waitMs, (enoughMails(bucket.capacity) - left) * (1000 / bucket.mailsPerSecond));
      if (used?.freeAt && connections < 1)
        waitMs = Math.max(waitMs, Math.min(2_000, used.freeAt.getTime() - Date.now()));
    }
    if (mails < 1 || connections < 1) return { kind: 'none', waitMs: Math.max(200, Math.ceil(waitMs)) };
    const ids = sites.map(() => newRef());
    await insertLeases(tx, {
      campaignId: want.campaignId,
      workerId: want.workerId,
      ids,
      sites,
      mails,
      connections,
      leaseMs: LEASE_MS,
    });
    return { kind: 'slice', mails, connections, end: (unusedMails) => deleteLeases(pool, ids, unusedMails) };
  });
}

/** Coming back for one mail at a time would cost more than it sends: half a bucket, at most a window. */
function enoughMails(capacity: number): number {
  return Math.max(1, Math.min(50, capacity / 2));
}
