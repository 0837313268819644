/** What intake remembers of frozen list versions, and the records behind their members. */
import { z } from 'zod';
import { bytes, type Db, execute, instant, int8, maybeRow, row, rows, sql, type Tx } from '../../platform/db.ts';
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
 * Inserts the members of a version: one per person, united over merged rows, in a random order of which nothing can be read. Kinds
 * outweigh one another in the order of `personKinds`. Returns their number.
 */
export async function insertMembers(tx: Tx, campaignId: string, version: number): Promise<number> {
  return await execute(
    tx,
    sql`with merged as (
        select r.person_ref,
          array_agg(r.ref order by (r.ref = r.person_ref) desc, r.import_number, r.row_number) as refs,
          sha256(string_agg(r.leaf, ''::bytea order by (r.ref = r.person_ref) desc, r.import_number, r.row_number)) as leaf,
          (array_agg(r.kind order by array_position(${[...personKinds]}::text[], r.kind)))[1] as kind,
          bool_or(r.has_email) as has_email, bool_or(r.has_address) as has_address,
          (array_agg(r.site_blind order by (r.ref = r.person_ref) desc, r.import_number, r.row_number) filter (where r.site_blind is not null))[1] as site_blind,
          (array_agg(r.email_blind order by (r.ref = r.person_ref) desc, r.import_number, r.row_number) filter (where r.email_blind is not null))[1] as email_blind,
          (array_agg(r.address_blind order by (r.ref = r.person_ref) desc, r.import_number, r.row_number) filter (where r.address_blind is not null))[1] as address_blind
        from intake.record r
        where r.person_ref in (select person_ref from intake.record where campaign_id = ${campaignId} and merge_rule is not null)
        group by r.person_ref
      ), united as (
        select r.person_ref, array(select distinct unnest(array_cat_agg.flags) order by 1) as flags,
          array(select distinct unnest(array_cat_agg.items) order by 1) as items
        from (select person_ref from merged) r
        cross join lateral (
          select coalesce(array_agg(f.flag) filter (where f.kind = 'flag'), '{}') as flags,
            coalesce(array_agg(f.flag) filter (where f.kind = 'item'), '{}') as items
          from intake.record x
          cross join lateral (
            select 'flag' as kind, unnest(x.flags) as flag union all select 'item', unnest(x.leaked_items)
          ) f
          where x.person_ref = r.person_ref
        ) array_cat_agg
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

const recordRow = z.object({
  person_ref: z.string(),
  ref: z.string(),
  address_sealed: bytes,
  proof_sealed: bytes,
});
export type RecordRow = z.output<typeof recordRow>;

/** The sealed rows behind people, own row first: as frozen in `version` for its members, as they are now for everyone else. */
export async function listPersonRecords(
  db: Db,
  campaignId: string,
  refs: readonly string[],
  version: number | null,
): Promise<RecordRow[]> {
  return await rows(
    db,
    recordRow,
    sql`with asked as (
        select a.ref, m.ref is not null as is_member, m.record_refs
        from unnest(${[...new Set(refs)]}::uuid[]) as a (ref)
        left join intake.list_member m on m.campaign_id = ${campaignId} and m.version = ${version} and m.ref = a.ref
      ), wanted as (
        select ref as person_ref, ref from asked
        union select ref, unnest(record_refs) from asked where is_member
        union select r.person_ref, r.ref from intake.record r join asked a on r.person_ref = a.ref
          where r.merge_rule is not null and not a.is_member
      )
      select w.person_ref, r.ref, r.address_sealed, r.proof_sealed
      from wanted w join intake.record r on r.ref = w.ref
      where r.campaign_id = ${campaignId}
      order by w.person_ref, (r.ref = w.person_ref) desc, r.import_number, r.row_number`,
  );
}

const refRow = z.object({ ref: z.string() });
const lookUpColumns = {
  customer: sql`customer_blind`,
  email: sql`email_blind`,
  phone: sql`phone_blind`,
  kana: sql`kana_blind`,
} as const;

/** People one of whose rows carries the digest; merged rows lead to their person. */
export async function listRefsByBlind(
  db: Db,
  campaignId: string,
  kind: keyof typeof lookUpColumns,
  digest: Buffer,
): Promise<string[]> {
  const found = await rows(
    db,
    refRow,
    sql`select distinct person_ref as ref from intake.record where ${lookUpColumns[kind]} = ${digest} and campaign_id = ${campaignId} order by ref`,
  );
  return found.map(({ ref }) => ref);
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

const mergeRow = z.object({
  ref: z.string(),
  person_ref: z.string(),
  merge_rule: z.string(),
  import_number: z.number(),
  row_number: z.number(),
});
export type MergeRow = z.output<typeof mergeRow>;

export async function listMergeRows(db: Db, campaignId: string, personRef: string | null): Promise<MergeRow[]> {
  return await rows(
    db,
    mergeRow,
    sql`select ref, person_ref, merge_rule, import_number, row_number from intake.record
      where campaign_id = ${campaignId} and merge_rule is not null and (${personRef}::uuid is null or person_ref = ${personRef})
      order by import_number, row_number`,
  );
}

const undoneRow = z.object({ import_number: z.number(), person_ref: z.string() });

/** Makes a merged row a person of its own and moves its import's counters; null when it is not merged (any more). */
export async function separateRecord(tx: Tx, campaignId: string, ref: string): Promise<{ personRef: string } | null> {
  const found = await maybeRow(
    tx,
    undoneRow,
    sql`select import_number, person_ref from intake.record
      where campaign_id = ${campaignId} and ref = ${ref} and merge_rule is not null for update`,
  );
  if (found === null) return null;
  await execute(tx, sql`update intake.record set person_ref = ref, merge_rule = null where ref = ${ref}`);
  await execute(
    tx,
    sql`update intake.import set people_count = people_count + 1, merged_count = merged_count - 1
      where campaign_id = ${campaignId} and number = ${found.import_number}`,
  );
  return { personRef: found.person_ref };
}

const eventId = z.object({ ref: z.string(), cycle: z.number() });

/** A merge may be undone once per time that it was made. */
export async function insertUndoneEvent(
  tx: Tx,
  input: { campaignId: string; ref: string; at: Date; factId: string },
): Promise<{ ref: string; cycle: number }[]> {
  return await rows(
    tx,
    eventId,
    sql`insert into intake.row_event (campaign_id, ref, kind, cycle, at, code, fact_id)
      select ${input.campaignId}, ${input.ref}, 'merge_undone', coalesce(max(cycle), 0) + 1, ${input.at}, 'separate_person', ${input.factId}
      from intake.row_event where ref = ${input.ref} and kind = 'merge_undone' returning ref, cycle`,
  );
}

const running = z.object({ count: int8 });

export async function countRunningImports(db: Db, campaignId: string): Promise<number> {
  return (
    await row(
      db,
      running,
      sql`select count(*) as count from intake.import where campaign_id = ${campaignId} and state = 'running'`,
    )
  ).count;
}
