/** SQL of chunks: how a wave's mails are cut into units of work, and whose turn each is. */
import { z } from 'zod';
import { type Db, execute, int8, maybeRow, rows, sql, type Tx } from '../../platform/postgres/db.ts';

const chunkRow = z
  .object({ id: z.string(), wave_id: z.string(), plan_id: z.string(), site_key: z.instanceof(Buffer) })
  .transform((found) => ({
    id: found.id,
    waveId: found.wave_id,
    planId: found.plan_id,
    siteKey: found.site_key.toString('hex'),
  }));
export type Chunk = z.output<typeof chunkRow>;

/** Takes the chunk for this worker: null when it is done, not due, of another epoch, or a living worker's. */
export async function claimChunk(
  db: Db,
  claim: { campaignId: string; chunkId: string; epoch: number; workerId: string; now: Date },
): Promise<Chunk | null> {
  return await maybeRow(
    db,
    chunkRow,
    sql`update delivery.chunk c set owner_id = ${claim.workerId}
        from delivery.wave w
        where c.id = ${claim.chunkId} and c.campaign_id = ${claim.campaignId} and c.epoch = ${claim.epoch}
          and c.state = 'open' and c.due_at <= ${claim.now}
          and w.campaign_id = c.campaign_id and w.wave_id = c.wave_id
          and (c.owner_id is null or c.owner_id = ${claim.workerId}
            or not exists (select 1 from delivery.live_worker l where l.id = c.owner_id))
        returning c.id, c.wave_id, w.plan_id, c.site_key`,
  );
}

/**
 * Gives the chunk back: done when nothing in it is open, else due again at `dueAt`, or later when all its mails are due
 * later. The next epoch makes a new job id; a worker that lost the chunk meanwhile changes nothing.
 */
export async function releaseChunk(
  db: Db,
  claim: { chunkId: string; epoch: number; workerId: string; dueAt: Date; relayDown: boolean },
): Promise<void> {
  await execute(
    db,
    sql`update delivery.chunk c set owner_id = null, epoch = c.epoch + 1, relay_down = ${claim.relayDown},
          state = case when o.earliest is null then 'done' else 'open' end,
          due_at = greatest(${claim.dueAt}, coalesce(o.earliest, ${claim.dueAt}))
        from (select min(case a.state when 'submitting' then a.deadline_at else coalesce(a.due_at, '-infinity') end) as earliest
              from delivery.assignment a where a.chunk_id = ${claim.chunkId} and a.state in ('pending', 'deferred', 'submitting')) o
        where c.id = ${claim.chunkId} and c.epoch = ${claim.epoch} and c.owner_id = ${claim.workerId}`,
  );
}

/** The waves of which a chunk waits for a mail server that nobody could reach. */
export async function listWavesWithoutRelay(db: Db, campaignId: string): Promise<Set<string>> {
  const found = await rows(
    db,
    z.object({ wave_id: z.string() }),
    sql`select distinct wave_id from delivery.chunk
        where campaign_id = ${campaignId} and state = 'open' and relay_down and owner_id is null`,
  );
  return new Set(found.map(({ wave_id }) => wave_id));
}

/** Open chunks that are due at `now` and that no living worker holds. */
export async function findDueChunks(
  db: Db,
  campaignId: string,
  now: Date,
  limit: number,
): Promise<{ id: string; epoch: number }[]> {
  return await rows(
    db,
    z.object({ id: z.string(), epoch: z.number() }),
    sql`select c.id, c.epoch from delivery.chunk c
        where c.campaign_id = ${campaignId} and c.state = 'open' and c.due_at <= ${now}
          and (c.owner_id is null or not exists (select 1 from delivery.live_worker l where l.id = c.owner_id))
        order by c.due_at limit ${limit}`,
  );
}

const openMailRow = z
  .object({ id: z.string(), person_ref: z.string(), notice_id: z.string(), attempt: z.number() })
  .transform((found) => ({
    assignmentId: found.id,
    personRef: found.person_ref,
    noticeId: found.notice_id,
    attempt: found.attempt,
  }));
/** A mail that may be sent: `attempt` is the number of those made so far. */
export type OpenMail = z.output<typeof openMailRow>;

export async function listOpenMails(db: Db, chunkId: string, now: Date): Promise<OpenMail[]> {
  return await rows(
    db,
    openMailRow,
    sql`select id, person_ref, notice_id, attempt from delivery.assignment
        where chunk_id = ${chunkId} and state in ('pending', 'deferred') and coalesce(due_at, '-infinity') <= ${now}
        order by rank`,
  );
}

/** How many mails of each receiving site of a wave have no chunk yet. */
export async function countUnchunked(
  tx: Tx,
  campaignId: string,
  waveId: string,
): Promise<{ siteKey: string; mails: number }[]> {
  const schema = z
    .object({ site_key: z.string(), mails: int8 })
    .transform((found) => ({ siteKey: found.site_key, mails: found.mails }));
  return await rows(
    tx,
    schema,
    sql`select encode(site_key, 'hex') as site_key, count(*) as mails from delivery.assignment
        where campaign_id = ${campaignId} and wave_id = ${waveId} and chunk_id is null and state = 'pending' and notice_id is not null
          and site_key is not null group by site_key`,
  );
}

/** Makes chunks of at most `size` mails in rank order, of the given sites together. Returns their ids. */
export async function insertChunks(
  tx: Tx,
  group: {
    campaignId: string;
    waveId: string;
    siteKeys: readonly string[];
    chunkKey: string;
    size: number;
    dueAt: Date;
  },
): Promise<string[]> {
  const found = await rows(
    tx,
    z.object({ id: z.string() }),
    sql`with open as (
          select a.id, (row_number() over (order by a.rank) - 1) / ${group.size}::int as part from delivery.assignment a
          where a.campaign_id = ${group.campaignId} and a.wave_id = ${group.waveId} and a.chunk_id is null and a.state = 'pending'
            and a.notice_id is not null and a.site_key = any(${group.siteKeys.map((key) => Buffer.from(key, 'hex'))}::bytea[])),
        part as (select part, gen_random_uuid() as id from open group by part),
        made as (
          insert into delivery.chunk (id, campaign_id, wave_id, site_key, due_at)
          select id, ${group.campaignId}, ${group.waveId}, decode(${group.chunkKey}, 'hex'), ${group.dueAt} from part returning id)
        , placed as (
          update delivery.assignment a set chunk_id = part.id from open join part using (part) where a.id = open.id returning 1)
        select id from made`,
  );
  return found.map(({ id }) => id);
}
