/** SQL of workers and intentions: who may send which mail at this moment, and nobody else. */
import { z } from 'zod';
import { isRunningPlan } from '../../campaign/store.ts';
import {
  type Client,
  type Db,
  execute,
  int8,
  maybeRow,
  named,
  row,
  rows,
  sql,
  type Tx,
} from '../../platform/postgres/db.ts';
import { lockSession } from '../../platform/postgres/locks.ts';
import { REPLY_TIMEOUT_MS } from '../../platform/smtp/smtp-submission.ts';
import { stopReason } from '../stop-store.ts';

/** Registers the worker and takes its lock on this very session. The lock goes when the session goes. */
export async function insertWorker(session: Client, workerId: string): Promise<void> {
  const schema = z.object({ lock_key: z.number() });
  const { lock_key } = await row(
    session,
    schema,
    sql`insert into delivery.worker (id) values (${workerId}) returning lock_key`,
  );
  await lockSession(session, { lock: 'worker', key: lock_key });
}

/** Asked on the worker's own session: does the server still hold its lock for it? */
export async function isWorkerAlive(session: Db, workerId: string): Promise<boolean> {
  const found = await maybeRow(
    session,
    z.object({ id: z.string() }),
    sql`select id from delivery.live_worker where id = ${workerId}`,
  );
  return found !== null;
}

export type Intention = { assignmentId: string; attempt: number };

/**
 * The intention to send, set-wise: only rows that are still open, in this worker's chunk and epoch, of a campaign that runs
 * this very plan from this very home become attempts, and only what comes back may be sent; whoever a decision by name has
 * stopped stays out. The worker's lock must live in this server, which no copy of it can say. After an uncertain attempt a decided resend waits
 * here until its deadline and the SMTP timeout have passed, whatever the caller's clock says.
 */
export async function insertIntentions(
  tx: Tx,
  window: {
    campaignId: string;
    planId: string;
    chunkId: string;
    epoch: number;
    workerId: string;
    deadlineMs: number;
    mails: readonly { assignmentId: string; attempt: number; returnToken: string }[];
  },
): Promise<Intention[]> {
  if (window.mails.length === 0) return [];
  const schema = z
    .object({ assignment_id: z.string(), attempt: z.number() })
    .transform((found) => ({ assignmentId: found.assignment_id, attempt: found.attempt }));
  return await rows(
    tx,
    schema,
    named(
      'mail.insert_intentions',
      sql`with taken as (
          update delivery.assignment a set state = 'submitting', attempt = a.attempt + 1, owner_id = ${window.workerId},
            deadline_at = clock_timestamp() + ${window.deadlineMs} * interval '1 ms', due_at = null, changed_at = clock_timestamp()
          from unnest(${window.mails.map((mail) => mail.assignmentId)}::uuid[], ${window.mails.map((mail) => mail.attempt)}::int[],
              ${window.mails.map((mail) => mail.returnToken)}::text[]) as u(id, attempt, token),
            delivery.chunk c
          where a.id = u.id and a.attempt = u.attempt and a.state in ('pending', 'deferred')
            and c.id = a.chunk_id and c.id = ${window.chunkId} and c.epoch = ${window.epoch} and c.owner_id = ${window.workerId}
            and ${isRunningPlan(window.campaignId, window.planId)}
            and exists (select 1 from delivery.live_worker l where l.id = ${window.workerId})
            and ${stopReason(window.campaignId, sql`a.person_ref`)} is null
            and (a.attempt = 0 or not exists (select 1 from delivery.mail_attempt m
              join delivery.mail_event e on e.ref = m.assignment_id and e.cycle = m.attempt and e.kind = 'uncertain'
              where m.assignment_id = a.id and m.deadline_at + ${REPLY_TIMEOUT_MS} * interval '1 ms' > clock_timestamp()))
          returning a.id, a.attempt, a.deadline_at, u.token)
        insert into delivery.mail_attempt (assignment_id, attempt, campaign_id, owner_id, return_token, submitted_at, deadline_at)
        select id, attempt, ${window.campaignId}, ${window.workerId}, token, clock_timestamp(), deadline_at from taken
        returning assignment_id, attempt`,
    ),
  );
}

/**
 * Which of these tokens became attempts: asked when the answer to a commit was lost. A commit that is still under way holds
 * the places, so they are locked first.
 */
export async function findAttempts(
  tx: Tx,
  mails: readonly { assignmentId: string; returnToken: string }[],
): Promise<Intention[]> {
  const schema = z
    .object({ assignment_id: z.string(), attempt: z.number() })
    .transform((found) => ({ assignmentId: found.assignment_id, attempt: found.attempt }));
  await execute(
    tx,
    sql`select 1 from delivery.assignment where id = any(${mails.map((mail) => mail.assignmentId)}::uuid[]) order by person_ref for update`,
  );
  return await rows(
    tx,
    schema,
    sql`select assignment_id, attempt from delivery.mail_attempt where return_token = any(${mails.map((mail) => mail.returnToken)}::text[])`,
  );
}

/** Whether the campaign still runs this plan. */
export async function isPlanRunning(db: Db, campaignId: string, planId: string): Promise<boolean> {
  const schema = z.object({ is_running: z.boolean() });
  return (await row(db, schema, sql`select ${isRunningPlan(campaignId, planId)} as is_running`)).is_running;
}

/** Attempts whose worker no longer lives and whose deadline has passed, locked; the caller makes them uncertain. */
export async function claimOrphans(
  tx: Tx,
  campaignId: string,
  limit: number,
): Promise<{ assignmentId: string; attempt: number; personRef: string }[]> {
  const schema = z
    .object({ id: z.string(), attempt: z.number(), person_ref: z.string() })
    .transform((found) => ({ assignmentId: found.id, attempt: found.attempt, personRef: found.person_ref }));
  return await rows(
    tx,
    schema,
    sql`select a.id, a.attempt, a.person_ref from delivery.assignment a
        where a.campaign_id = ${campaignId} and a.state = 'submitting' and a.deadline_at < clock_timestamp()
          and not exists (select 1 from delivery.live_worker l where l.id = a.owner_id)
        order by a.person_ref limit ${limit} for update of a skip locked`,
  );
}

/** Workers whose session lives at this moment. */
export async function countLiveWorkerRows(db: Db): Promise<number> {
  const schema = z.object({ count: int8 });
  return (await row(db, schema, sql`select count(*) as count from delivery.live_worker`)).count;
}
