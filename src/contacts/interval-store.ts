/** SQL of the call centre's interval reports: the newest report of an interval holds. */
import { z } from 'zod';
import { type Db, day, instant, rows, sql, type Tx } from '../platform/postgres/db.ts';
import { lockUntilCommit } from '../platform/postgres/locks.ts';
import { contactTopics } from './contact.ts';
import type { Interval } from './interval-file.ts';

/** One loader of a campaign's reports at a time, so that "what is new" is decided once. */
export async function lockIntervals(tx: Tx, campaignId: string): Promise<void> {
  await lockUntilCommit(tx, { lock: 'intervals', campaignId });
}

export type ReportedInterval = Interval & { readonly ref: string; readonly cycle: number };

const intervalRow = z
  .object({
    ref: z.string(),
    cycle: z.number().int(),
    starts_at: instant,
    topic: z.enum(contactTopics),
    offered: z.number().int(),
    answered: z.number().int(),
    abandoned: z.number().int(),
    talk_seconds: z.number().int(),
    within_target: z.number().int(),
    seats: z.number().int(),
  })
  .transform(
    (found): ReportedInterval => ({
      ref: found.ref,
      cycle: found.cycle,
      startsAt: found.starts_at,
      topic: found.topic,
      offered: found.offered,
      answered: found.answered,
      abandoned: found.abandoned,
      talkSeconds: found.talk_seconds,
      withinTarget: found.within_target,
      seats: found.seats,
    }),
  );

/** The newest report of every interval, in time order. */
export async function listNewestIntervals(db: Db, campaignId: string): Promise<ReportedInterval[]> {
  return await rows(
    db,
    intervalRow,
    sql`select * from (
          select distinct on (ref) * from contacts.interval_event where campaign_id = ${campaignId} order by ref, cycle desc
        ) newest order by starts_at, topic`,
  );
}

/** Inserts reports; returns those that were new. */
export async function insertIntervals(
  tx: Tx,
  campaignId: string,
  factId: string,
  at: Date,
  intervals: readonly ReportedInterval[],
): Promise<ReportedInterval[]> {
  const column = <K extends keyof ReportedInterval>(key: K) => intervals.map((interval) => interval[key]);
  return await rows(
    tx,
    intervalRow,
    sql`insert into contacts.interval_event (campaign_id, ref, kind, cycle, starts_at, topic, offered, answered, abandoned,
          talk_seconds, within_target, seats, at, code, fact_id)
        select ${campaignId}, u.ref, 'reported', u.cycle, u.starts_at, u.topic, u.offered, u.answered, u.abandoned, u.talk,
          u.within_target, u.seats, ${at}, u.topic, ${factId}
        from unnest(${column('ref')}::uuid[], ${column('cycle')}::int[], ${column('startsAt')}::timestamptz[],
          ${column('topic')}::text[], ${column('offered')}::int[], ${column('answered')}::int[], ${column('abandoned')}::int[],
          ${column('talkSeconds')}::int[], ${column('withinTarget')}::int[], ${column('seats')}::int[])
          as u(ref, cycle, starts_at, topic, offered, answered, abandoned, talk, within_target, seats)
        on conflict (ref, kind, cycle) do nothing
        returning ref, cycle, starts_at, topic, offered, answered, abandoned, talk_seconds, within_target, seats`,
  );
}

/** Calls per Japanese day and topic, from the newest reports. */
export async function countCalls(db: Db, campaignId: string): Promise<CallCount[]> {
  const count = z.coerce.number().int();
  const schema = z.object({
    day,
    topic: z.string(),
    offered: count,
    answered: count,
    abandoned: count,
    within_target: count,
    talk_seconds: count,
  });
  const found = await rows(
    db,
    schema,
    sql`select (starts_at at time zone 'Asia/Tokyo')::date as day, topic, sum(offered) as offered, sum(answered) as answered,
          sum(abandoned) as abandoned, sum(within_target) as within_target, sum(talk_seconds) as talk_seconds
        from (select distinct on (ref) * from contacts.interval_event where campaign_id = ${campaignId} order by ref, cycle desc) n
        group by 1, 2 order by 1, 2`,
  );
  return found.map(({ within_target, talk_seconds, ...rest }) => ({
    ...rest,
    withinTarget: within_target,
    talkSeconds: talk_seconds,
  }));
}

export type CallCount = {
  readonly day: string;
  readonly topic: string;
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly withinTarget: number;
  readonly talkSeconds: number;
};
