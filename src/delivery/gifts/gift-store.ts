/** SQL of gift cards: the stock on hand, and one row per card reserved for a person. */
import { z } from 'zod';
import { toDay } from '../../kernel/calendar.ts';
import { type Db, execute, instant, int8, maybeRow, rows, sql, type Tx } from '../../platform/postgres/db.ts';

export const giftStates = ['reserved', 'posted', 'spoiled', 'back', 'lost'] as const;
export type GiftState = (typeof giftStates)[number];
export const stockEventKinds = ['received', 'reserved', 'back', 'lost', 'counted'] as const;
export type StockEventKind = (typeof stockEventKinds)[number];

/** Takes cards from the stock, or gives them back (negative); false when fewer are on hand. */
export async function takeFromStock(tx: Tx, campaignId: string, gift: string, quantity: number): Promise<boolean> {
  if (quantity < 0) {
    await execute(
      tx,
      sql`insert into delivery.gift_stock (campaign_id, gift, on_hand) values (${campaignId}, ${gift}, ${-quantity})
          on conflict (campaign_id, gift) do update set on_hand = delivery.gift_stock.on_hand + excluded.on_hand`,
    );
    return true;
  }
  const changed = await execute(
    tx,
    sql`update delivery.gift_stock set on_hand = on_hand - ${quantity}
        where campaign_id = ${campaignId} and gift = ${gift} and on_hand >= ${quantity}`,
  );
  return changed === 1;
}

export async function countOnHand(db: Db, campaignId: string, gift: string): Promise<number> {
  const found = await maybeRow(
    db,
    z.object({ on_hand: int8 }),
    sql`select on_hand from delivery.gift_stock where campaign_id = ${campaignId} and gift = ${gift}`,
  );
  return found?.on_hand ?? 0;
}

export type NewStockEvent = {
  campaignId: string;
  ref: string;
  gift: string;
  kind: StockEventKind;
  cycle: number;
  quantity: number;
  at: Date;
  /** The day it happened; that of `at` by default. */
  happenedOn?: string;
  code: string;
  actorId: string | null;
  witnessId: string | null;
};

const stockEventRow = z
  .object({
    ref: z.string(),
    kind: z.enum(stockEventKinds),
    cycle: z.number(),
    at: instant,
    code: z.string(),
    quantity: int8,
  })
  .transform((found) => found);
export type StockEvent = z.output<typeof stockEventRow>;

/** Returns the event when it is new. */
export async function insertStockEvent(tx: Tx, event: NewStockEvent, factId: string): Promise<StockEvent[]> {
  return await rows(
    tx,
    stockEventRow,
    sql`insert into delivery.gift_stock_event (campaign_id, ref, gift, kind, cycle, quantity, at, happened_on, code, actor_id, witness_id, fact_id)
        values (${event.campaignId}, ${event.ref}, ${event.gift}, ${event.kind}, ${event.cycle}, ${event.quantity}, ${event.at}, ${event.happenedOn ?? toDay(event.at)}, ${event.code},
          ${event.actorId}, ${event.witnessId}, ${factId})
        on conflict (ref, kind, cycle) do nothing returning ref, kind, cycle, at, code, quantity`,
  );
}

/** Which of these people hold a live card (reserved or posted). */
export async function listHolders(db: Db, campaignId: string, personRefs: readonly string[]): Promise<Set<string>> {
  const found = await rows(
    db,
    z.object({ person_ref: z.string() }),
    sql`select person_ref from delivery.gift where campaign_id = ${campaignId} and person_ref = any(${personRefs}::uuid[])
          and state in ('reserved', 'posted')`,
  );
  return new Set(found.map((gift) => gift.person_ref));
}

export type NewGift = { id: string; personRef: string; pieceId: string };

export async function insertGifts(
  tx: Tx,
  input: { campaignId: string; gift: string; consentId: string | null; priceYen: number; gifts: readonly NewGift[] },
): Promise<void> {
  await execute(
    tx,
    sql`insert into delivery.gift (id, campaign_id, gift, person_ref, piece_id, consent_id, price_yen, state)
        select id, ${input.campaignId}, ${input.gift}, person_ref, piece_id, ${input.consentId}::uuid, ${input.priceYen}::bigint, 'reserved'
        from unnest(${input.gifts.map((g) => g.id)}::uuid[], ${input.gifts.map((g) => g.personRef)}::uuid[],
          ${input.gifts.map((g) => g.pieceId)}::uuid[]) as u(id, person_ref, piece_id) order by person_ref`,
  );
}

const giftRow = z
  .object({
    id: z.string(),
    gift: z.string(),
    person_ref: z.string(),
    piece_id: z.string(),
    consent_id: z.string().nullable(),
    price_yen: int8,
    state: z.enum(giftStates),
  })
  .transform((found) => ({
    id: found.id,
    gift: found.gift,
    personRef: found.person_ref,
    pieceId: found.piece_id,
    consentId: found.consent_id,
    priceYen: found.price_yen,
    state: found.state,
  }));
export type GiftCard = z.output<typeof giftRow>;

/** The cards of these pieces, locked in the order of their ids. */
export async function lockGiftsOfPieces(tx: Tx, pieceIds: readonly string[]): Promise<GiftCard[]> {
  return await rows(
    tx,
    giftRow,
    sql`select * from delivery.gift where piece_id = any(${pieceIds}::uuid[]) order by id for update`,
  );
}

/** Where the card of each of these pieces is; pieces without one are absent. */
export async function listCardStates(db: Db, pieceIds: readonly string[]): Promise<Map<string, GiftState>> {
  const found = await rows(
    db,
    z.object({ piece_id: z.string(), state: z.enum(giftStates) }),
    sql`select piece_id, state from delivery.gift where piece_id = any(${pieceIds}::uuid[])`,
  );
  return new Map(found.map((card) => [card.piece_id, card.state]));
}

/** Every card ever reserved for one person. */
export async function listPersonGifts(db: Db, campaignId: string, personRef: string): Promise<GiftCard[]> {
  return await rows(
    db,
    giftRow,
    sql`select * from delivery.gift where campaign_id = ${campaignId} and person_ref = ${personRef} order by id`,
  );
}

const giftEventRow = z
  .object({ ref: z.string(), kind: z.enum(giftStates), cycle: z.number(), at: instant, code: z.string() })
  .transform((found) => found);
export type GiftEvent = z.output<typeof giftEventRow>;

/** Appends one kind of event for cards and sets their cached state; returns the new events. */
export async function insertGiftEvents(
  tx: Tx,
  campaignId: string,
  kind: GiftState,
  events: readonly { ref: string; at: Date; code: string }[],
  factId: string,
): Promise<GiftEvent[]> {
  const inserted = await rows(
    tx,
    giftEventRow,
    sql`insert into delivery.gift_event (campaign_id, ref, kind, at, code, fact_id)
        select ${campaignId}, ref, ${kind}, at, code, ${factId}
        from unnest(${events.map((e) => e.ref)}::uuid[], ${events.map((e) => e.at)}::timestamptz[], ${events.map((e) => e.code)}::text[]) as u(ref, at, code)
        on conflict (ref, kind, cycle) do nothing returning ref, kind, cycle, at, code`,
  );
  await execute(
    tx,
    sql`update delivery.gift set state = ${kind} where id = any(${inserted.map((event) => event.ref)}::uuid[])`,
  );
  return inserted;
}

const accountRow = z
  .object({
    gift: z.string(),
    on_hand: int8,
    stock: int8,
    received: int8,
    counted: int8,
    lost_from_stock: int8,
    reserved: int8,
    open: int8,
    posted: int8,
    spoiled: int8,
    back: int8,
    lost: int8,
  })
  .transform(({ on_hand, lost_from_stock, stock, ...counts }) => ({
    ...counts,
    onHand: on_hand,
    lostFromStock: lost_from_stock,
    balanced:
      counts.reserved === counts.open + counts.posted + counts.spoiled + counts.back + counts.lost && on_hand === stock,
  }));
/**
 * reserved = posted + spoiled + back in stock + lost + open (reserved and not yet reported). `balanced` also says that the cached
 * stock is the sum of its events.
 */
export type GiftAccount = z.output<typeof accountRow>;

export async function listGiftAccounts(db: Db, campaignId: string): Promise<GiftAccount[]> {
  return await rows(
    db,
    accountRow,
    sql`with stock as (
          select gift, sum(quantity) as stock, sum(quantity) filter (where kind = 'received') as received,
            sum(quantity) filter (where kind = 'counted') as counted, -sum(quantity) filter (where kind = 'lost') as lost_from_stock
          from delivery.gift_stock_event where campaign_id = ${campaignId} group by gift),
        last as (
          select g.gift, g.id, exists (select 1 from delivery.gift_event e where e.ref = g.id and e.kind = 'reserved') as reserved,
            coalesce((select e.kind from delivery.gift_event e where e.ref = g.id order by e.id desc limit 1), 'none') as state
          from delivery.gift g where g.campaign_id = ${campaignId}),
        card as (
          select gift, count(*) filter (where reserved) as reserved, count(*) filter (where state = 'reserved') as open,
            count(*) filter (where state = 'posted') as posted, count(*) filter (where state = 'spoiled') as spoiled,
            count(*) filter (where state = 'back') as back, count(*) filter (where state = 'lost') as lost
          from last group by gift)
        select coalesce(s.gift, c.gift) as gift, coalesce(h.on_hand, 0) as on_hand, coalesce(s.stock, 0) as stock,
          coalesce(s.received, 0) as received, coalesce(s.counted, 0) as counted, coalesce(s.lost_from_stock, 0) as lost_from_stock,
          coalesce(c.reserved, 0) as reserved, coalesce(c.open, 0) as open, coalesce(c.posted, 0) as posted,
          coalesce(c.spoiled, 0) as spoiled, coalesce(c.back, 0) as back, coalesce(c.lost, 0) as lost
        from stock s full join card c on c.gift = s.gift
        left join delivery.gift_stock h on h.campaign_id = ${campaignId} and h.gift = coalesce(s.gift, c.gift)
        order by 1`,
  );
}
