/** What intake remembers of people: the sealed rows behind each, how one is found, and which rows were merged. */
import { z } from 'zod';
import { bytes, type Db, execute, maybeRow, rows, sql, type Tx } from '../../platform/postgres/db.ts';

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
