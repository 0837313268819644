/** SQL of who stands on any list version: how many people, the total of the person equation; which of them stand for a corporation. */
import { z } from 'zod';
import type { PersonKind } from '../../campaign/wave/person-kind.ts';
import { type Db, execute, int8, maybeRow, row, rows, sql } from '../../platform/postgres/db.ts';

const countRow = z.object({ count: int8 });
const inOrder = (versions: readonly number[]) => [...versions].sort((a, b) => a - b);

/** People on at least one of the versions, counted from the members; someone on two of them counts once. Grows with the list. */
export async function recountListedPeople(db: Db, campaignId: string, versions: readonly number[]): Promise<number> {
  const found = await row(
    db,
    countRow,
    sql`select count(distinct ref) as count from intake.list_member where campaign_id = ${campaignId} and version = any(${versions}::int[])`,
  );
  return found.count;
}

async function findListedCount(db: Db, campaignId: string, versions: readonly number[]): Promise<number | null> {
  const found = await maybeRow(
    db,
    countRow,
    sql`select people as count from intake.listed_count where campaign_id = ${campaignId} and versions = ${inOrder(versions)}::int[]`,
  );
  return found?.count ?? null;
}

/** The same number as it was counted once, or counted now when nobody has yet. */
export async function countListedPeople(db: Db, campaignId: string, versions: readonly number[]): Promise<number> {
  return (await findListedCount(db, campaignId, versions)) ?? (await recountListedPeople(db, campaignId, versions));
}

/** Keeps the number, so that nobody has to count it again. */
export async function keepListedCount(db: Db, campaignId: string, versions: readonly number[]): Promise<void> {
  if ((await findListedCount(db, campaignId, versions)) !== null) return;
  const people = await recountListedPeople(db, campaignId, versions);
  await execute(
    db,
    sql`insert into intake.listed_count (campaign_id, versions, people) values (${campaignId}, ${inOrder(versions)}::int[], ${people})
        on conflict do nothing`,
  );
}

/** Who of these is a corporation's contact, by the first version that lists them: a later version never changes whom a card was for. */
export async function listCorporateContacts(
  db: Db,
  campaignId: string,
  refs: readonly string[],
): Promise<ReadonlySet<string>> {
  const corporate: PersonKind = 'corporate_contact';
  const found = await rows(
    db,
    z.object({ ref: z.string() }),
    sql`select ref from (select distinct on (ref) ref, kind from intake.list_member
          where campaign_id = ${campaignId} and ref = any(${refs}::uuid[]) order by ref, version) m where kind = ${corporate}`,
  );
  return new Set(found.map((member) => member.ref));
}
