-- One row per notice: who is told what, in which words, in which wave. It names no one: the reference and the number are opaque.
create schema notice;

create table notice.notice (
  id            uuid        not null primary key,
  campaign_id   uuid        not null,
  wave_id       text        not null,
  person_ref    uuid        not null,
  purpose       text        not null check (purpose in ('initial', 'supplement', 'correction', 'retraction', 'resend')),
  variant       text        not null,
  language      text        not null check (language in ('ja', 'en')),
  number        char(12)    not null check (number ~ '^[0-9]{12}$'),
  list_version  int         not null check (list_version > 0),
  plan_id       uuid        not null,
  supersedes_id uuid        references notice.notice (id),
  issued_at     timestamptz not null default now(),
  constraint notice_number_unique unique (campaign_id, number),
  constraint notice_wave_person_unique unique (campaign_id, wave_id, person_ref),
  check (purpose <> 'initial' or supersedes_id is null)
);

-- Looking up one person's story, and the notice a later one supersedes.
create index notice_person on notice.notice (campaign_id, person_ref, issued_at);

-- A notice that was issued is never rewritten: a correction is a notice of its own.
select journal.append_only('notice.notice');
