-- Facts that are in no block yet: whoever seals reads these, not the whole journal. A line comes with its fact and goes with its
-- block, each in that transaction; never "id above the last one", because a transaction that commits late carries a smaller id.
create table journal.unsealed_fact (
  campaign_id uuid not null,
  fact_id bigint not null,
  primary key (campaign_id, fact_id)
);
alter table journal.unsealed_fact set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

create function journal.note_unsealed() returns trigger language plpgsql as $$
begin
  insert into journal.unsealed_fact select campaign_id, id from fresh;
  return null;
end $$;
create trigger note_unsealed after insert on journal.fact referencing new table as fresh
  for each statement execute function journal.note_unsealed();

create function journal.forget_unsealed() returns trigger language plpgsql as $$
begin
  delete from journal.unsealed_fact u using fresh f where u.campaign_id = f.campaign_id and u.fact_id = f.fact_id;
  return null;
end $$;
create trigger forget_unsealed after insert on journal.block_fact referencing new table as fresh
  for each statement execute function journal.forget_unsealed();

insert into journal.unsealed_fact select f.campaign_id, f.id from journal.fact f
  where not exists (select from journal.block_fact b where b.fact_id = f.id);
