/** What intake remembers of frozen list versions and their members. */
import { z } from 'zod';
import { bytes, type Db, execute, instant, maybeRow, rows, sql, type Tx } from '../../platform/postgres/db.ts';
import { handlingFlags, personKinds } from '../person.ts';

const versionRow = z.object({
  version: z.number(),
  people: z.number(),
  sha256: z.string(),
  content_sha256: z.string(),
  frozen_at: instant,
  actor_id: z.string().nullable(),
});
export type VersionRow = z.output<typeof versionRow>;

/** The version, or the newest one when `version` is null. */
export async function findVersion(db: Db, campaignId: string, version: number | null): Promise<VersionRow | null> {
  return await maybeRow(
    db,
    versionRow,
    sql`select version, people_count as people, sha256, content_sha256, frozen_at, actor_id from intake.list_version
      where campaign_id = ${campaignId} and (${version}::int is null or version = ${version}) order by version desc limit 1`,
  );
}

/**
 * Tells the planner how many records there are now. Autovacuum looks once a minute; without it the first list after an
 * import is frozen with nested loops over everyone (measured at 19,171 people: 155 s instead of 0.05 s).
 */
export async function analyzeRecords(db: Db): Promise<void> {
  await execute(db, sql`analyze intake.record`);
}

/** The same for the members just frozen, before anyone pages through them. */
export async function analyzeMembers(db: Db): Promise<void> {
  await execute(db, sql`analyze intake.list_member`);
}

/**
 * Inserts the members of a version: one per person, united over merged rows, in a random order of which nothing can be read. Kinds
 * outweigh one another in the order of `personKinds`. Returns their number.
 */
export async function insertMembers(tx: Tx, campaignId: string, version: number): Promise<number> {
  return await execute(
    tx,
    sql`with merged_row as materialized (
        select * from intake.record where campaign_id = ${campaignId} and merge_rule is not null
        union all
        select * from intake.record where merge_rule is null
          and ref in (select person_ref from intake.record where campaign_id = ${campaignId} and merge_rule is not null)
      ), merged as (
        select r.person_ref,
          array_agg(r.ref order by (r.ref = r.person_ref) desc, r.import_number, r.row_number) as refs,
          sha256(string_agg(r.leaf, ''::bytea order by (r.ref = r.person_ref) desc, r.import_number, r.row_number)) as leaf,
          (array_agg(r.kind order by array_position(${[...personKinds]}::text[], r.kind)))[1] as kind,
          bool_or(r.has_email) as has_email, bool_or(r.has_address) as has_address,
          (array_agg(r.site_blind order by (r.ref = r.person_ref) desc, r.import_number, r.row_number) filter (where r.site_blind is not null))[1] as site_blind,
          (array_agg(r.email_blind order by (r.ref = r.person_ref) desc, r.import_number, r.row_number) filter (where r.email_blind is not null))[1] as email_blind,
          (array_agg(r.address_blind order by (r.ref = r.person_ref) desc, r.import_number, r.row_number) filter (where r.address_blind is not null))[1] as address_blind
        from merged_row r group by r.person_ref
      ), united as (
        select r.person_ref,
          coalesce(array_agg(distinct f.word order by f.word) filter (where f.is_flag), '{}') as flags,
          coalesce(array_agg(distinct f.word order by f.word) filter (where not f.is_flag), '{}') as items
        from merged_row r
        cross join lateral (select true as is_flag, unnest(r.flags) as word union all select false, unnest(r.leaked_items)) f
        group by r.person_ref
      )
      insert into intake.list_member (campaign_id, version, rank, ref, record_refs, leaf, kind, flags, leaked_items, has_email,
        has_address, site_blind, email_blind, address_blind)
      select ${campaignId}, ${version}, row_number() over (order by gen_random_uuid()) - 1, p.ref, m.refs, coalesce(m.leaf, p.leaf),
        coalesce(m.kind, p.kind), coalesce(u.flags, p.flags), coalesce(u.items, p.leaked_items), coalesce(m.has_email, p.has_email),
        coalesce(m.has_address, p.has_address), coalesce(m.site_blind, p.site_blind), coalesce(m.email_blind, p.email_blind),
        coalesce(m.address_blind, p.address_blind)
      from intake.record p left join merged m on m.person_ref = p.ref left join united u on u.person_ref = p.ref
      where p.campaign_id = ${campaignId} and p.merge_rule is null`,
  );
}

export async function insertVersion(
  tx: Tx,
  input: {
    campaignId: string;
    version: number;
    people: number;
    sha256: string;
    contentSha256: string;
    roster: unknown;
    at: Date;
    actorId: string | null;
  },
): Promise<void> {
  await execute(
    tx,
    sql`insert into intake.list_version (campaign_id, version, people_count, sha256, content_sha256, roster, frozen_at, actor_id)
      values (${input.campaignId}, ${input.version}, ${input.people}, ${input.sha256}, ${input.contentSha256},
        ${JSON.stringify(input.roster)}, ${input.at}, ${input.actorId})`,
  );
}

const leafRow = z.object({ ref: z.string(), rank: z.number(), leaf: bytes });

export async function listLeaves(
  db: Db,
  campaignId: string,
  version: number,
  page: { afterRank: number; limit: number },
): Promise<z.output<typeof leafRow>[]> {
  return await rows(
    db,
    leafRow,
    sql`select ref, rank, leaf from intake.list_member where campaign_id = ${campaignId} and version = ${version}
      and rank > ${page.afterRank} order by rank limit ${page.limit}`,
  );
}

/** The same in the order of references, for a hash that does not depend on the ranks. */
export async function listLeavesByRef(
  db: Db,
  campaignId: string,
  version: number,
  page: { afterRef: string; limit: number },
): Promise<z.output<typeof leafRow>[]> {
  return await rows(
    db,
    leafRow,
    sql`select ref, rank, leaf from intake.list_member where campaign_id = ${campaignId} and version = ${version}
      and ref > ${page.afterRef} order by ref limit ${page.limit}`,
  );
}

const memberRow = z.object({
  ref: z.string(),
  rank: z.number(),
  kind: z.enum(personKinds),
  flags: z.array(z.enum(handlingFlags)),
  has_email: z.boolean(),
  has_address: z.boolean(),
  leaked_items: z.array(z.string()),
  site_blind: bytes.nullable(),
});

export async function listMemberRows(
  db: Db,
  campaignId: string,
  version: number,
  page: { afterRank: number; limit: number },
): Promise<z.output<typeof memberRow>[]> {
  return await rows(
    db,
    memberRow,
    sql`select ref, rank, kind, flags, has_email, has_address, leaked_items, site_blind from intake.list_member
      where campaign_id = ${campaignId} and version = ${version} and rank > ${page.afterRank} order by rank limit ${page.limit}`,
  );
}

const differenceRow = z.object({
  ref: z.string(),
  is_added: z.boolean(),
  is_removed: z.boolean(),
  items_changed: z.boolean(),
  address_changed: z.boolean(),
});
export type DifferenceRow = z.output<typeof differenceRow>;

/** Members that are not the same in both versions. */
export async function listDifferences(db: Db, campaignId: string, from: number, to: number): Promise<DifferenceRow[]> {
  return await rows(
    db,
    differenceRow,
    sql`select coalesce(n.ref, o.ref) as ref, o.ref is null as is_added, n.ref is null as is_removed,
        coalesce(o.leaked_items <> n.leaked_items, false) as items_changed,
        o.ref is not null and n.ref is not null
          and (o.address_blind is distinct from n.address_blind or o.email_blind is distinct from n.email_blind) as address_changed
      from (select * from intake.list_member where campaign_id = ${campaignId} and version = ${from}) o
      full join (select * from intake.list_member where campaign_id = ${campaignId} and version = ${to}) n on n.ref = o.ref
      where o.leaf is distinct from n.leaf order by 1`,
  );
}
