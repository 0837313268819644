-- Evidence: the contents of snapshots (totals only, no personal data) and the register of bundles that were built.
create schema evidence;

-- A part is one file of a snapshot, addressed by what is in it: a snapshot that changed nothing stores nothing new.
create table evidence.part (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  upload_id uuid not null unique,
  bytes bigint not null check (bytes >= 0)
);
select journal.append_only('evidence.part');

-- In pieces, so that a ledger of a million lines streams. Not under the campaign's file key: the proof must outlive a purge.
create table evidence.piece (
  upload_id uuid not null,
  ordinal integer not null check (ordinal >= 0),
  content bytea not null,
  primary key (upload_id, ordinal)
);
select journal.append_only('evidence.piece');

create table evidence.bundle (
  id uuid primary key,
  campaign_id uuid not null,
  block integer not null check (block >= 1),
  audience text not null check (audience in ('insurer', 'regulator', 'internal')),
  bundle_sha256 text not null check (bundle_sha256 ~ '^[0-9a-f]{64}$'),
  byte_count bigint not null check (byte_count > 0),
  file_count integer not null check (file_count > 0),
  key_fingerprint text not null check (key_fingerprint ~ '^[0-9a-f]{64}$'),
  recipient_fingerprint text check (recipient_fingerprint ~ '^[0-9a-f]{64}$'),
  is_final boolean not null,
  fact_id bigint not null references journal.fact deferrable initially deferred
);
create index bundle_campaign on evidence.bundle (campaign_id, block);
select journal.append_only('evidence.bundle');
