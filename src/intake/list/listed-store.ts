/** SQL of who stands on any list version: how many people, the total of the person equation; which of them stand for a corporation. */
import { z } from 'zod';
import type { PersonKind } from '../../campaign/wave/person-kind.ts';
import { type Db, int8, row, rows, sql } from '../../platform/postgres/db.ts';

/** People on at least one of the versions; someone on two of them counts once. */
export async function countListedPeople(db: Db, campaignId: string, versions: readonly number[]): Promise<number> {
  const found = await row(
    db,
    z.object({ count: int8 }),
    sql`select count(distinct ref) as count from intake.list_member where campaign_id = ${campaignId} and version = any(${versions}::int[])`,
  );
  return found.count;
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
