/** SQL that finds the attempt of which a bounce, a log line or a person speaks. */

import { z } from 'zod';
import { tellingPurposes } from '../../campaign/wave/purpose.ts';
import { type Db, instant, int8, row, rows, sql } from '../../platform/postgres/db.ts';
import { OTHER_HOME } from '../home/doubt-store.ts';
import { stopReason } from '../stop-store.ts';

const tracedRow = z
  .object({
    assignment_id: z.string(),
    attempt: z.number(),
    return_token: z.string(),
    notice_id: z.string().nullable(),
    is_accepted: z.boolean(),
    is_other_home: z.boolean(),
  })
  .transform((found) => ({
    assignmentId: found.assignment_id,
    attempt: found.attempt,
    returnToken: found.return_token,
    noticeId: found.notice_id,
    isAccepted: found.is_accepted,
    isOtherHome: found.is_other_home,
  }));
/** `isAccepted`: an acceptance of this very attempt is on record. `isOtherHome`: another home may have made it, under a token unknown here. */
export type TracedAttempt = z.output<typeof tracedRow>;

const traced = sql`select m.assignment_id, m.attempt, m.return_token, a.notice_id,
    exists (select 1 from delivery.mail_event e where e.ref = m.assignment_id and e.cycle = m.attempt
      and e.kind in ('relay_accepted', 'receiver_accepted', 'assumed_accepted')) as is_accepted,
    m.owner_id = ${OTHER_HOME} as is_other_home
  from delivery.mail_attempt m join delivery.assignment a on a.id = m.assignment_id`;

/** Attempts by return token, and for the notices named their latest attempt. */
export async function findTracedAttempts(
  db: Db,
  campaignId: string,
  wanted: { returnTokens: readonly string[]; noticeIds: readonly string[] },
): Promise<TracedAttempt[]> {
  return await rows(
    db,
    tracedRow,
    sql`${traced} where m.campaign_id = ${campaignId} and (m.return_token = any(${wanted.returnTokens}::text[])
          or (a.notice_id = any(${wanted.noticeIds}::uuid[]) and m.attempt = a.attempt))`,
  );
}

const uncertainRow = z
  .object({
    assignment_id: z.string(),
    attempt: z.number(),
    deadline_at: instant,
    is_stopped: z.boolean(),
    letter_number: z.string().nullable(),
  })
  .transform((found) => ({
    assignmentId: found.assignment_id,
    attempt: found.attempt,
    deadlineAt: found.deadline_at,
    isStopped: found.is_stopped,
    letterNumber: found.letter_number,
  }));
/**
 * An uncertain attempt, with the deadline after which a resend may go. `isStopped`: a decision by name keeps any mail from the
 * person; `letterNumber`: of the person's letter that lies in a lot or is posted.
 */
export type UncertainMail = z.output<typeof uncertainRow>;

/** Uncertain attempts of the campaign, of all notices or of the given ones, locked. */
export async function listUncertain(
  db: Db,
  campaignId: string,
  noticeIds: readonly string[] | null,
): Promise<UncertainMail[]> {
  const chosen = noticeIds === null ? sql`` : sql`and a.notice_id = any(${noticeIds}::uuid[])`;
  return await rows(
    db,
    uncertainRow,
    sql`select m.assignment_id, m.attempt, m.deadline_at, ${stopReason(campaignId, sql`a.person_ref`)} is not null as is_stopped,
          (select max(p.notice_number) from delivery.piece p join delivery.assignment l on l.id = p.assignment_id
            join delivery.wave w on w.campaign_id = l.campaign_id and w.wave_id = l.wave_id
            where l.campaign_id = a.campaign_id and l.person_ref = a.person_ref and l.state in ('in_lot', 'posted')
              and w.channel = 'letter' and w.purpose = any(${tellingPurposes}::text[])) as letter_number
        from delivery.assignment a join delivery.mail_attempt m on m.assignment_id = a.id and m.attempt = a.attempt
        where a.campaign_id = ${campaignId} and a.state = 'uncertain' ${chosen} order by a.person_ref for update of a`,
  );
}

export async function countUncertain(db: Db, campaignId: string): Promise<number> {
  const found = await row(
    db,
    z.object({ count: int8 }),
    sql`select count(*) as count from delivery.assignment a join delivery.wave w on w.campaign_id = a.campaign_id and w.wave_id = a.wave_id
        where a.campaign_id = ${campaignId} and a.state = 'uncertain' and w.channel = 'email'`,
  );
  return found.count;
}
