/**
 * Cuts a wave's mails into chunks, the units of work that a queue job names. Large receiving sites have chunks of their own,
 * because each is shaped by itself; the long tail of small ones shares chunks, or a job would hold one person.
 */
import type { App } from '../../platform/app.ts';
import { transaction } from '../../platform/postgres/db.ts';
import { countUnchunked, findDueChunks, insertChunks } from './chunk-store.ts';

/** Mails per job: a few seconds of work at full pace, and the people whose data one job opens. */
export const MAILS_PER_CHUNK = 500;
/** A site with fewer mails than this in a wave shares chunks with others like it. */
const SMALL_SITE_MAILS = 100;
/** Chunk key of the small sites together. */
export const SMALL_SITES_KEY = '00';
/** Due chunks handed to the queue at once; the rest follow at the next sweep. */
const CHUNKS_PER_SWEEP = 200;

/** Idempotent: only mails without a chunk get one. Returns the ids of the new chunks. */
export async function planChunks(
  app: Pick<App, 'pool' | 'clock'>,
  { campaignId, waveId }: { campaignId: string; waveId: string },
): Promise<string[]> {
  return await transaction(app.pool, async (tx) => {
    const sites = await countUnchunked(tx, campaignId, waveId);
    const small = sites.filter((site) => site.mails < SMALL_SITE_MAILS).map((site) => site.siteKey);
    const groups = sites
      .filter((site) => site.mails >= SMALL_SITE_MAILS)
      .map((site) => ({ siteKeys: [site.siteKey], chunkKey: site.siteKey }));
    if (small.length > 0) groups.push({ siteKeys: small, chunkKey: SMALL_SITES_KEY });
    const made: string[] = [];
    for (const group of groups) {
      made.push(
        ...(await insertChunks(tx, { campaignId, waveId, ...group, size: MAILS_PER_CHUNK, dueAt: app.clock() })),
      );
    }
    return made;
  });
}

/** Chunks to wake the queue for: open, due at `now`, held by no living worker. */
export async function listDueChunks(
  pool: App['pool'],
  campaignId: string,
  now: Date,
): Promise<{ id: string; epoch: number }[]> {
  return await findDueChunks(pool, campaignId, now, CHUNKS_PER_SWEEP);
}
