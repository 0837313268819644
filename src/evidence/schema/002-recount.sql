-- The last recount of each campaign's counters and what it found; a new one takes its place.
create table evidence.recount (
  campaign_id uuid primary key,
  counted_at timestamptz not null,
  compared integer not null check (compared > 0),
  -- What differed, with both figures; counts and codes only.
  differences jsonb not null
);
