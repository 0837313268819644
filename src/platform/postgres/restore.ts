/**
 * Reads a backup into an empty database: the schema files that it was taken with, then every row with its hash and count
 * checked, then the sequences, all or nothing, then whatever schema files are newer. Constraints are checked as always:
 * a restore needs no superuser and lets nothing in that the rooms would refuse.
 */
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import type { WordParams } from '../../kernel/wording.ts';
import { openZip, ZIP_LIMITS, type ZipEntry, type ZipLimits } from '../formats/zip.ts';
import { type BackupManifest, backupManifestSchema, listBackupTables, MANIFEST } from './backup-tables.ts';
import { markRestored } from './database-place.ts';
import { type Pool, raw, row, rows, sql, type Tx, transaction } from './db.ts';
import { listMigrations, migrate, roomsWithTables } from './migrate.ts';

/** A backup is our own: only the shape of the ZIP is bounded, not how many files a store may have. */
const LIMITS: ZipLimits = { ...ZIP_LIMITS, entries: 10_000_000, bytes: Number.MAX_SAFE_INTEGER };

export type RestoreInput = {
  readonly file: string;
  readonly filesDir: string;
  /** Tables with rows in them that are nobody's campaign. */
  readonly mayHaveRows?: readonly string[];
  readonly onProgress?: (what: string, done: number, total: number) => void;
};
export type RestoreResult = {
  readonly tables: number;
  readonly rows: number;
  readonly files: number;
  readonly takenAt: string;
};

/**
 * Throws BACKUP_INVALID for a damaged or newer backup, DATABASE_NOT_EMPTY when any room has a row. After a failure the database
 * is empty and has this version's schema.
 */
export async function restoreBackup(pool: Pool, input: RestoreInput): Promise<RestoreResult> {
  try {
    return await readBackup(pool, input);
  } catch (error) {
    // What went wrong first is told, also when the database does not answer any more.
    await migrate(pool).catch(() => undefined);
    throw error;
  }
}

async function readBackup(pool: Pool, input: RestoreInput): Promise<RestoreResult> {
  const { file, filesDir, mayHaveRows = [], onProgress: tell = () => {} } = input;
  const zip = await openZip(file, LIMITS);
  try {
    const entries = new Map(zip.entries.map((entry) => [entry.path, entry]));
    const manifest = await readManifest(entries);
    refuseUnknownMigrations(manifest);
    await clearEmptySchemas(pool, new Set(mayHaveRows));
    await migrate(pool, { only: new Set(manifest.migrations.map(({ name }) => name)) });
    const restored = await transaction(pool, (tx) => loadTables(tx, manifest, entries, tell));
    await migrate(pool);
    const files = [...entries.values()].filter((entry) => entry.path.startsWith('files/'));
    if (files.length !== manifest.files)
      throw damaged('backup.damaged.files', { found: files.length, count: manifest.files });
    for (const [index, entry] of files.entries()) {
      tell('files', index, files.length);
      await restoreFile(entry, filesDir);
    }
    return { tables: manifest.tables.length, rows: restored, files: files.length, takenAt: manifest.takenAt };
  } finally {
    zip.close();
  }
}

const damaged = (word: string, params?: WordParams) =>
  new AppError('BACKUP_INVALID.damaged', { what: params ? { word, params } : { word } });

async function readManifest(entries: ReadonlyMap<string, ZipEntry>): Promise<BackupManifest> {
  const entry = entries.get(MANIFEST);
  if (entry === undefined) throw new AppError('BACKUP_INVALID.noManifest', { manifest: MANIFEST });
  const parts: Buffer[] = [];
  for await (const part of await entry.open()) parts.push(part as Buffer);
  const parsed = backupManifestSchema.safeParse(JSON.parse(Buffer.concat(parts).toString('utf8')));
  if (!parsed.success) throw new AppError('BACKUP_INVALID.form', { manifest: MANIFEST });
  return parsed.data;
}

/** A backup of a newer Owabi, or of one whose schema files differ, cannot be understood by this one. */
function refuseUnknownMigrations(manifest: BackupManifest): void {
  const known = new Map(listMigrations().map(({ name, sha256 }) => [name, sha256]));
  const unknown = manifest.migrations.filter(({ name, sha256 }) => known.get(name) !== sha256);
  if (unknown.length === 0) return;
  throw new AppError('BACKUP_INVALID.version', {
    version: manifest.owabi,
    names: unknown.map(({ name }) => name).join(', '),
  });
}

/** Makes room for the backup's own schema; tables with a row in them are somebody's campaign. */
async function clearEmptySchemas(pool: Pool, mayHaveRows: ReadonlySet<string>): Promise<void> {
  await transaction(pool, async (tx) => {
    for (const { table } of await listBackupTables(tx)) {
      if (mayHaveRows.has(table)) continue;
      const { filled } = await row(tx, z.object({ filled: z.boolean() }), rawExists(table));
      if (filled) {
        throw new AppError('DATABASE_NOT_EMPTY', { table });
      }
    }
    for (const schema of [...roomsWithTables, 'platform']) await tx.query(`drop schema if exists ${schema} cascade`);
  });
}

const rawExists = (table: string) => sql`select exists (select from ${raw(table)}) as filled`;

async function loadTables(
  tx: Tx,
  manifest: BackupManifest,
  entries: ReadonlyMap<string, ZipEntry>,
  tell: (what: string, done: number, total: number) => void,
): Promise<number> {
  const order = await listBackupTables(tx);
  const described = new Map(manifest.tables.map((table) => [table.table, table]));
  const missing = order.filter(({ table }) => !described.has(table));
  if (missing.length > 0 || order.length !== described.size) throw damaged('backup.damaged.tables');
  await tx.query('set constraints all deferred');
  // Append-only tables refuse the deletion of what a schema file may have inserted; all of this is one transaction.
  for (const { table } of order) await tx.query(`alter table ${table} disable trigger user`);
  for (const { table } of [...order].reverse()) await tx.query(`delete from ${table}`);
  let total = 0;
  for (const [index, { table }] of order.entries()) {
    tell(table, index, order.length);
    const about = described.get(table);
    const entry = entries.get(`tables/${table}.copy`);
    if (about === undefined || entry === undefined) throw damaged('backup.damaged.missing', { table });
    const hash = createHash('sha256');
    const hashed = async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        hash.update(chunk);
        yield chunk;
      }
    };
    const target = tx.query(copyFrom(`copy ${table} (${about.columns.join(', ')}) from stdin`));
    await pipeline(Readable.from(hashed(await entry.open()), { objectMode: false }), target);
    if (hash.digest('hex') !== about.sha256 || target.rowCount !== about.rows)
      throw damaged('backup.damaged.differs', { table });
    total += target.rowCount;
  }
  await tx.query('set constraints all immediate');
  for (const { table } of order) await tx.query(`alter table ${table} enable trigger user`);
  await restoreSequences(tx, manifest);
  // Committed with the rows: no crash leaves a restored database that takes itself for the home that sends.
  await markRestored(tx);
  return total;
}

async function restoreSequences(tx: Tx, manifest: BackupManifest): Promise<void> {
  for (const { sequence, last } of manifest.sequences) {
    await rows(tx, z.unknown(), sql`select setval(${sequence}::regclass, ${last}::bigint)`);
  }
}

/** A file of the store: its name is the hash of its bytes, so a damaged one never gets its name. */
async function restoreFile(entry: ZipEntry, filesDir: string): Promise<void> {
  const id = entry.path.slice('files/'.length);
  if (!/^[0-9a-f]{64}$/.test(id)) throw damaged('backup.damaged.strange', { path: entry.path });
  const target = join(filesDir, id.slice(0, 2), id);
  if (existsSync(target)) return;
  await mkdir(join(filesDir, id.slice(0, 2)), { recursive: true, mode: 0o700 });
  const draft = join(filesDir, `.${id}.new`);
  const hash = createHash('sha256');
  try {
    await pipeline(
      await entry.open(),
      async function* (source) {
        for await (const chunk of source as AsyncIterable<Buffer>) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(draft, { mode: 0o600, flush: true }),
    );
    if (hash.digest('hex') !== id) throw damaged('backup.damaged.file', { id });
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}
