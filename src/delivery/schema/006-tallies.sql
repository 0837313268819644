-- Tallies: how many places, people and letters stand where, so that status and the sweep read a few lines and not millions of
-- rows. A statement that moves rows adds one line per kind of change, in its own transaction; a number is the sum of its lines.
-- Lines are only ever added, so that workers who commit at the same time never wait for one another, in no order of statements;
-- the sweep adds them up now and then. A recount of the rows proves them (`owabi reconcile`, once a night by itself).

create table delivery.place_tally (
  campaign_id uuid not null,
  wave_id text not null,
  state text not null,
  places bigint not null
);
create index place_tally_campaign on delivery.place_tally (campaign_id);

create table delivery.person_tally (
  campaign_id uuid not null,
  term text not null,
  outcome text not null,
  -- By day, so that the earliest day of an outcome is exact without an index that dead rows slow down; infinity = no day.
  due_on date not null,
  people bigint not null
);
create index person_tally_campaign on delivery.person_tally (campaign_id);

-- Of each lot's pieces: how many left it which way, came back, and were printed again.
create table delivery.lot_tally (
  campaign_id uuid not null,
  lot_id uuid not null,
  kind text not null check (kind in ('posted', 'spoiled', 'withdrawn', 'returned', 'reprinted')),
  pieces bigint not null
);
create index lot_tally_campaign on delivery.lot_tally (campaign_id);

-- Pieces in a lot that someone must take out, because their person was excluded or covered otherwise.
create table delivery.pull_tally (
  campaign_id uuid not null,
  pieces bigint not null
);
create index pull_tally_campaign on delivery.pull_tally (campaign_id);

-- Lines come and go every few seconds; the usual share of a table would let dead ones pile up.
alter table delivery.place_tally set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
alter table delivery.person_tally set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
alter table delivery.lot_tally set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
alter table delivery.pull_tally set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

create function delivery.tally_places() returns trigger language plpgsql as $$
begin
  case tg_op
    when 'INSERT' then
      insert into delivery.place_tally select campaign_id, wave_id, state, count(*) from fresh group by 1, 2, 3;
    when 'DELETE' then
      insert into delivery.place_tally select campaign_id, wave_id, state, -count(*) from gone group by 1, 2, 3;
    else
      insert into delivery.place_tally
        select campaign_id, wave_id, state, sum(n) from (
          select campaign_id, wave_id, state, -1 as n from gone union all select campaign_id, wave_id, state, 1 from fresh) moved
        group by 1, 2, 3 having sum(n) <> 0;
  end case;
  return null;
end $$;
create trigger tally_insert after insert on delivery.assignment referencing new table as fresh
  for each statement execute function delivery.tally_places();
create trigger tally_update after update on delivery.assignment referencing old table as gone new table as fresh
  for each statement execute function delivery.tally_places();
create trigger tally_delete after delete on delivery.assignment referencing old table as gone
  for each statement execute function delivery.tally_places();

-- Open pieces: in a lot, and left it no way yet.
create function delivery.is_stopped(term text) returns boolean language sql immutable as $$ select term in ('excluded', 'substitute') $$;

create function delivery.tally_people() returns trigger language plpgsql as $$
begin
  case tg_op
    when 'INSERT' then
      insert into delivery.person_tally
        select campaign_id, term, outcome, coalesce(due_on, 'infinity'), count(*) from fresh group by 1, 2, 3, 4;
    when 'DELETE' then
      insert into delivery.person_tally
        select campaign_id, term, outcome, coalesce(due_on, 'infinity'), -count(*) from gone group by 1, 2, 3, 4;
    else
      insert into delivery.person_tally
        select campaign_id, term, outcome, coalesce(due_on, 'infinity'), sum(n) from (
          select campaign_id, term, outcome, due_on, -1 as n from gone
          union all select campaign_id, term, outcome, due_on, 1 from fresh) moved
        group by 1, 2, 3, 4 having sum(n) <> 0;
      -- The row of the person is locked by this statement; whoever puts a piece of theirs into a lot or takes it out locks it,
      -- too, so one of the two always sees the other.
      if exists (select from gone where delivery.is_stopped(term)) or exists (select from fresh where delivery.is_stopped(term)) then
        insert into delivery.pull_tally
          select campaign_id, sum(n) from (
            select f.campaign_id, delivery.is_stopped(f.term)::int - delivery.is_stopped(g.term)::int as n
            from fresh f join gone g using (campaign_id, ref)
            join delivery.piece p on p.campaign_id = f.campaign_id and p.person_ref = f.ref
            where delivery.is_stopped(f.term) <> delivery.is_stopped(g.term)
              and not exists (select from delivery.piece_event e where e.ref = p.id)) moved
          group by 1 having sum(n) <> 0;
      end if;
  end case;
  return null;
end $$;
create trigger tally_insert after insert on delivery.person referencing new table as fresh
  for each statement execute function delivery.tally_people();
create trigger tally_update after update on delivery.person referencing old table as gone new table as fresh
  for each statement execute function delivery.tally_people();
create trigger tally_delete after delete on delivery.person referencing old table as gone
  for each statement execute function delivery.tally_people();

create function delivery.tally_pieces() returns trigger language plpgsql as $$
begin
  perform from delivery.person p where (p.campaign_id, p.ref) in (select campaign_id, person_ref from fresh)
    order by p.ref for no key update;
  insert into delivery.pull_tally
    select f.campaign_id, count(*) from fresh f join delivery.person p on p.campaign_id = f.campaign_id and p.ref = f.person_ref
    where delivery.is_stopped(p.term) group by 1;
  insert into delivery.lot_tally
    select o.campaign_id, o.lot_id, 'reprinted', count(*) from fresh f join delivery.piece o on o.id = f.reprint_of group by 1, 2;
  return null;
end $$;
create trigger tally_insert after insert on delivery.piece referencing new table as fresh
  for each statement execute function delivery.tally_pieces();

create function delivery.tally_piece_events() returns trigger language plpgsql as $$
begin
  insert into delivery.lot_tally
    select p.campaign_id, p.lot_id, f.kind, count(*) from fresh f join delivery.piece p on p.id = f.ref group by 1, 2, 3;
  if exists (select from fresh where kind <> 'returned') then
    perform from delivery.person d where (d.campaign_id, d.ref) in (
      select p.campaign_id, p.person_ref from fresh f join delivery.piece p on p.id = f.ref) order by d.ref for no key update;
    insert into delivery.pull_tally
      select p.campaign_id, -count(*) from fresh f join delivery.piece p on p.id = f.ref
        join delivery.person d on d.campaign_id = p.campaign_id and d.ref = p.person_ref
      where f.kind <> 'returned' and delivery.is_stopped(d.term) group by 1;
  end if;
  return null;
end $$;
create trigger tally_insert after insert on delivery.piece_event referencing new table as fresh
  for each statement execute function delivery.tally_piece_events();

insert into delivery.place_tally select campaign_id, wave_id, state, count(*) from delivery.assignment group by 1, 2, 3;
insert into delivery.person_tally
  select campaign_id, term, outcome, coalesce(due_on, 'infinity'), count(*) from delivery.person group by 1, 2, 3, 4;
insert into delivery.lot_tally
  select p.campaign_id, p.lot_id, e.kind, count(*) from delivery.piece_event e join delivery.piece p on p.id = e.ref group by 1, 2, 3;
insert into delivery.lot_tally
  select o.campaign_id, o.lot_id, 'reprinted', count(*) from delivery.piece f join delivery.piece o on o.id = f.reprint_of group by 1, 2;
insert into delivery.pull_tally
  select p.campaign_id, count(*) from delivery.piece p join delivery.person d on d.campaign_id = p.campaign_id and d.ref = p.person_ref
  where delivery.is_stopped(d.term) and not exists (select from delivery.piece_event e where e.ref = p.id) group by 1;

-- What the sweep asks every few seconds costs what there is to do, not what the campaign is.
create index assignment_unchunked on delivery.assignment (campaign_id, wave_id, site_key)
  where chunk_id is null and state = 'pending' and notice_id is not null and site_key is not null;
create index person_letter_due on delivery.person (campaign_id, rank) where outcome = 'letter_due';
create index person_doubtful on delivery.person (campaign_id, rank) where outcome in ('mail_uncertain', 'letter_returned');
