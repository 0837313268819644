/**
 * Tallies: tables to which triggers add one line per statement that moved rows, in its transaction; a number is the sum of its
 * lines. Lines are never changed, so writers do not wait for one another; adding them up is the sweep's work.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type Db, execute, type Pool, raw, row, type Sql, sql, type Tx, transaction } from './db.ts';

/** `keys` besides campaign_id say what is counted, `counts` are the columns that are summed. */
export type Tally = {
  readonly table: string;
  readonly keys: readonly string[];
  readonly counts: readonly string[];
  /** Whether a key whose sums have come to nothing stays. */
  readonly keepsZeros?: boolean;
  /** The tables whose rows are counted, in the order in which transactions touch them. */
  readonly sources: readonly string[];
  /** A count of those rows: campaign_id, the keys, the count. Grows with the campaign. */
  readonly rows: (campaignId: string) => Sql;
};

/** Fewer lines than this are summed in a millisecond: adding them up would cost more than it saves. */
const LINES_TO_SPARE = 500;

/**
 * Replaces the lines of a campaign by one per key when there are many. A reader sees them before or after, never between, and
 * of two that add up at once one finds nothing left. Returns whether it did.
 */
export async function foldTally(
  db: Db,
  { table, keys, counts, keepsZeros = false }: Omit<Tally, 'sources' | 'rows'>,
  campaignId: string,
  spareLines: number = LINES_TO_SPARE,
): Promise<boolean> {
  const columns = raw(['campaign_id', ...keys].join(', '));
  const name = raw(table);
  const { spare } = await row(
    db,
    z.object({ spare: z.coerce.number() }),
    sql`select count(*) - count(distinct (${columns})) as spare from ${name} where campaign_id = ${campaignId}`,
  );
  if (spare < spareLines) return false;
  const sums = counts.map((count) => `sum(${count})`);
  const kept = raw(keepsZeros ? '' : `having ${sums.map((sum) => `${sum} <> 0`).join(' or ')}`);
  await execute(
    db,
    sql`with lines as (delete from ${name} where campaign_id = ${campaignId} returning *)
        insert into ${name} (${columns}, ${raw(counts.join(', '))}) select ${columns}, ${raw(sums.join(', '))} from lines group by ${columns} ${kept}`,
  );
  return true;
}

/** Gives up on a lock before PostgreSQL would look for transactions that wait in a ring, so that no other one is ended for us. */
const LOCK_TIMEOUT = '500ms';
const LOCK_TRIES = 40;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Puts a count of the rows in the place of the lines, and does `work` in the same transaction. Nobody moves a row meanwhile:
 * writers wait for some seconds at a million rows.
 */
export async function rebuildTallies(
  pool: Pool,
  tallies: readonly Tally[],
  campaignId: string,
  work: (tx: Tx) => Promise<unknown>,
): Promise<void> {
  const sources = [...new Set(tallies.flatMap((tally) => tally.sources))];
  for (let tries = 1; ; tries++) {
    try {
      return await transaction(pool, async (tx) => {
        await tx.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
        await tx.query(`lock table ${sources.join(', ')} in share mode`);
        // Whoever adds lines up holds no source: rows of theirs that are not yet visible would be counted twice.
        await tx.query(`lock table ${tallies.map(({ table }) => table).join(', ')} in share row exclusive mode`);
        for (const tally of tallies) await rebuildTally(tx, tally, campaignId);
        await work(tx);
      });
    } catch (error) {
      if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE || tries === LOCK_TRIES) throw error;
      await sleep(tries * 10);
    }
  }
}

async function rebuildTally(tx: Tx, { table, keys, counts, rows }: Tally, campaignId: string): Promise<void> {
  await execute(tx, sql`delete from ${raw(table)} where campaign_id = ${campaignId}`);
  await execute(
    tx,
    sql`insert into ${raw(table)} (${raw(['campaign_id', ...keys, ...counts].join(', '))}) ${rows(campaignId)}`,
  );
}
