/** SQL of the work list of what nobody knows the end of: mails, letters and gifts that wait for a log or for two people. */
import { z } from 'zod';
import { channels } from '../campaign/wave/channel.ts';
import { type Db, day, instant, rows, sql } from '../platform/postgres/db.ts';
import { OTHER_HOME } from './home/doubt-store.ts';

const placeRow = z
  .object({
    notice_id: z.string().nullable(),
    person_ref: z.string(),
    wave_id: z.string(),
    channel: z.enum(channels),
    submitted_at: instant.nullable(),
    due_on: day.nullable(),
  })
  .transform((found) => ({
    noticeId: found.notice_id,
    ref: found.person_ref,
    wave: found.wave_id,
    channel: found.channel,
    submittedAt: found.submitted_at,
    dueOn: found.due_on,
  }));
/**
 * `submittedAt`: when the mail was begun to be handed over; null when another home may have done it. `dueOn`: the day on which
 * the person goes on to the next way of being told.
 */
export type UncertainPlace = z.output<typeof placeRow>;

/** Those due first in front. */
export async function listUncertainPlaces(db: Db, campaignId: string, limit: number): Promise<UncertainPlace[]> {
  return await rows(
    db,
    placeRow,
    sql`select a.notice_id, a.person_ref, a.wave_id, w.channel,
          case when m.owner_id <> ${OTHER_HOME} then m.submitted_at end as submitted_at, p.due_on
        from delivery.assignment a
          join delivery.wave w on w.campaign_id = a.campaign_id and w.wave_id = a.wave_id
          join delivery.person p on p.campaign_id = a.campaign_id and p.ref = a.person_ref
          left join delivery.mail_attempt m on m.assignment_id = a.id and m.attempt = a.attempt
        where a.campaign_id = ${campaignId} and a.state = 'uncertain'
        order by p.due_on nulls last, p.rank, w.ordinal limit ${limit}`,
  );
}
