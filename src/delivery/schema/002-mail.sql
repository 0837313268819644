-- Mailing: who works (a session lock says whether they live), what was intended, what came of it, and the pace per site.

-- A process that sends. It lives as long as its session holds the advisory lock (7801, lock_key): the lock is free when the
-- process has died or lost its connection, and held while it is merely stopped.
create table delivery.worker (
  id uuid primary key,
  lock_key integer generated always as identity unique,
  started_at timestamptz not null default clock_timestamp()
);

create view delivery.live_worker as
  select w.id from delivery.worker w
  join pg_locks l on l.locktype = 'advisory' and l.granted and l.objsubid = 2 and l.classid = 7801::oid
    and l.objid = w.lock_key::bigint::oid
    and l.database = (select d.oid from pg_database d where d.datname = current_database());

-- Whose turn a chunk is: set by the claim, taken over only from a worker that no longer lives.
alter table delivery.chunk add column owner_id uuid references delivery.worker;

-- The intention to send, committed before the message can complete. Append-only: what was intended stays on record.
create table delivery.mail_attempt (
  assignment_id uuid not null references delivery.assignment,
  attempt integer not null check (attempt >= 1),
  campaign_id uuid not null,
  owner_id uuid not null,
  -- Opaque part of the return address, by which a bounce finds this very attempt.
  return_token text not null check (return_token ~ '^[a-z2-7]{16}$'),
  submitted_at timestamptz not null default clock_timestamp(),
  deadline_at timestamptz not null check (deadline_at > submitted_at),
  primary key (assignment_id, attempt)
);
create unique index mail_attempt_token on delivery.mail_attempt (return_token);
select journal.append_only('delivery.mail_attempt');

-- What came of an attempt. `relay_accepted` and `receiver_accepted` are two words on purpose: a relay's 250 can still bounce.
-- Cycle is the attempt; 0 only for a mail that its output check stopped before any attempt.
create table delivery.mail_event (
  id bigint generated always as identity primary key,
  campaign_id uuid not null,
  -- The place in the wave; its existence is held by the attempt below, at half the cost of a key of its own.
  ref uuid not null,
  kind text not null check (kind in ('relay_accepted', 'receiver_accepted', 'assumed_accepted', 'refused', 'deferred',
    'gave_up', 'uncertain', 'bounced', 'delayed', 'complained', 'auto_replied', 'resend_decided', 'blocked')),
  cycle integer not null check (cycle >= 0),
  attempt integer generated always as (nullif(cycle, 0)) stored,
  at timestamptz not null,
  code text not null check (length(code) <= 100),
  -- The server's or the bounce's own words: they contain the address.
  text_sealed bytea,
  fact_id bigint not null references journal.fact deferrable initially deferred,
  unique (ref, kind, cycle),
  foreign key (ref, attempt) references delivery.mail_attempt (assignment_id, attempt),
  check ((cycle = 0) = (kind = 'blocked'))
);
create index mail_event_fact on delivery.mail_event (fact_id);
select journal.append_only('delivery.mail_event');

-- The pace of one receiving site (a profile's name, a keyed hash of a domain, or '*' for all of a campaign): a bucket of mails.
create table delivery.site (
  campaign_id uuid not null,
  site text not null,
  mails_available double precision not null,
  filled_at timestamptz not null,
  primary key (campaign_id, site)
);

-- A worker's slice of a site's rate and connections for a few seconds.
create table delivery.site_lease (
  id uuid primary key,
  campaign_id uuid not null,
  site text not null,
  worker_id uuid not null,
  connections integer not null check (connections >= 1),
  mails integer not null check (mails >= 1),
  until_at timestamptz not null,
  foreign key (campaign_id, site) references delivery.site
);
create index site_lease_site on delivery.site_lease (campaign_id, site);
