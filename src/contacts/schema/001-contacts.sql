-- What people asked and what they were answered (pseudonymous; notes and promises are sealed), cases to be checked again, and
-- the call centre's own interval reports. Append-only: a later contact never edits an earlier one.
create schema contacts;

create table contacts.contact (
  id uuid primary key,
  campaign_id uuid not null,
  channel text not null,
  direction text not null,
  person_ref uuid,
  notice_number char(12),
  caller_kind text not null,
  topic text not null,
  result text not null,
  answer text not null check (answer in ('on_version', 'not_on_version', 'not_asked')),
  list_version integer,
  minutes integer not null check (minutes between 0 and 1440),
  escalation smallint not null check (escalation between 1 and 5),
  handled_by uuid,
  note_sealed bytea,
  promise_sealed bytea,
  promise_due date,
  received_at timestamptz not null,
  -- The window answers from a frozen list version, and the version is on record.
  constraint contact_answer_names_version check (answer = 'not_asked' or list_version is not null)
);
create index contact_day on contacts.contact (campaign_id, received_at);
create index contact_person on contacts.contact (campaign_id, person_ref) where person_ref is not null;
select journal.append_only('contacts.contact');

create table contacts.contact_event (
  id bigint generated always as identity primary key,
  campaign_id uuid not null,
  ref uuid not null references contacts.contact,
  kind text not null,
  cycle integer not null default 1,
  at timestamptz not null,
  code text not null,
  fact_id bigint not null references journal.fact deferrable initially deferred,
  unique (ref, kind, cycle)
);
select journal.append_only('contacts.contact_event');

-- Someone says they are affected and is not on the list version the window answers from: the next version re-checks them.
create table contacts.case (
  id uuid primary key,
  campaign_id uuid not null,
  contact_id uuid not null references contacts.contact,
  kind text not null check (kind in ('claims_affected', 'escalated')),
  claimed_sealed bytea,
  opened_on_version integer not null,
  opened_at timestamptz not null,
  due_on date not null,
  unique (contact_id, kind)
);
create index case_campaign on contacts.case (campaign_id);
select journal.append_only('contacts.case');

create table contacts.case_event (
  id bigint generated always as identity primary key,
  campaign_id uuid not null,
  ref uuid not null references contacts.case,
  kind text not null check (kind in ('opened', 'rechecked', 'closed')),
  cycle integer not null,
  at timestamptz not null,
  code text not null,
  person_ref uuid,
  list_version integer,
  fact_id bigint not null references journal.fact deferrable initially deferred,
  unique (ref, kind, cycle)
);
select journal.append_only('contacts.case_event');

-- One row per reported interval and correction. `cycle` counts the reports of one interval: a call centre may report more calls
-- for an interval later; the newest cycle is what holds, the fact carries the difference.
create table contacts.interval_event (
  id bigint generated always as identity primary key,
  campaign_id uuid not null,
  ref uuid not null,
  kind text not null check (kind in ('reported')),
  cycle integer not null check (cycle >= 1),
  starts_at timestamptz not null,
  topic text not null,
  offered integer not null check (offered >= 0),
  answered integer not null check (answered between 0 and offered),
  abandoned integer not null check (abandoned >= 0 and answered + abandoned <= offered),
  talk_seconds integer not null check (talk_seconds >= 0),
  within_target integer not null check (within_target between 0 and answered),
  seats integer not null check (seats >= 0),
  at timestamptz not null,
  code text not null,
  fact_id bigint not null references journal.fact deferrable initially deferred,
  unique (ref, kind, cycle)
);
create index interval_start on contacts.interval_event (campaign_id, starts_at);
select journal.append_only('contacts.interval_event');
