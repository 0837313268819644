/**
 * SQL that proves the counters of this room: the same numbers counted from the rows themselves, and from the events of which
 * the rows' states are a cache. Everything here grows with the campaign and is for recounts only.
 */

import { z } from 'zod';
import { printedChannels } from '../campaign/wave/channel.ts';
import { type Db, int8, row, rows, sql } from '../platform/postgres/db.ts';
import type { Tally } from '../platform/postgres/tally.ts';
import { acceptedKinds } from './mail/mail-state.ts';
import type { OutcomeCount } from './standing-store.ts';
import { outcomeCountRow } from './standing-store.ts';
import { placeCountRow, sumWaves, type WaveCounts } from './wave-store.ts';

/** Places are touched before people, people before pieces. */
export const deliveryTallies: readonly Tally[] = [
  {
    table: 'delivery.place_tally',
    keys: ['wave_id', 'state'],
    counts: ['places'],
    sources: ['delivery.assignment'],
    rows: (campaignId) => sql`select campaign_id, wave_id, state, count(*) from delivery.assignment
      where campaign_id = ${campaignId} group by 1, 2, 3`,
  },
  {
    table: 'delivery.person_tally',
    keys: ['term', 'outcome', 'due_on'],
    counts: ['people'],
    sources: ['delivery.person'],
    rows: (
      campaignId,
    ) => sql`select campaign_id, term, outcome, coalesce(due_on, 'infinity'), count(*) from delivery.person
      where campaign_id = ${campaignId} group by 1, 2, 3, 4`,
  },
  {
    table: 'delivery.lot_tally',
    keys: ['lot_id', 'kind'],
    counts: ['pieces'],
    sources: ['delivery.piece', 'delivery.piece_event'],
    rows: (campaignId) => sql`select p.campaign_id, p.lot_id, e.kind, count(*) from delivery.piece_event e
        join delivery.piece p on p.id = e.ref where p.campaign_id = ${campaignId} group by 1, 2, 3
      union all select o.campaign_id, o.lot_id, 'reprinted', count(*) from delivery.piece a
        join delivery.piece o on o.id = a.reprint_of where o.campaign_id = ${campaignId} group by 1, 2`,
  },
  {
    table: 'delivery.pull_tally',
    keys: [],
    counts: ['pieces'],
    sources: ['delivery.person', 'delivery.piece', 'delivery.piece_event'],
    rows: (campaignId) => sql`select p.campaign_id, count(*) from delivery.piece p
      join delivery.person d on d.campaign_id = p.campaign_id and d.ref = p.person_ref
      where p.campaign_id = ${campaignId} and d.term in ('excluded', 'substitute')
        and not exists (select 1 from delivery.piece_event e where e.ref = p.id) group by 1`,
  },
];

export async function recountWaves(db: Db, campaignId: string): Promise<Map<string, WaveCounts>> {
  const query = sql`select wave_id, state, count(*) as count from delivery.assignment
    where campaign_id = ${campaignId} group by wave_id, state`;
  return sumWaves(await rows(db, placeCountRow, query));
}

export async function recountOutcomes(db: Db, campaignId: string): Promise<OutcomeCount[]> {
  return await rows(
    db,
    outcomeCountRow,
    sql`select term, outcome, count(*) as people, min(due_on) as due from delivery.person where campaign_id = ${campaignId}
        group by term, outcome order by term, outcome`,
  );
}

const differenceRow = z.object({ what: z.string(), counted: int8, found: int8 });
/** Where a counter is not what its rows are: `counted` is the counter, `found` the rows. */
export type CountDifference = z.output<typeof differenceRow>;

/** Every key of every counter that its rows do not bear out. */
export async function listCountDifferences(db: Db, campaignId: string): Promise<CountDifference[]> {
  return await rows(
    db,
    differenceRow,
    sql`with counted as (
          select 'places ' || wave_id || ' ' || state as what, sum(places) as n from delivery.place_tally
            where campaign_id = ${campaignId} group by 1
          union all select 'people ' || outcome || ' ' || term || ' ' || due_on, sum(people) from delivery.person_tally
            where campaign_id = ${campaignId} group by 1
          union all select 'lot ' || l.number || ' ' || t.kind, sum(t.pieces) from delivery.lot_tally t join delivery.lot l on l.id = t.lot_id
            where t.campaign_id = ${campaignId} group by 1
          union all select 'letters_to_pull', sum(pieces) from delivery.pull_tally where campaign_id = ${campaignId} group by 1),
        found as (
          select 'places ' || wave_id || ' ' || state as what, count(*) as n from delivery.assignment
            where campaign_id = ${campaignId} group by 1
          union all select 'people ' || outcome || ' ' || term || ' ' || coalesce(due_on, 'infinity'), count(*) from delivery.person
            where campaign_id = ${campaignId} group by 1
          union all select 'lot ' || l.number || ' ' || e.kind, count(*) from delivery.piece_event e
            join delivery.piece p on p.id = e.ref join delivery.lot l on l.id = p.lot_id where p.campaign_id = ${campaignId} group by 1
          union all select 'lot ' || l.number || ' reprinted', count(*) from delivery.piece a
            join delivery.piece p on p.id = a.reprint_of join delivery.lot l on l.id = p.lot_id where p.campaign_id = ${campaignId} group by 1
          union all select 'letters_to_pull', count(*) from delivery.piece p
            join delivery.person d on d.campaign_id = p.campaign_id and d.ref = p.person_ref
            where p.campaign_id = ${campaignId} and d.term in ('excluded', 'substitute')
              and not exists (select 1 from delivery.piece_event e where e.ref = p.id) group by 1)
        select what, coalesce(c.n, 0) as counted, coalesce(f.n, 0) as found from counted c full join found f using (what)
        where coalesce(c.n, 0) <> coalesce(f.n, 0) order by what`,
  );
}

const eventRow = z.object({
  attempts_of_places: int8,
  attempts: int8,
  accepted_attempts: int8,
  accepted_places: int8,
  accepted_by_events: int8,
  posted_places: int8,
  posted_by_events: int8,
});
export type EventCounts = z.output<typeof eventRow>;

/**
 * What the places say, beside what the append-only events say of the same mails and letters. A letter that another home posted
 * has no piece here: the word of two named people stands for it.
 */
export async function countEvents(db: Db, campaignId: string): Promise<EventCounts> {
  const arrived = [...acceptedKinds, 'complained', 'auto_replied'];
  return await row(
    db,
    eventRow,
    sql`with place as (
          select a.id, a.person_ref, a.state, a.attempt, w.channel = 'email' as is_mail,
            w.channel = any(${printedChannels}::text[]) as is_paper from delivery.assignment a
          join delivery.wave w on w.campaign_id = a.campaign_id and w.wave_id = a.wave_id where a.campaign_id = ${campaignId}),
        fate as (
          select ref, cycle, bool_or(kind = any(${acceptedKinds}::text[])) as is_accepted,
            bool_or(kind = any(${arrived}::text[])) and not bool_or(kind = 'bounced')
              or bool_and(kind = 'delayed') as has_arrived
          from delivery.mail_event where campaign_id = ${campaignId} group by ref, cycle),
        piece_fate as (
          select p.assignment_id from delivery.piece p join delivery.piece_event e on e.ref = p.id where p.campaign_id = ${campaignId}
          group by p.assignment_id having bool_or(e.kind = 'posted') and not bool_or(e.kind = 'returned'))
        select
          (select coalesce(sum(attempt), 0) from place where is_mail) as attempts_of_places,
          (select count(*) from delivery.mail_attempt where campaign_id = ${campaignId}) as attempts,
          (select count(*) from fate where is_accepted) as accepted_attempts,
          (select count(*) from place where is_mail and state = 'accepted') as accepted_places,
          (select count(distinct ref) from fate f join place p on p.id = f.ref where f.has_arrived and p.state <> 'submitting') as accepted_by_events,
          (select count(*) from place where state = 'posted') as posted_places,
          (select count(*) from piece_fate)
            + (select count(*) from place p where p.is_paper and p.state = 'posted'
                and not exists (select 1 from delivery.piece i where i.assignment_id = p.id)
                and exists (select 1 from delivery.person_event e where e.campaign_id = ${campaignId} and e.ref = p.person_ref
                  and e.kind = 'paper_assumed_posted')) as posted_by_events`,
  );
}
