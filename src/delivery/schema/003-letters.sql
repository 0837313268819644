-- Letters: lots of up to 1,000 pieces, what became of each piece, and the postings (one 差出票 over several lots).

create table delivery.lot (
  id uuid primary key,
  campaign_id uuid not null,
  wave_id text not null,
  number integer not null check (number >= 1),
  plan_id uuid not null,
  piece_count integer not null check (piece_count between 1 and 1000),
  is_reprint boolean not null,
  -- Set when cards travel with this lot: they were reserved in the transaction that formed it.
  gift text,
  -- The day on the letters, fixed when the lot is formed, so that a job that runs again writes the same bytes.
  letter_date date not null,
  epoch integer not null default 1 check (epoch >= 1),
  formed_at timestamptz not null,
  prepared_at timestamptz,
  pages integer check (pages >= 0),
  letters_sha256 text check (letters_sha256 ~ '^[0-9a-f]{64}$'),
  manifest_sha256 text check (manifest_sha256 ~ '^[0-9a-f]{64}$'),
  picklist_sha256 text check (picklist_sha256 ~ '^[0-9a-f]{64}$'),
  unique (campaign_id, number),
  foreign key (campaign_id, wave_id) references delivery.wave,
  check ((prepared_at is null) = (letters_sha256 is null))
);
create index lot_open on delivery.lot (campaign_id) where prepared_at is null;

create table delivery.piece (
  id uuid primary key,
  campaign_id uuid not null,
  lot_id uuid not null references delivery.lot,
  seq integer not null check (seq between 1 and 1000),
  assignment_id uuid not null references delivery.assignment,
  person_ref uuid not null,
  notice_number char(12) not null check (notice_number ~ '^[0-9]{12}$'),
  -- 1 is the first print, a reprint counts on.
  cycle integer not null check (cycle >= 1),
  reprint_of uuid references delivery.piece,
  has_gift boolean not null,
  -- Known when the lot is typeset.
  sheets smallint check (sheets between 1 and 20),
  page_from integer check (page_from >= 1),
  has_barcode boolean,
  service text not null default 'ordinary' check (service in ('ordinary', 'recorded', 'registered')),
  weight_class text not null default '50g' check (weight_class in ('50g')),
  -- The printed form of name and address where an approved substitute replaced a character; the record keeps the original.
  printed_sealed bytea,
  unique (lot_id, seq),
  unique (assignment_id, cycle),
  unique (campaign_id, notice_number, cycle),
  constraint piece_reprinted_once unique (reprint_of),
  check ((cycle = 1) = (reprint_of is null))
);
create index piece_person on delivery.piece (campaign_id, person_ref);

create table delivery.posting (
  id uuid primary key,
  campaign_id uuid not null,
  -- Number of the stamped 差出票.
  slip_number text not null check (length(slip_number) between 1 and 40),
  posted_on date not null,
  post_office text not null check (length(post_office) <= 60),
  recorded_at timestamptz not null,
  fact_id bigint not null references journal.fact deferrable initially deferred,
  unique (campaign_id, slip_number)
);
select journal.append_only('delivery.posting');

create table delivery.piece_event (
  id bigint generated always as identity primary key,
  campaign_id uuid not null,
  ref uuid not null references delivery.piece,
  kind text not null check (kind in ('posted', 'spoiled', 'withdrawn', 'returned')),
  cycle integer not null default 1 check (cycle = 1),
  at timestamptz not null,
  code text not null check (length(code) <= 40),
  posting_id uuid references delivery.posting,
  fact_id bigint not null references journal.fact deferrable initially deferred,
  unique (ref, kind, cycle),
  check ((kind = 'posted') = (posting_id is not null))
);
-- manifest = posted + spoiled + withdrawn + open: a piece leaves the lot one way only.
create unique index piece_leaves_once on delivery.piece_event (ref) where kind in ('posted', 'spoiled', 'withdrawn');
create index piece_event_posting on delivery.piece_event (posting_id) where posting_id is not null;
select journal.append_only('delivery.piece_event');

-- Files from the print house and the post as they came, so that a line nobody could read is not lost.
create table delivery.vendor_file (
  id uuid primary key,
  campaign_id uuid not null,
  kind text not null check (kind in ('print_house', 'returns')),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  file_id text not null,
  line_count integer not null check (line_count >= 0),
  new_count integer not null check (new_count >= 0),
  problem_count integer not null check (problem_count >= 0),
  loaded_at timestamptz not null
);
create index vendor_file_campaign on delivery.vendor_file (campaign_id, loaded_at);
select journal.append_only('delivery.vendor_file');
