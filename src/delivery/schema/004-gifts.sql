-- Gift cards are cash: a stock with custody by two names, and one row per card that was ever reserved for a person.

-- Cards on hand, cached from the stock events. The check is what keeps two lots from taking the last card.
create table delivery.gift_stock (
  campaign_id uuid not null,
  gift text not null,
  on_hand bigint not null check (on_hand >= 0),
  primary key (campaign_id, gift)
);

create table delivery.gift_stock_event (
  id bigint generated always as identity primary key,
  campaign_id uuid not null,
  -- The act (a delivery note, a lot, a vendor's report): the same act recorded twice is one event.
  ref uuid not null,
  gift text not null,
  kind text not null check (kind in ('received', 'reserved', 'back', 'lost', 'counted')),
  cycle integer not null default 1 check (cycle >= 1),
  -- Change of the stock on hand; for a count, what was found too much or missing.
  quantity bigint not null,
  at timestamptz not null,
  code text not null check (length(code) <= 60),
  -- Custody by two names: who acted and who watched.
  actor_id uuid,
  witness_id uuid,
  fact_id bigint not null references journal.fact deferrable initially deferred,
  unique (ref, kind, cycle),
  check (kind not in ('received', 'lost', 'counted') or (actor_id is not null and witness_id is not null and actor_id <> witness_id))
);
create index gift_stock_event_gift on delivery.gift_stock_event (campaign_id, gift);
select journal.append_only('delivery.gift_stock_event');

-- One card reserved for one person. `state` is cached from the events.
create table delivery.gift (
  id uuid primary key,
  campaign_id uuid not null,
  gift text not null,
  person_ref uuid not null,
  piece_id uuid not null references delivery.piece,
  consent_id uuid,
  price_yen bigint not null check (price_yen >= 0),
  state text not null check (state in ('reserved', 'posted', 'spoiled', 'back', 'lost')),
  unique (piece_id)
);
-- One live card per person and campaign; a reissue after a return or a spoiled card is possible.
create unique index gift_live_once on delivery.gift (campaign_id, person_ref) where state in ('reserved', 'posted');
create index gift_campaign on delivery.gift (campaign_id, gift, state);

create table delivery.gift_event (
  id bigint generated always as identity primary key,
  campaign_id uuid not null,
  ref uuid not null references delivery.gift,
  kind text not null check (kind in ('reserved', 'posted', 'spoiled', 'back', 'lost')),
  cycle integer not null default 1 check (cycle = 1),
  at timestamptz not null,
  code text not null check (length(code) <= 40),
  fact_id bigint not null references journal.fact deferrable initially deferred,
  unique (ref, kind, cycle)
);
select journal.append_only('delivery.gift_event');
