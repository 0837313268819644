-- What was charged and what was posted, summed: a line per statement that adds some, added up by the sweep, proven by a recount.
-- Every block that is charged and every line of an invoice asks for all of these sums; read from the rows they would grow with
-- the campaign. Who writes holds the ledger's lock, so a sum is never read between.
create table ledger.charge_tally (
  campaign_id uuid not null,
  rate_version_id uuid not null,
  rate_id text not null,
  quantity bigint not null,
  exact_amount bigint not null
);
create index charge_tally_campaign on ledger.charge_tally (campaign_id);

-- Entries that events caused, by statement line: accruals with their adjustments on one side, what invoices replaced on the other.
create table ledger.entry_tally (
  campaign_id uuid not null,
  rate_id text not null,
  category text not null,
  side text not null check (side in ('accrual', 'reversal')),
  quantity bigint not null,
  exact_amount bigint not null,
  net_yen bigint not null,
  tax_yen bigint not null,
  gross_yen bigint not null
);
create index entry_tally_campaign on ledger.entry_tally (campaign_id);

-- Lines come and go; the usual share of a table would let dead ones pile up.
alter table ledger.charge_tally set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
alter table ledger.entry_tally set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

create function ledger.tally_charges() returns trigger language plpgsql as $$
begin
  insert into ledger.charge_tally
    select campaign_id, rate_version_id, rate_id, sum(quantity), sum(exact_amount) from fresh group by 1, 2, 3;
  return null;
end $$;
create trigger tally_insert after insert on ledger.charge referencing new table as fresh
  for each statement execute function ledger.tally_charges();

create function ledger.side_of(kind text) returns text language sql immutable as $$
  select case kind when 'reversal' then 'reversal' else 'accrual' end
$$;

create function ledger.tally_entries() returns trigger language plpgsql as $$
begin
  insert into ledger.entry_tally
    select campaign_id, rate_id, category, ledger.side_of(kind),
      sum(quantity), sum(exact_amount), sum(net_yen), sum(tax_yen), sum(gross_yen)
    from fresh where kind <> 'invoice' group by 1, 2, 3, 4;
  return null;
end $$;
create trigger tally_insert after insert on ledger.entry referencing new table as fresh
  for each statement execute function ledger.tally_entries();

insert into ledger.charge_tally
  select campaign_id, rate_version_id, rate_id, sum(quantity), sum(exact_amount) from ledger.charge group by 1, 2, 3;
insert into ledger.entry_tally
  select campaign_id, rate_id, category, ledger.side_of(kind),
    sum(quantity), sum(exact_amount), sum(net_yen), sum(tax_yen), sum(gross_yen)
  from ledger.entry where kind <> 'invoice' group by 1, 2, 3, 4;
