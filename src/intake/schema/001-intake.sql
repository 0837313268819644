-- Intake: imports of roster files, one record per accepted row, rejected rows, and the frozen list versions.
create schema intake;

-- One file that was loaded. Counters and place are committed with each batch's rows, so a crash in the middle is continued, never repeated.
create table intake.import (
  id uuid primary key,
  campaign_id uuid not null,
  number integer not null check (number >= 1),
  file_sha256 text not null check (file_sha256 ~ '^[0-9a-f]{64}$'),
  file_bytes bigint not null,
  -- The roster itself in the encrypted file store.
  file_id text not null,
  -- How it is read: encoding, delimiter, which column is what (positions only), items; needed to continue it the same way.
  reading jsonb not null,
  state text not null default 'running' check (state in ('running', 'done')),
  row_count integer not null default 0,
  people_count integer not null default 0,
  merged_count integer not null default 0,
  rejected_count integer not null default 0,
  next_offset bigint not null,
  next_line integer not null,
  actor_id uuid,
  started_at timestamptz not null,
  finished_at timestamptz,
  unique (campaign_id, number),
  unique (campaign_id, file_sha256),
  constraint import_roster_equation check (row_count = people_count + merged_count + rejected_count),
  check ((state = 'done') = (finished_at is not null))
);

-- One accepted row. It is a person when person_ref is its own ref, else it was merged into that person by merge_rule.
-- The sealed data never changes: a person is the fold of the rows that point to it, so a merge is undone by pointing back.
create table intake.record (
  person_ref uuid not null,
  merge_rule text check (merge_rule in ('customer_key', 'name_email', 'name_phone', 'name_address', 'name_birth_date')),
  ref uuid primary key,
  campaign_id uuid not null,
  import_number integer not null,
  row_number integer not null,
  kind text not null,
  flags text[] not null,
  warnings text[] not null,
  leaked_items text[] not null,
  address_sealed bytea not null,
  proof_sealed bytea not null,
  leaf bytea not null,
  has_email boolean not null,
  has_address boolean not null,
  site_blind bytea,
  customer_blind bytea,
  email_blind bytea,
  phone_blind bytea,
  kana_blind bytea,
  name_blind bytea not null,
  address_blind bytea,
  birth_blind bytea,
  constraint record_merge_rule check ((person_ref = ref) = (merge_rule is null)),
  -- No foreign key to intake.import: the transaction that stores rows updates their import's row first, and a check per row
  -- took a sixth of the database's time (measured: 2.7 of 16.4 µs).
  unique (campaign_id, import_number, row_number)
);
create index record_merged on intake.record (person_ref) where merge_rule is not null;
-- Hash indexes: only equality is ever asked, and a million rows load 10 s sooner than with B-trees (measured, four indexes). The first
-- import drops them and makes them anew at its end (look-up-store.ts).
create index record_customer on intake.record using hash (customer_blind);
create index record_email on intake.record using hash (email_blind);
create index record_phone on intake.record using hash (phone_blind);
create index record_kana on intake.record using hash (kana_blind);

-- A row that could not become a person. Open until an event in row_event settles it.
create table intake.rejected_row (
  id uuid primary key,
  campaign_id uuid not null,
  import_number integer not null,
  row_number integer not null,
  line integer not null,
  reason text not null,
  row_sealed bytea not null,
  foreign key (campaign_id, import_number) references intake.import (campaign_id, number) deferrable initially deferred,
  unique (campaign_id, import_number, row_number)
);

-- What people decided about rows: settlements of rejected rows, merges undone.
create table intake.row_event (
  id bigint generated always as identity primary key,
  campaign_id uuid not null,
  -- A rejected row's id, or the ref of a record whose merge was undone.
  ref uuid not null,
  kind text not null check (kind in ('settled', 'merge_undone')),
  cycle integer not null default 1,
  at timestamptz not null,
  -- settled: corrected, reloaded (rejected again in a later import), not_a_person, substitute_measure.
  code text not null,
  note_sealed bytea,
  fact_id bigint not null references journal.fact deferrable initially deferred,
  unique (ref, kind, cycle)
);
create index row_event_campaign on intake.row_event (campaign_id);
select journal.append_only('intake.row_event');

-- A frozen list version: the Merkle root over its members' leaves in rank order.
create table intake.list_version (
  campaign_id uuid not null,
  version integer not null check (version >= 1),
  people_count integer not null check (people_count >= 1),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  -- SHA-256 over (ref, leaf) in the order of ref: equal content, equal hash, whatever the ranks.
  content_sha256 text not null,
  -- The roster equation at this moment.
  roster jsonb not null,
  frozen_at timestamptz not null,
  actor_id uuid,
  primary key (campaign_id, version)
);
select journal.append_only('intake.list_version');

-- Who is on it, with everything that planning needs, as it was at freezing.
create table intake.list_member (
  campaign_id uuid not null,
  version integer not null,
  rank integer not null,
  ref uuid not null,
  -- The records that make up this person, own row first; null means the own row alone.
  record_refs uuid[],
  leaf bytea not null,
  kind text not null,
  flags text[] not null,
  leaked_items text[] not null,
  has_email boolean not null,
  has_address boolean not null,
  site_blind bytea,
  email_blind bytea,
  address_blind bytea,
  primary key (campaign_id, version, rank),
  unique (campaign_id, version, ref),
  foreign key (campaign_id, version) references intake.list_version deferrable initially deferred
);
select journal.append_only('intake.list_member');
