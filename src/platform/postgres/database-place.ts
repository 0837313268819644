/**
 * Where a database lies, as a hash: folder and machine of the embedded one, identity of a server's otherwise. A copy of the data
 * folder, a clone and a dump that was read back lie elsewhere; a backup that was read in is marked besides.
 */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256Hex } from '../../kernel/canonical.ts';
import type { Config } from '../config.ts';
import { machineId } from '../machine.ts';
import { type Db, execute, maybeRow, type Pool, row, sql, type Tx } from './db.ts';

/** Asked of the server each time: behind one address there may be another database than before. */
export async function databasePlace(
  pool: Pool,
  config: Pick<Config, 'home' | 'databaseUrl'>,
): Promise<{ hash: string; isOwnFolder: boolean }> {
  if (config.databaseUrl === null) {
    return {
      hash: sha256Hex(`folder ${machineId()} ${realpathSync(join(config.home, 'database'))}`),
      isOwnFolder: true,
    };
  }
  const { oid } = await row(
    pool,
    z.object({ oid: z.string() }),
    sql`select oid::text as oid from pg_database where datname = current_database()`,
  );
  return { hash: sha256Hex(`server ${await systemIdentifier(pool)} ${oid}`), isOwnFolder: false };
}

/** Given to a cluster when it is made. '' where the provider keeps it to itself. */
async function systemIdentifier(pool: Pool): Promise<string> {
  const schema = z.object({ id: z.string() });
  return await maybeRow(pool, schema, sql`select system_identifier::text as id from pg_control_system()`).then(
    (found) => found?.id ?? '',
    (error: { code?: string }) => {
      if (error.code === '42501' || error.code === '42883') return '';
      throw error;
    },
  );
}

/**
 * Written with the rows of a restore, so that no crash can leave a restored database that does not know it. It lies in the
 * program's own schema, which no backup holds.
 */
export async function markRestored(tx: Tx): Promise<void> {
  await tx.query('create table if not exists platform.restored (at timestamptz not null default clock_timestamp())');
  await tx.query('insert into platform.restored default values');
}

/** Whether a backup was read into this database and its campaigns were not looked at since. */
export async function isJustRestored(db: Db): Promise<boolean> {
  const schema = z.object({ is_there: z.boolean() });
  return (await row(db, schema, sql`select to_regclass('platform.restored') is not null as is_there`)).is_there;
}

export async function clearRestored(db: Db): Promise<void> {
  await execute(db, sql`drop table if exists platform.restored`);
}
