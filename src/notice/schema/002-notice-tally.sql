-- How many notices each wave has issued: a line per statement that issues some, added up by the sweep, proven by a recount.
create table notice.notice_tally (
  campaign_id uuid not null,
  wave_id text not null,
  notices bigint not null
);
create index notice_tally_campaign on notice.notice_tally (campaign_id);
alter table notice.notice_tally set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

create function notice.tally_notices() returns trigger language plpgsql as $$
begin
  insert into notice.notice_tally select campaign_id, wave_id, count(*) from fresh group by 1, 2;
  return null;
end $$;
create trigger tally_insert after insert on notice.notice referencing new table as fresh
  for each statement execute function notice.tally_notices();

insert into notice.notice_tally select campaign_id, wave_id, count(*) from notice.notice group by 1, 2;
