/**
 * Tallies: tables to which triggers add one line per statement that moved rows, in its transaction; a number is the sum of its
 * lines. Lines are never changed, so writers do not wait for one another; adding them up is the sweep's work.
 */
import { z } from 'zod';
import { type Db, execute, raw, row, sql } from './db.ts';

/** `keys` besides campaign_id say what is counted, `count` is the column that is summed. */
export type Tally = { readonly table: string; readonly keys: readonly string[]; readonly count: string };

/** Fewer lines than this are summed in a millisecond: adding them up would cost more than it saves. */
const LINES_TO_SPARE = 500;

/**
 * Replaces the lines of a campaign by one per key when there are many. A reader sees them before or after, never between, and
 * of two that add up at once one finds nothing left. Returns whether it did.
 */
export async function foldTally(
  db: Db,
  { table, keys, count }: Tally,
  campaignId: string,
  spareLines: number = LINES_TO_SPARE,
): Promise<boolean> {
  const columns = raw(['campaign_id', ...keys].join(', '));
  const [name, sum] = [raw(table), raw(count)];
  const { spare } = await row(
    db,
    z.object({ spare: z.coerce.number() }),
    sql`select count(*) - count(distinct (${columns})) as spare from ${name} where campaign_id = ${campaignId}`,
  );
  if (spare < spareLines) return false;
  await execute(
    db,
    sql`with lines as (delete from ${name} where campaign_id = ${campaignId} returning *)
        insert into ${name} (${columns}, ${sum}) select ${columns}, sum(${sum}) from lines group by ${columns} having sum(${sum}) <> 0`,
  );
  return true;
}
