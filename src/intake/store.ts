/** What intake remembers of rows: records, rejected rows, the events about them, and their counts. */
import { z } from 'zod';
import { copyBinaryInto, readBinaryCopy } from '../platform/postgres/copy-binary.ts';
import { bytes, type Client, type Db, execute, int8, row, rows, sql, type Tx } from '../platform/postgres/db.ts';
import type { Tally } from '../platform/postgres/tally.ts';
import type { MatchKeys } from './match/match-keys.ts';
import { recordColumns } from './write-record.ts';

/** Tuples of `recordColumns` in PostgreSQL's binary form. */
export async function copyRecords(tx: Tx, tuples: readonly Buffer[]): Promise<number> {
  return await copyBinaryInto(tx, `intake.record (${recordColumns.join(', ')})`, tuples);
}

export type NewRejectedRow = { id: string; rowNumber: number; line: number; reason: string; rowSealed: Uint8Array };

export async function insertRejectedRows(
  tx: Tx,
  campaignId: string,
  importNumber: number,
  found: readonly NewRejectedRow[],
): Promise<void> {
  if (found.length === 0) return;
  await execute(
    tx,
    sql`insert into intake.rejected_row (id, campaign_id, import_number, row_number, line, reason, row_sealed)
      select id, ${campaignId}, ${importNumber}, row_number, line, reason, row_sealed
      from unnest(${found.map((one) => one.id)}::uuid[], ${found.map((one) => one.rowNumber)}::int[], ${found.map((one) => one.line)}::int[],
        ${found.map((one) => one.reason)}::text[], ${found.map((one) => Buffer.from(one.rowSealed))}::bytea[])
        as given (id, row_number, line, reason, row_sealed)`,
  );
}

const target = z.object({ ref: z.string() });

/** People into whom other rows were merged, as 32 hexadecimal digits. */
export async function listMergeTargets(db: Db, campaignId: string): Promise<string[]> {
  const found = await rows(
    db,
    target,
    sql`select distinct replace(person_ref::text, '-', '') as ref from intake.record
      where campaign_id = ${campaignId} and merge_rule is not null`,
  );
  return found.map(({ ref }) => ref);
}

export type MatchTuple = Omit<MatchKeys, 'site'> & {
  ref: Buffer;
  personRef: Buffer;
  kind: string;
};

/** Every record of a campaign in the order of its rows, as digests. COPY, because a million rows pass here before an import begins. */
export async function readMatchTuples(
  client: Client,
  campaignId: string,
  onTuple: (tuple: MatchTuple) => void,
): Promise<void> {
  if (!/^[0-9a-f-]{36}$/.test(campaignId)) throw new TypeError('not a campaign id');
  const query = `select ref, person_ref, kind, name_blind, customer_blind, email_blind, phone_blind, address_blind, kana_blind, birth_blind
    from intake.record where campaign_id = '${campaignId}' order by import_number, row_number`;
  await readBinaryCopy(client, query, (fields) => {
    const [ref, personRef, kind, name, customer, email, phone, address, kana, birth] = fields;
    if (!ref || !personRef || !kind || !name) return;
    const text = (digest: Buffer | null | undefined) => digest?.toString('latin1') ?? null;
    onTuple({
      ref,
      personRef,
      kind: kind.toString('utf8'),
      name: name.toString('latin1'),
      customer: text(customer),
      email: text(email),
      phone: text(phone),
      address: text(address),
      kana: text(kana),
      birth: text(birth),
    });
  });
}

const rejectedRow = z.object({
  id: z.string(),
  import_number: z.number(),
  row_number: z.number(),
  line: z.number(),
  reason: z.string(),
  row_sealed: bytes,
  settlement: z.string().nullable(),
});
export type RejectedRowRecord = z.output<typeof rejectedRow>;

/** Rejected rows in order; `importNumber` null means of every import. */
export async function listRejectedRows(
  db: Db,
  campaignId: string,
  options: { importNumber?: number; isOpenOnly?: boolean; ids?: readonly string[] } = {},
): Promise<RejectedRowRecord[]> {
  return await rows(
    db,
    rejectedRow,
    sql`select r.id, r.import_number, r.row_number, r.line, r.reason, r.row_sealed, e.code as settlement
      from intake.rejected_row r left join intake.row_event e on e.ref = r.id and e.kind = 'settled'
      where r.campaign_id = ${campaignId}
        and (${options.importNumber ?? null}::int is null or r.import_number = ${options.importNumber ?? null})
        and (${options.ids ?? null}::uuid[] is null or r.id = any(${options.ids ?? null}::uuid[]))
        and (not ${options.isOpenOnly ?? false} or e.id is null)
      order by r.import_number, r.row_number`,
  );
}

const reasonCount = z.object({ reason: z.string(), count: int8 });

export async function countReasons(db: Db, campaignId: string, importNumber: number): Promise<Record<string, number>> {
  const found = await rows(
    db,
    reasonCount,
    sql`select reason, count(*) as count from intake.rejected_row
      where campaign_id = ${campaignId} and import_number = ${importNumber} group by reason order by reason`,
  );
  return Object.fromEntries(found.map(({ reason, count }) => [reason, count]));
}

export type RowSettlementEvent = { ref: string; code: string; noteSealed: Buffer | null };
const insertedEvent = z.object({ ref: z.string(), code: z.string() });

/** Settles rows of the campaign that are rejected and open; returns those that were. */
export async function insertSettlements(
  tx: Tx,
  input: { campaignId: string; factId: string; at: Date; settlements: readonly RowSettlementEvent[] },
): Promise<{ ref: string; code: string }[]> {
  const { settlements } = input;
  return await rows(
    tx,
    insertedEvent,
    sql`insert into intake.row_event (campaign_id, ref, kind, at, code, note_sealed, fact_id)
      select ${input.campaignId}, r.id, 'settled', ${input.at}, given.code, given.note_sealed, ${input.factId}
      from unnest(${settlements.map((one) => one.ref)}::uuid[], ${settlements.map((one) => one.code)}::text[],
        ${settlements.map((one) => one.noteSealed)}::bytea[]) as given (id, code, note_sealed)
      join intake.rejected_row r on r.id = given.id and r.campaign_id = ${input.campaignId}
      on conflict (ref, kind, cycle) do nothing returning ref, code`,
  );
}

const rosterCount = z.object({ rows: int8, people: int8, merged: int8, rejected: int8, open: int8 });

/** From the counters that are committed with the rows and with their settlements. */
export async function getRosterCount(db: Db, campaignId: string): Promise<z.output<typeof rosterCount>> {
  return await row(
    db,
    rosterCount,
    sql`select coalesce(sum(row_count), 0) as rows, coalesce(sum(people_count), 0) as people, coalesce(sum(merged_count), 0) as merged,
        coalesce(sum(rejected_count), 0) as rejected, coalesce(sum(rejected_count), 0)
          - (select coalesce(sum(settled), 0) from intake.settled_tally where campaign_id = ${campaignId}) as open
      from intake.import where campaign_id = ${campaignId}`,
  );
}

/** Counted from the records and the rejected rows themselves; only `rows` is what the imports read. Grows with the campaign. */
export async function recountRoster(db: Db, campaignId: string): Promise<z.output<typeof rosterCount>> {
  return await row(
    db,
    rosterCount,
    sql`select (select coalesce(sum(row_count), 0) from intake.import where campaign_id = ${campaignId}) as rows, people, merged, rejected,
        rejected - (select count(*) from intake.row_event where campaign_id = ${campaignId} and kind = 'settled') as open
      from (select count(*) filter (where merge_rule is null) as people, count(*) filter (where merge_rule is not null) as merged
          from intake.record where campaign_id = ${campaignId}) r,
        (select count(*) as rejected from intake.rejected_row where campaign_id = ${campaignId}) j`,
  );
}

export const settledTally: Tally = {
  table: 'intake.settled_tally',
  keys: [],
  counts: ['settled'],
  sources: ['intake.row_event'],
  rows: (campaignId) => sql`select campaign_id, count(*) from intake.row_event
    where campaign_id = ${campaignId} and kind = 'settled' group by 1`,
};

/** Ids of the roster files in the encrypted store, for a purge. */
export async function listStoredRosters(db: Db, campaignId: string): Promise<string[]> {
  const found = await rows(
    db,
    z.object({ file_id: z.string() }),
    sql`select file_id from intake.import where campaign_id = ${campaignId} order by number`,
  );
  return found.map(({ file_id }) => file_id);
}
