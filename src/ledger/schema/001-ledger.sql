-- The ledger: which rate card counts since when, what each fact cost under it, the hash-chained entries, and vendors' invoices
-- with what each of their lines settled. Everything is append-only; a correction is a new entry.
create schema ledger;

create table ledger.rate_version (
  id uuid primary key,
  campaign_id uuid not null,
  number integer not null check (number >= 1),
  card_id text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  card jsonb not null,
  adopted_at timestamptz not null,
  fact_id bigint not null references journal.fact deferrable initially deferred,
  unique (campaign_id, number),
  unique (campaign_id, id)
);
select journal.append_only('ledger.rate_version');

-- Each billable line of each fact is charged once under each rate version, and taken back once when another version follows.
create table ledger.charge (
  id bigint generated always as identity primary key,
  campaign_id uuid not null,
  fact_id bigint not null references journal.fact,
  line_no integer not null check (line_no >= 0),
  rate_version_id uuid not null,
  rate_id text not null,
  is_reversal boolean not null default false,
  quantity bigint not null,
  exact_amount bigint not null,
  constraint charge_once unique (fact_id, line_no, rate_version_id, rate_id, is_reversal),
  foreign key (campaign_id, rate_version_id) references ledger.rate_version (campaign_id, id)
);
create index charge_rate on ledger.charge (campaign_id, rate_version_id, rate_id);
select journal.append_only('ledger.charge');

-- A sealed block is charged under a version in one transaction: this row is its receipt.
create table ledger.charged_block (
  campaign_id uuid not null,
  block integer not null,
  rate_version_id uuid not null,
  unpriced_lines integer not null check (unpriced_lines >= 0),
  primary key (campaign_id, block, rate_version_id),
  foreign key (campaign_id, block) references journal.block (campaign_id, number),
  foreign key (campaign_id, rate_version_id) references ledger.rate_version (campaign_id, id)
);
select journal.append_only('ledger.charged_block');

create table ledger.invoice (
  id uuid primary key,
  campaign_id uuid not null,
  vendor text not null,
  invoice_no text not null,
  registration_no text check (registration_no ~ '^T[0-9]{13}$'),
  invoice_date date not null,
  net_yen bigint not null,
  tax_yen bigint not null,
  gross_yen bigint not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  file_id text not null,
  recorded_at timestamptz not null,
  fact_id bigint not null references journal.fact deferrable initially deferred,
  constraint invoice_once unique (campaign_id, vendor, invoice_no),
  unique (campaign_id, id),
  check (net_yen + tax_yen = gross_yen)
);
select journal.append_only('ledger.invoice');

create table ledger.invoice_line (
  invoice_id uuid not null references ledger.invoice,
  line_no integer not null check (line_no >= 1),
  service_date date not null,
  category text not null,
  description text not null,
  driver text,
  rate_id text,
  quantity bigint,
  unit text not null,
  unit_price text,
  net_yen bigint not null,
  tax_percent integer not null,
  tax_yen bigint not null,
  gross_yen bigint not null,
  is_fee boolean not null,
  primary key (invoice_id, line_no),
  check (net_yen + tax_yen = gross_yen)
);
select journal.append_only('ledger.invoice_line');

create table ledger.entry (
  id uuid primary key,
  campaign_id uuid not null,
  sequence integer not null check (sequence >= 1),
  kind text not null check (kind in ('accrual', 'adjustment', 'invoice', 'reversal')),
  category text not null,
  vendor text not null,
  description text not null,
  driver text,
  rate_version_id uuid,
  rate_id text,
  block integer,
  invoice_id uuid,
  invoice_line_no integer,
  fact_id bigint references journal.fact deferrable initially deferred,
  service_date date not null,
  quantity bigint,
  unit_price text,
  exact_amount bigint,
  net_yen bigint not null,
  tax_yen bigint not null,
  gross_yen bigint not null,
  posted_at timestamptz not null,
  previous_hash text not null check (previous_hash ~ '^[0-9a-f]{64}$'),
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  unique (campaign_id, sequence),
  constraint entry_chain unique (campaign_id, previous_hash),
  check (net_yen + tax_yen = gross_yen),
  check (kind = 'invoice' or rate_version_id is not null),
  foreign key (campaign_id, rate_version_id) references ledger.rate_version (campaign_id, id),
  foreign key (invoice_id, invoice_line_no) references ledger.invoice_line (invoice_id, line_no)
);
create index entry_statement on ledger.entry (campaign_id, rate_id);
select journal.append_only('ledger.entry');

-- Which accrual a line of an invoice settles, and how many of its units; null = all of them, whatever their number.
create table ledger.match (
  campaign_id uuid not null,
  invoice_id uuid not null,
  line_no integer not null,
  rate_id text not null,
  quantity bigint,
  primary key (invoice_id, line_no, rate_id),
  foreign key (invoice_id, line_no) references ledger.invoice_line
);
create index match_statement on ledger.match (campaign_id, rate_id);
select journal.append_only('ledger.match');
