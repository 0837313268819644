-- Waves that follow a first notice: whom they take, and what of each person they need to know without opening anyone's data.

alter table delivery.wave
  -- By which channels the people of a following wave were told; null for its own.
  add column told_by text[],
  -- How far the sweep has looked for people of a following wave; it goes round, a window at a time.
  add column looked_rank integer not null default -1,
  -- Which text people get follows from the plan, not from the wave's row.
  drop column own_variant,
  add constraint wave_purpose check (purpose in ('initial', 'supplement', 'correction', 'retraction', 'resend'));

alter table delivery.person
  -- Keyed hash of the e-mail's domain: the receiving site that shapes a later mail.
  add column site_key bytea,
  -- The newest list version that holds the person; one that a later list dropped is told by a retraction only.
  add column listed_version integer;

update delivery.person p set site_key = (select a.site_key from delivery.assignment a
    where a.campaign_id = p.campaign_id and a.person_ref = p.ref and a.site_key is not null limit 1),
  listed_version = (select max(l.list_version) from delivery.planned_list l where l.campaign_id = p.campaign_id);

create index person_rank on delivery.person (campaign_id, rank);

-- The plan names a substitute measure for people whom no wave can reach.
alter table delivery.rules add column has_substitute boolean not null default false;
