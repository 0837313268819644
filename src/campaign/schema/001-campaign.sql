-- The campaign, who acts in it, what was approved, what the insurer consented to, and what was published.
-- Names of people live in campaign.actor only (sealed and blind); every other table of every room stores actor ids.
create schema campaign;

create table campaign.campaign (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{1,39}$'),
  state text not null default 'draft' check (state in ('draft', 'approved', 'running', 'paused', 'stopped', 'closed')),
  folder_sealed bytea not null,
  list_version integer check (list_version > 0),
  proposed_plan_id uuid,
  plan_id uuid,
  legal_hold boolean not null default false,
  created_at timestamptz not null default now(),
  -- Nothing is sent that was not approved: only a draft can be without an approved plan.
  constraint campaign_needs_plan check (state = 'draft' or plan_id is not null)
);

create table campaign.actor (
  id uuid primary key,
  campaign_id uuid not null references campaign.campaign,
  name_sealed bytea not null,
  name_blind bytea not null,
  is_approver boolean not null default false,
  code_hash bytea,
  totp_sealed bytea,
  last_totp_step bigint not null default 0,
  failed_attempts integer not null default 0,
  next_attempt_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  constraint actor_name_once unique (campaign_id, name_blind),
  check (not is_approver or code_hash is not null or totp_sealed is not null)
);

create table campaign.plan (
  id uuid primary key,
  campaign_id uuid not null references campaign.campaign,
  sha256 text not null check (length(sha256) = 64),
  file_id text not null,
  list_version integer not null,
  created_at timestamptz not null,
  fact_id bigint not null references journal.fact deferrable initially deferred,
  constraint plan_once unique (campaign_id, sha256),
  unique (campaign_id, id)
);
select journal.append_only('campaign.plan');

alter table campaign.campaign
  add foreign key (id, proposed_plan_id) references campaign.plan (campaign_id, id) deferrable initially deferred,
  add foreign key (id, plan_id) references campaign.plan (campaign_id, id) deferrable initially deferred;

create table campaign.approval (
  id uuid primary key,
  campaign_id uuid not null references campaign.campaign,
  plan_id uuid not null references campaign.plan,
  actor_id uuid not null references campaign.actor,
  sha256 text not null,
  proof text not null check (proof in ('passphrase', 'totp', 'declared')),
  journal_head text,
  approved_at timestamptz not null,
  fact_id bigint not null references journal.fact deferrable initially deferred,
  -- Two different people: the same person cannot approve a plan twice.
  constraint approval_once_per_person unique (plan_id, actor_id)
);
select journal.append_only('campaign.approval');

create table campaign.state_event (
  id uuid primary key,
  campaign_id uuid not null references campaign.campaign,
  from_state text not null,
  to_state text not null,
  actor_id uuid references campaign.actor,
  reason text not null,
  note_sealed bytea,
  at timestamptz not null,
  fact_id bigint not null references journal.fact deferrable initially deferred
);
create index on campaign.state_event (campaign_id, at);
select journal.append_only('campaign.state_event');

create table campaign.consent (
  id uuid primary key,
  campaign_id uuid not null references campaign.campaign,
  category text not null,
  vendor text,
  answer text not null check (answer in ('asked', 'granted', 'granted_with_conditions', 'denied', 'withdrawn')),
  form text not null check (form in ('oral', 'email', 'written', 'unknown')),
  unit_price_cap_yen bigint check (unit_price_cap_yen >= 0),
  quantity_cap bigint check (quantity_cap >= 0),
  amount_cap_yen bigint check (amount_cap_yen >= 0),
  valid_to date,
  held_quantity bigint not null default 0 check (held_quantity >= 0),
  held_yen bigint not null default 0 check (held_yen >= 0),
  created_at timestamptz not null,
  constraint consent_quantity_cap check (quantity_cap is null or held_quantity <= quantity_cap),
  constraint consent_amount_cap check (amount_cap_yen is null or held_yen <= amount_cap_yen)
);
create index on campaign.consent (campaign_id, category);

create table campaign.consent_event (
  id uuid primary key,
  consent_id uuid not null references campaign.consent,
  kind text not null check (kind in ('asked', 'granted', 'granted_with_conditions', 'denied', 'withdrawn', 'held', 'released')),
  answered_by uuid references campaign.actor,
  actor_id uuid references campaign.actor,
  conditions_sealed bytea,
  document_sha256 text check (length(document_sha256) = 64),
  quantity bigint not null default 0,
  yen bigint not null default 0,
  at timestamptz not null,
  fact_id bigint not null references journal.fact deferrable initially deferred
);
create index on campaign.consent_event (consent_id);
select journal.append_only('campaign.consent_event');

create table campaign.publication (
  id uuid primary key,
  campaign_id uuid not null references campaign.campaign,
  kind text not null check (kind in ('first', 'follow_up', 'final', 'correction')),
  url text not null,
  document_sha256 text not null check (length(document_sha256) = 64),
  as_of timestamptz not null,
  recorded_at timestamptz not null,
  fact_id bigint not null references journal.fact deferrable initially deferred,
  constraint publication_once unique (campaign_id, kind, url, document_sha256)
);
select journal.append_only('campaign.publication');

create table campaign.policy_version (
  id uuid primary key,
  campaign_id uuid not null references campaign.campaign,
  sha256 text not null check (length(sha256) = 64),
  policy jsonb not null,
  adopted_at timestamptz not null,
  fact_id bigint not null references journal.fact deferrable initially deferred
);
create index on campaign.policy_version (campaign_id, adopted_at);
select journal.append_only('campaign.policy_version');
