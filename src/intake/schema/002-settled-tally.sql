-- How many rejected rows are settled: a line per statement that settles some, added up by the sweep, proven by a recount.
create table intake.settled_tally (
  campaign_id uuid not null,
  settled bigint not null
);
create index settled_tally_campaign on intake.settled_tally (campaign_id);
alter table intake.settled_tally set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

create function intake.tally_settled() returns trigger language plpgsql as $$
begin
  insert into intake.settled_tally select campaign_id, count(*) from fresh where kind = 'settled' group by 1;
  return null;
end $$;
create trigger tally_insert after insert on intake.row_event referencing new table as fresh
  for each statement execute function intake.tally_settled();

insert into intake.settled_tally select campaign_id, count(*) from intake.row_event where kind = 'settled' group by 1;

-- People on at least one of some list versions. Versions never change, so neither does the number once it was counted.
create table intake.listed_count (
  campaign_id uuid not null,
  versions integer[] not null,
  people bigint not null,
  primary key (campaign_id, versions)
);
