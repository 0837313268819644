-- Which copy of this database sends for a campaign. A backup, a copied folder or a cloned database carries this row with it, and
-- finds out by `place`, by the mark beside the keys, or by its silence that it is not the home that the row speaks of.
create table campaign.sending_home (
  campaign_id uuid primary key references campaign.campaign,
  -- Grows with each take-over by name.
  generation integer not null default 1 check (generation >= 1),
  -- Hash of where the database lies: folder and machine of the embedded one, identity of a server's otherwise.
  place text not null check (place ~ '^[0-9a-f]{64}$'),
  -- Grows while a worker lives; the mark beside the keys knows the last one, so a database that was set back is found out.
  beat bigint not null default 0 check (beat >= 0),
  -- The last worker ended properly: until the next one begins nothing is sent, and silence means nothing.
  is_resting boolean not null default true,
  seen_at timestamptz not null default clock_timestamp(),
  -- Why nothing may be sent from here until a named person takes the home; null while this is the home that sends.
  suspended text check (suspended in ('restored', 'copied', 'set_back', 'taken_elsewhere', 'silent', 'unknown_host')),
  -- Places that the other home may have served are not all marked as uncertain yet; nothing leaves before that.
  in_doubt boolean not null default false,
  check (suspended is null or is_resting)
);
