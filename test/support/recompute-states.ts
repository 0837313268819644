/**
 * Recomputes from the append-only event tables what the cached columns say: states of places, of gifts, of stock, and where
 * every person stands. What differs is returned in words; nothing may differ at any moment.
 */
import { z } from 'zod';
import { standingsOf } from '../../src/delivery/advance-people.ts';
import { paperDoubt } from '../../src/delivery/home/doubt-store.ts';
import { type MailEventKind, mailState } from '../../src/delivery/mail/mail-state.ts';
import { lockPeople } from '../../src/delivery/standing-store.ts';
import { stopReason } from '../../src/delivery/stop-store.ts';
import { getRules, listWaves } from '../../src/delivery/wave-store.ts';
import { toDay } from '../../src/kernel/calendar.ts';
import { type Pool, rows, sql, transaction } from '../../src/platform/postgres/db.ts';

const placeRow = z.object({
  id: z.string(),
  channel: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  attempts: z.coerce.number(),
  mail_events: z.array(z.object({ kind: z.string(), cycle: z.number() })).nullable(),
  pieces: z
    .array(
      z.object({ cycle: z.number(), events: z.array(z.object({ kind: z.string(), code: z.string() })).nullable() }),
    )
    .nullable(),
  stop_reason: z.string().nullable(),
  was_readmitted: z.boolean(),
  paper_doubt: z.string().nullable(),
  is_told: z.boolean(),
  follows_nothing: z.boolean(),
  holds_gift: z.boolean(),
});

/** A letter's state from its newest piece: a spoiled piece without a reprint is still to be made. */
function letterState(pieces: NonNullable<z.output<typeof placeRow>['pieces']>): string {
  const events = pieces.at(-1)?.events ?? [];
  const kinds = new Set(events.map((event) => event.kind));
  if (pieces.length === 0) return 'pending';
  if (kinds.has('returned')) return 'failed';
  if (kinds.has('posted')) return 'posted';
  if (kinds.has('withdrawn'))
    return events.some((event) => event.kind === 'withdrawn' && event.code === 'PULLED') ? 'excluded' : 'failed';
  return 'in_lot';
}

/** What keeps a place closed, or has opened it again, besides what the post and the mail systems reported. */
function stateToday(place: z.output<typeof placeRow>, computed: string): string {
  if (computed !== 'pending' && computed !== 'deferred') return computed;
  if (place.channel !== 'email' && place.paper_doubt === 'paper_doubted' && place.state !== 'excluded')
    return 'uncertain';
  if (place.channel !== 'email' && place.paper_doubt === 'paper_assumed_posted') return 'posted';
  if (place.stop_reason !== null) return 'excluded';
  if (place.channel === 'letter' && place.is_told) return 'excluded';
  if (place.follows_nothing) return 'excluded';
  if (place.holds_gift && place.reason === 'holds_gift') return 'excluded';
  if (place.state === 'excluded' && place.reason === 'withdrawn') return 'excluded';
  return place.was_readmitted && place.state === 'pending' ? 'pending' : computed;
}

async function findWrongPlaces(pool: Pool, campaignId: string): Promise<string[]> {
  const places = await rows(
    pool,
    placeRow,
    sql`select a.id, w.channel, a.state, a.reason,
          (select count(*) from delivery.mail_attempt t where t.assignment_id = a.id) as attempts,
          (select jsonb_agg(jsonb_build_object('kind', e.kind, 'cycle', e.cycle)) from delivery.mail_event e where e.ref = a.id) as mail_events,
          (select jsonb_agg(jsonb_build_object('cycle', p.cycle, 'events',
              (select jsonb_agg(jsonb_build_object('kind', e.kind, 'code', e.code)) from delivery.piece_event e where e.ref = p.id)) order by p.cycle)
           from delivery.piece p where p.assignment_id = a.id) as pieces,
          ${stopReason(sql`a.campaign_id`, sql`a.person_ref`)} as stop_reason,
          ${paperDoubt(sql`a.campaign_id`, sql`a.person_ref`)} as paper_doubt,
          exists (select 1 from delivery.person_event d where d.campaign_id = a.campaign_id and d.ref = a.person_ref and d.kind = 'readmitted') as was_readmitted,
          w.fallback_of is not null and exists (select 1 from delivery.person p
            where p.campaign_id = a.campaign_id and p.ref = a.person_ref and p.outcome = 'mail_accepted') as is_told,
          w.purpose in ('supplement', 'correction', 'retraction') and not exists (select 1 from delivery.person p
            where p.campaign_id = a.campaign_id and p.ref = a.person_ref and p.term = 'told') as follows_nothing,
          w.channel = 'gift' and exists (select 1 from delivery.gift g
            where g.campaign_id = a.campaign_id and g.person_ref = a.person_ref and g.state in ('reserved', 'posted')) as holds_gift
        from delivery.assignment a join delivery.wave w on w.campaign_id = a.campaign_id and w.wave_id = a.wave_id
        where a.campaign_id = ${campaignId}`,
  );
  return places.flatMap((place) => {
    const events = (place.mail_events ?? []).map((event) => ({
      kind: event.kind as MailEventKind,
      cycle: event.cycle,
    }));
    const computed =
      place.channel === 'email' ? mailState(place.attempts, events).state : letterState(place.pieces ?? []);
    const expected = stateToday(place, computed);
    return expected === place.state
      ? []
      : [`${place.channel} ${place.id}: cached ${place.state}, events say ${expected}`];
  });
}

async function findWrongPeople(pool: Pool, campaignId: string, now: Date): Promise<string[]> {
  const stored = await rows(
    pool,
    z.object({ ref: z.string(), term: z.string(), outcome: z.string() }),
    sql`select ref, term, outcome from delivery.person where campaign_id = ${campaignId}`,
  );
  const computed = await transaction(pool, async (tx) =>
    standingsOf(
      await lockPeople(
        tx,
        campaignId,
        stored.map(({ ref }) => ref),
      ),
      await listWaves(tx, campaignId),
      await getRules(tx, campaignId),
      toDay(now),
    ),
  );
  const byRef = new Map(computed.map((standing) => [standing.ref, standing]));
  return stored.flatMap(({ ref, term, outcome }) => {
    const standing = byRef.get(ref);
    return standing?.term === term && standing.outcome === outcome
      ? []
      : [`person ${ref}: cached ${outcome}, events say ${standing?.outcome}`];
  });
}

async function findWrongGifts(pool: Pool, campaignId: string): Promise<string[]> {
  const wrong = await rows(
    pool,
    z.object({ id: z.string(), state: z.string(), computed: z.string().nullable() }),
    sql`select * from (select g.id, g.state, (select e.kind from delivery.gift_event e where e.ref = g.id order by e.id desc limit 1) as computed
        from delivery.gift g where g.campaign_id = ${campaignId}) x where computed is distinct from state`,
  );
  const stock = await rows(
    pool,
    z.object({ gift: z.string(), on_hand: z.coerce.number(), computed: z.coerce.number() }),
    sql`select * from (select s.gift, s.on_hand, (select coalesce(sum(e.quantity), 0) from delivery.gift_stock_event e
          where e.campaign_id = s.campaign_id and e.gift = s.gift) as computed
        from delivery.gift_stock s where s.campaign_id = ${campaignId}) x where computed <> on_hand`,
  );
  return [
    ...wrong.map((gift) => `gift ${gift.id}: cached ${gift.state}, events say ${gift.computed}`),
    ...stock.map((found) => `stock ${found.gift}: cached ${found.on_hand}, events say ${found.computed}`),
  ];
}

/** Every cached value that its events do not bear out, in words; [] when all agree. `now` decides what is overdue. */
export async function findWrongCaches(pool: Pool, campaignId: string, now: Date): Promise<string[]> {
  return [
    ...(await findWrongPlaces(pool, campaignId)),
    ...(await findWrongPeople(pool, campaignId, now)),
    ...(await findWrongGifts(pool, campaignId)),
  ];
}
