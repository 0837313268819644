/**
 * Writes one backup file: a ZIP with every table of the rooms as `COPY` gives it (encrypted columns as they are), the
 * encrypted file store and a manifest of row counts and hashes. It is also the way to another major version of
 * PostgreSQL. Keys are never in it: whoever finds the file can read no one's name.
 */
import { createReadStream, createWriteStream, type Dirent, existsSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { to as copyTo } from 'pg-copy-streams';
import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { createZip, type ZipWriter } from '../formats/zip.ts';
import { packageRoot } from '../package-root.ts';
import { BACKUP_FORMAT, type BackupManifest, listBackupTables, listSequences, MANIFEST } from './backup-tables.ts';
import { type Client, type Pool, readSnapshot, row, rows, sql } from './db.ts';

export type BackupInput = {
  readonly file: string;
  /** The folder of the encrypted file store. */
  readonly filesDir: string;
  readonly onProgress?: (what: string, done: number, total: number) => void;
};
export type BackupResult = { readonly tables: number; readonly rows: number; readonly files: number };

/** Settings that shape how COPY writes values; a restore reads the same on any server. */
const textSettings = [
  "set local datestyle = 'ISO, YMD'",
  "set local intervalstyle = 'postgres'",
  "set local bytea_output = 'hex'",
  "set local timezone = 'UTC'",
  'set local extra_float_digits = 1',
];

/**
 * Reads one moment of the database (a repeatable read), while others go on writing. The file appears under its name only
 * when it is whole. Throws FILE_EXISTS rather than overwrite an earlier backup.
 */
export async function writeBackup(pool: Pool, { file, filesDir, onProgress }: BackupInput): Promise<BackupResult> {
  if (existsSync(file)) {
    throw new AppError('FILE_EXISTS.backup', { file });
  }
  const draft = `${file}.part`;
  const zip = createZip();
  try {
    const writing = pipeline(zip.stream, createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }));
    // A failure in `addAll` is thrown from there; the writer's own (disk full) from `await writing`.
    writing.catch(() => {});
    const result = await addAll(pool, zip, filesDir, onProgress ?? (() => {}));
    zip.end();
    await writing;
    await rename(draft, file);
    return result;
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') {
      throw new AppError('FILE_EXISTS.draft', { file: draft });
    }
    zip.stream.destroy();
    await rm(draft, { force: true });
    throw error;
  }
}

type Progress = (what: string, done: number, total: number) => void;

async function addTables(client: Client, zip: ZipWriter, onProgress: Progress): Promise<BackupManifest> {
  for (const setting of textSettings) await client.query(setting);
  const manifest = await describe(client);
  const tables = await listBackupTables(client);
  for (const [index, table] of tables.entries()) {
    onProgress(table.table, index, tables.length);
    const stream = client.query(copyTo(`copy ${table.table} (${table.columns.join(', ')}) to stdout`));
    const { bytes, sha256 } = await zip.add(`tables/${table.table}.copy`, stream);
    manifest.tables.push({ ...table, columns: [...table.columns], rows: stream.rowCount, bytes, sha256 });
  }
  return manifest;
}

async function addAll(pool: Pool, zip: ZipWriter, filesDir: string, onProgress: Progress): Promise<BackupResult> {
  const manifest = await readSnapshot(pool, (client) => addTables(client, zip, onProgress));
  const files = await listStoredFiles(filesDir);
  for (const [index, id] of files.entries()) {
    onProgress('files', index, files.length);
    const { sha256 } = await zip.add(`files/${id}`, createReadStream(join(filesDir, id.slice(0, 2), id)));
    if (sha256 !== id) throw new AppError('FILE_CORRUPT.stored', { id });
  }
  await zip.add(MANIFEST, [`${JSON.stringify({ ...manifest, files: files.length }, null, 2)}\n`]);
  return {
    tables: manifest.tables.length,
    rows: manifest.tables.reduce((sum, table) => sum + table.rows, 0),
    files: files.length,
  };
}

async function describe(client: Client): Promise<BackupManifest> {
  const { version } = await row(
    client,
    z.object({ version: z.string() }),
    sql`select current_setting('server_version') as version`,
  );
  const migrations = await rows(
    client,
    z.object({ name: z.string(), sha256: z.string() }),
    sql`select name, sha256 from platform.migration order by name`,
  );
  const own = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return {
    format: BACKUP_FORMAT,
    owabi: own.version,
    postgres: version,
    takenAt: new Date().toISOString(),
    migrations,
    tables: [],
    sequences: await listSequences(client),
    files: 0,
  };
}

/** Ids of the store's whole files; drafts begin with a dot. */
async function listStoredFiles(filesDir: string): Promise<string[]> {
  const found: Dirent[] = await readdir(filesDir, { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter((entry) => entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}
