/**
 * What a backup holds: every table of the rooms in the order in which rows may be inserted, their columns and sequences,
 * and the form of its manifest. Queues are left out, because they may be emptied at any moment.
 */
import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { storedFormats } from '../../kernel/stored-format.ts';
import { type Db, int8, rows, sql } from './db.ts';
import { roomsWithTables } from './migrate.ts';

export const BACKUP_FORMAT = storedFormats.backup;
export const MANIFEST = 'backup.json';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const backupManifestSchema = z.object({
  format: z.literal(BACKUP_FORMAT),
  /** Version of Owabi and of PostgreSQL that wrote it, for people. */
  owabi: z.string(),
  postgres: z.string(),
  takenAt: z.iso.datetime(),
  /** The schema files that the database had; a restore applies exactly these before the rows and the others after. */
  migrations: z.array(z.object({ name: z.string(), sha256: digest })),
  tables: z.array(
    z.object({ table: z.string(), columns: z.array(z.string()), rows: int8, bytes: int8, sha256: digest }),
  ),
  sequences: z.array(z.object({ sequence: z.string(), last: z.string().regex(/^-?\d+$/) })),
  /** Files of the encrypted store; each is named by the SHA-256 of its bytes. */
  files: z.number().int(),
});
export type BackupManifest = z.output<typeof backupManifestSchema>;

export type BackupTable = { readonly table: string; readonly columns: readonly string[] };

const tableRow = z.object({ table: z.string(), columns: z.array(z.string()) });
const referenceRow = z.object({ from: z.string(), to: z.string() });

/**
 * All tables of the rooms, each after those that its immediate foreign keys name. Deferrable keys are checked at the
 * commit and need no order. Names and columns are quoted, generated columns left out.
 */
export async function listBackupTables(db: Db): Promise<BackupTable[]> {
  const schemas = [...roomsWithTables];
  const tables = await rows(
    db,
    tableRow,
    sql`select format('%I.%I', n.nspname, c.relname) as table,
        array_agg(quote_ident(a.attname) order by a.attnum) as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where n.nspname = any(${schemas}) and c.relkind = 'r'
      group by 1 order by 1`,
  );
  const references = await rows(
    db,
    referenceRow,
    sql`select distinct format('%I.%I', fn.nspname, f.relname) as "from", format('%I.%I', tn.nspname, t.relname) as "to"
      from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_namespace fn on fn.oid = f.relnamespace
        join pg_class t on t.oid = k.confrelid join pg_namespace tn on tn.oid = t.relnamespace
      where k.contype = 'f' and not k.condeferrable and f.oid <> t.oid and fn.nspname = any(${schemas})`,
  );
  return inInsertOrder(tables, references);
}

/** Pure. Throws BACKUP_INVALID when immediate foreign keys run in a circle: such a schema could never be restored. */
export function inInsertOrder(
  tables: readonly BackupTable[],
  references: readonly { from: string; to: string }[],
): BackupTable[] {
  const left = new Map(tables.map((table) => [table.table, table]));
  const ordered: BackupTable[] = [];
  while (left.size > 0) {
    const ready = [...left.values()].filter(
      (table) => !references.some(({ from, to }) => from === table.table && left.has(to)),
    );
    if (ready.length === 0) {
      throw new AppError('BACKUP_INVALID.circle', { tables: [...left.keys()].join(', ') });
    }
    for (const table of ready) {
      ordered.push(table);
      left.delete(table.table);
    }
  }
  return ordered;
}

const sequenceRow = z.object({ sequence: z.string(), last: z.string() });

/** Identity and other sequences that have been used, with the last value they gave. */
export async function listSequences(db: Db): Promise<z.output<typeof sequenceRow>[]> {
  return await rows(
    db,
    sequenceRow,
    sql`select format('%I.%I', schemaname, sequencename) as sequence, last_value::text as last
      from pg_sequences where schemaname = any(${[...roomsWithTables]}) and last_value is not null order by 1`,
  );
}
