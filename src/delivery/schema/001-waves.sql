-- Waves of a running plan, each person's place in them, and where every person of the list stands.
create schema delivery;

create table delivery.wave (
  campaign_id uuid not null,
  wave_id text not null,
  plan_id uuid not null,
  ordinal smallint not null,
  channel text not null check (channel in ('email', 'letter', 'gift')),
  purpose text not null,
  -- The segments it serves: who may be moved here when an earlier step fails.
  segments text[] not null,
  -- A text of the wave's own instead of the segments'.
  own_variant text,
  gift text,
  fallback_of text,
  start_at timestamptz not null,
  latest_at timestamptz not null check (latest_at >= start_at),
  -- The gate of pace: a wave runs from start_at once this is set; latest_at opens it in any case (promise 4).
  released_at timestamptz,
  planned_at timestamptz,
  primary key (campaign_id, wave_id)
);

-- The rules of the running plan that decide a person's next step, so that a worker needs no snapshot to apply them.
create table delivery.rules (
  campaign_id uuid primary key,
  plan_id uuid not null,
  uncertain_days smallint not null,
  returned_days smallint not null,
  undecided_days smallint not null,
  deferred_hours smallint not null
);

-- Which list versions were placed by which plan, and how far: a plan that replaces another adds the people who are new.
create table delivery.planned_list (
  campaign_id uuid not null,
  plan_id uuid not null,
  list_version integer not null,
  last_rank integer not null default -1,
  planned_at timestamptz,
  primary key (campaign_id, plan_id)
);

-- One person's place in one wave. `state` is cached from the event tables and can be recomputed.
create table delivery.assignment (
  id uuid primary key,
  campaign_id uuid not null,
  wave_id text not null,
  person_ref uuid not null,
  notice_id uuid,
  rank integer not null,
  state text not null default 'pending' check (state in
    ('pending', 'submitting', 'deferred', 'uncertain', 'accepted', 'in_lot', 'posted', 'failed', 'excluded')),
  reason text,
  site_key bytea,
  chunk_id uuid,
  attempt integer not null default 0 check (attempt >= 0),
  owner_id uuid,
  deadline_at timestamptz,
  due_at timestamptz,
  changed_at timestamptz not null default clock_timestamp(),
  unique (campaign_id, wave_id, person_ref),
  foreign key (campaign_id, wave_id) references delivery.wave,
  check ((state = 'submitting') = (owner_id is not null)),
  check (state not in ('failed', 'excluded') or reason is not null)
);
create index assignment_person on delivery.assignment (campaign_id, person_ref);
create index assignment_open on delivery.assignment (campaign_id, wave_id, rank) where state in ('pending', 'deferred');
create index assignment_chunk on delivery.assignment (chunk_id) where chunk_id is not null;
create index assignment_submitting on delivery.assignment (campaign_id, deadline_at) where state = 'submitting';
create index assignment_uncertain on delivery.assignment (campaign_id, wave_id) where state = 'uncertain';

-- A unit of mailing: hundreds of people at one receiving site. The queue job names it with its epoch.
create table delivery.chunk (
  id uuid primary key,
  campaign_id uuid not null,
  wave_id text not null,
  site_key bytea not null,
  epoch integer not null default 1,
  state text not null default 'open' check (state in ('open', 'done')),
  due_at timestamptz not null,
  foreign key (campaign_id, wave_id) references delivery.wave
);
create index chunk_open on delivery.chunk (campaign_id, due_at) where state = 'open';

-- Acts that decide a person's place besides what the post and the mail systems report.
create table delivery.person_event (
  id bigint generated always as identity primary key,
  campaign_id uuid not null,
  ref uuid not null,
  kind text not null check (kind in ('substituted', 'excluded', 'readmitted', 'released_from_letter', 'address_corrected')),
  cycle integer not null default 1,
  at timestamptz not null,
  code text not null,
  fact_id bigint not null references journal.fact deferrable initially deferred,
  unique (ref, kind, cycle)
);
create index person_event_ref on delivery.person_event (campaign_id, ref);
select journal.append_only('delivery.person_event');

-- Where each person of the current list stands: one term of the person equation. Cached, recomputable from the events.
create table delivery.person (
  campaign_id uuid not null,
  ref uuid not null,
  term text not null check (term in ('told', 'underway', 'substitute', 'excluded', 'undecided')),
  outcome text not null,
  step text,
  due_on date,
  letter_required boolean not null,
  has_email boolean not null,
  has_address boolean not null,
  rank integer not null,
  -- Segment and text of the plan that placed the person last; null when no segment fits.
  segment text,
  variant text,
  -- Why that plan had no place for the person, though a decision or a later plan may have made one.
  unplaced text,
  primary key (campaign_id, ref),
  check (term <> 'underway' or (step is not null and due_on is not null))
);
create index person_due on delivery.person (campaign_id, due_on) where term in ('underway', 'undecided');
create index person_term on delivery.person (campaign_id, term, outcome);
