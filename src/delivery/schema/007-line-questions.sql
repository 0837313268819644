-- Lines of vendors' files that cannot be used as they are: each is a question until a named person settles it, or a later file makes it usable.

create table delivery.line_question (
  id uuid primary key,
  campaign_id uuid not null,
  vendor_file_id uuid not null references delivery.vendor_file,
  kind text not null check (kind in ('print_house', 'returns')),
  line integer not null check (line >= 1),
  -- The rule that the line broke when it was first loaded.
  code text not null check (code ~ '^[A-Z_]{1,40}$'),
  -- What the line says. A shifted column may hold somebody's name or address.
  cells_sealed bytea not null,
  -- The same words in another file, or in the same file loaded again, are the same question.
  words_blind bytea not null,
  opened_at timestamptz not null,
  fact_id bigint not null references journal.fact deferrable initially deferred,
  unique (campaign_id, kind, words_blind)
);
select journal.append_only('delivery.line_question');

create table delivery.line_settlement (
  ref uuid primary key references delivery.line_question,
  campaign_id uuid not null,
  -- `recorded`: a later file with the same line could be used.
  verdict text not null check (verdict in ('corrected', 'duplicate', 'not_ours', 'accepted', 'recorded')),
  -- The piece that a correction spoke of.
  piece_id uuid references delivery.piece,
  note_sealed bytea,
  actor_id uuid,
  at timestamptz not null,
  fact_id bigint not null references journal.fact deferrable initially deferred,
  check (verdict = 'recorded' or actor_id is not null),
  check (verdict <> 'accepted' or note_sealed is not null)
);
create index line_settlement_campaign on delivery.line_settlement (campaign_id);
select journal.append_only('delivery.line_settlement');

-- The day on which cards came, were counted or were lost; `at` is the instant at which it was entered. Null in rows older than this column.
alter table delivery.gift_stock_event add column happened_on date;
