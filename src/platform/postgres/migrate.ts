/**
 * Applies each room's schema files in rank order, forward only, under an advisory lock. A file that was applied and then
 * edited is refused: two databases of the same version must not differ.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256Hex } from '../../kernel/canonical.ts';
import { AppError } from '../../kernel/errors.ts';
import { packageRoot } from '../package-root.ts';
import { type Pool, rows, sql, transaction } from './db.ts';
import { lockUntilCommit } from './locks.ts';

/** Rooms that own tables, lowest first: a room's tables may be created only after those below it. */
export const roomsWithTables = [
  'journal',
  'campaign',
  'intake',
  'notice',
  'delivery',
  'contacts',
  'ledger',
  'evidence',
  'desk',
] as const;

type Migration = { readonly name: string; readonly text: string; readonly sha256: string };

export function listMigrations(): Migration[] {
  return roomsWithTables.flatMap((room) => {
    const folder = join(packageRoot, 'src', room, 'schema');
    let files: string[];
    try {
      files = readdirSync(folder)
        .filter((file) => file.endsWith('.sql'))
        .sort();
    } catch {
      return [];
    }
    return files.map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      return { name: `${room}/${file}`, text, sha256: sha256Hex(text) };
    });
  });
}

const appliedRow = z.object({ name: z.string(), sha256: z.string() });

/**
 * Brings the database to this program's schema; returns the names applied now. `only` stops at the schema of a backup,
 * whose rows come before what is newer. Throws MIGRATION_CHANGED.
 */
export async function migrate(pool: Pool, { only }: { only?: ReadonlySet<string> } = {}): Promise<string[]> {
  const migrations = listMigrations().filter(({ name }) => only?.has(name) ?? true);
  return await transaction(pool, async (tx) => {
    await lockUntilCommit(tx, { lock: 'migration' });
    await tx.query('create schema if not exists platform');
    await tx.query(`create table if not exists platform.migration (
      name text primary key, sha256 text not null, applied_at timestamptz not null default clock_timestamp())`);
    const known = new Map(
      (await rows(tx, appliedRow, sql`select name, sha256 from platform.migration`)).map((m) => [m.name, m.sha256]),
    );
    const done: string[] = [];
    for (const migration of migrations) {
      const before = known.get(migration.name);
      if (before === migration.sha256) continue;
      if (before !== undefined) {
        throw new AppError('MIGRATION_CHANGED', { name: migration.name });
      }
      await tx.query(migration.text);
      await tx.query(
        sql`insert into platform.migration (name, sha256) values (${migration.name}, ${migration.sha256})`,
      );
      done.push(migration.name);
    }
    return done;
  });
}
