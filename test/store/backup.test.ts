/** A backup holds every row of every room as it is stored, and comes back only whole and only into an empty database. */
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { runBackup } from '../../src/cli/commands/backup.ts';
import { runHomeTake } from '../../src/cli/commands/home.ts';
import { runMigrate } from '../../src/cli/commands/migrate.ts';
import { runRestore } from '../../src/cli/commands/restore.ts';
import { recordFact } from '../../src/journal/record-fact.ts';
import { sha256Hex } from '../../src/kernel/canonical.ts';
import { writeBackup } from '../../src/platform/postgres/backup.ts';
import { inInsertOrder, listBackupTables } from '../../src/platform/postgres/backup-tables.ts';
import { createPool, type Db, transaction } from '../../src/platform/postgres/db.ts';
import { restoreBackup } from '../../src/platform/postgres/restore.ts';
import { openTestApp, useApp } from '../support/app.ts';
import { aCampaignFile } from '../support/campaign-file.ts';
import { cliContext } from '../support/cli-context.ts';
import { createTestDatabase } from '../support/database.ts';
import { aLetterCampaign } from '../support/letter-campaign.ts';

const app = useApp();
const folder = mkdtempSync(join(tmpdir(), 'owabi-backup-'));
const file = join(folder, 'owabi.zip');
const publication = (url: string) => ({
  kind: 'first',
  url,
  documentSha256: sha256Hex(url),
  asOf: '2026-11-20T00:00:00.000Z',
});
let campaignId = '';
let fileId = '';

beforeAll(async () => {
  const campaign = await ensureCampaign(app, { dir: '/somewhere', file: aCampaignFile({ id: 'sample' }) });
  campaignId = campaign.id;
  for (let number = 0; number < 3; number += 1) {
    await transaction(app.pool, (tx) =>
      recordFact(tx, {
        campaignId,
        kind: 'publication.recorded',
        occurredAt: new Date(),
        body: publication('https://example.jp/お知らせ\t第一報\n\\N'),
      }),
    );
  }
  fileId = (await app.files.put(app.keys.open(campaignId).file, [Buffer.from('名簿')])).id;
  await writeBackup(app.pool, { file, filesDir: join(app.config.home, 'files') });
});

afterAll(() => rmSync(folder, { recursive: true }));

/** All rows of all rooms' tables, in a fixed order. */
async function everything(db: Db): Promise<Record<string, unknown[]>> {
  const tables = await listBackupTables(db);
  const entries = await Promise.all(
    tables.map(
      async ({ table }) => [table, (await db.query(`select t::text as row from ${table} t order by 1`)).rows] as const,
    ),
  );
  return Object.fromEntries(entries);
}

async function inEmptyDatabase(work: (pool: ReturnType<typeof createPool>) => Promise<void>): Promise<void> {
  const database = await createTestDatabase();
  const pool = createPool(database.url, { max: 3 });
  try {
    await work(pool);
  } finally {
    await pool.end();
    await database.drop();
  }
}

describe('a backup', () => {
  it('is restored row by row as it was, with the triggers and the sequences of a working database', async () => {
    await inEmptyDatabase(async (pool) => {
      const filesDir = join(folder, 'restored');
      const result = await restoreBackup(pool, { file, filesDir });
      expect(result.files).toBe(1);
      const before = await everything(app.pool);
      expect(await everything(pool)).toEqual(before);
      expect(result.rows).toBe(Object.values(before).reduce((sum, rows) => sum + rows.length, 0));
      expect(readFileSync(join(filesDir, fileId.slice(0, 2), fileId))).toEqual(
        readFileSync(join(app.config.home, 'files', fileId.slice(0, 2), fileId)),
      );
      // The next fact gets a new number, and the old ones still cannot be changed.
      await transaction(pool, (tx) =>
        recordFact(tx, {
          campaignId,
          kind: 'publication.recorded',
          occurredAt: new Date(),
          body: publication('https://example.jp/'),
        }),
      );
      await expect(pool.query('delete from journal.fact')).rejects.toMatchObject({ code: 'OW001' });
    });
  });

  it('is refused by a database that has rows', async () => {
    await expect(restoreBackup(app.pool, { file, filesDir: join(folder, 'unused') })).rejects.toMatchObject({
      code: 'DATABASE_NOT_EMPTY',
    });
  });

  it('leaves nothing behind when one byte of a table was changed', async () => {
    const bytes = readFileSync(file);
    const at = bytes.indexOf('お知らせ');
    bytes[at + 2] = (bytes[at + 2] ?? 0) ^ 1;
    const broken = join(folder, 'broken.zip');
    writeFileSync(broken, bytes);
    await inEmptyDatabase(async (pool) => {
      await expect(restoreBackup(pool, { file: broken, filesDir: join(folder, 'unused') })).rejects.toThrow();
      const rows = Object.values(await everything(pool)).flat();
      expect(rows).toEqual([]);
      // The good copy can still be restored.
      await restoreBackup(pool, { file, filesDir: join(folder, 'second') });
    });
  });

  it('is no backup when it is some other file', async () => {
    writeFileSync(join(folder, 'text.zip'), 'not a zip');
    await inEmptyDatabase(async (pool) => {
      const restoring = restoreBackup(pool, { file: join(folder, 'text.zip'), filesDir: folder });
      await expect(restoring).rejects.toMatchObject({ code: 'ZIP_INVALID' });
    });
  });

  it('never overwrites an earlier one, and only its owner can read it', async () => {
    const size = statSync(file).size;
    await expect(writeBackup(app.pool, { file, filesDir: join(app.config.home, 'files') })).rejects.toMatchObject({
      code: 'FILE_EXISTS',
    });
    expect(statSync(file).size).toBe(size);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('holds no key: neither a key file nor its bytes', () => {
    const bytes = readFileSync(file);
    for (const key of Object.values(app.keys.open(campaignId))) {
      if (!Buffer.isBuffer(key)) continue;
      expect(bytes.includes(key)).toBe(false);
      expect(bytes.includes(key.toString('hex'))).toBe(false);
    }
  });
});

describe('the order of tables', () => {
  const table = (name: string) => ({ table: name, columns: ['id'] });

  it('puts a table after those that its foreign keys name', () => {
    const order = inInsertOrder(
      [table('a'), table('b'), table('c')],
      [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'c' },
      ],
    );
    expect(order.map((found) => found.table)).toEqual(['c', 'b', 'a']);
  });

  it('refuses a circle of immediate foreign keys, which no restore could fill', () => {
    expect(() =>
      inInsertOrder(
        [table('a'), table('b')],
        [
          { from: 'a', to: 'b' },
          { from: 'b', to: 'a' },
        ],
      ),
    ).toThrow('circle');
  });
});

describe('the commands', () => {
  it('save, restore into an empty home and take over, each on record in the home that then works', async () => {
    const saved = join(folder, 'command.zip');
    const { slug } = await aLetterCampaign(app, { people: 1 });
    const { json } = await runBackup(cliContext(app, [saved]));
    expect(json).toMatchObject({ file: saved, tables: expect.any(Number), files: 2 });
    await expect(runBackup(cliContext(app, [saved]))).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    await expect(runRestore(cliContext(app, [saved]))).rejects.toMatchObject({ code: 'DATABASE_NOT_EMPTY' });

    const other = await openTestApp();
    try {
      // An attempt that failed is on record and does not make the home a used one.
      writeFileSync(join(folder, 'other.zip'), 'not a zip');
      await expect(runRestore(cliContext(other, [join(folder, 'other.zip')]))).rejects.toMatchObject({
        code: 'ZIP_INVALID',
      });
      const restored = await runRestore(cliContext(other, [saved]));
      expect(restored).toMatchObject({ json: { file: saved, files: 2, paused: [slug] } });
      expect(restored.text).toContain(slug);
      await expect(runRestore(cliContext(other, [saved]))).rejects.toMatchObject({ code: 'DATABASE_NOT_EMPTY' });
      const { rows } = await other.pool.query('select kind, operation, code from desk.audit_event order by id');
      expect(rows).toEqual([
        { kind: 'asked', operation: 'back-up-home', code: '' },
        { kind: 'done', operation: 'restore-home', code: '' },
        { kind: 'asked', operation: 'restore-home', code: '' },
        { kind: 'failed', operation: 'restore-home', code: 'DATABASE_NOT_EMPTY' },
      ]);
      cpSync(app.keys.dir, other.keys.dir, { recursive: true });
      await expect(runHomeTake(cliContext(other, [slug]))).rejects.toMatchObject({ code: 'USAGE_WRONG' });
      const taken = await runHomeTake(cliContext(other, [slug], { by: '総務 花子' }));
      expect(taken).toMatchObject({ json: { taken: true, generation: expect.any(Number), mails: 0, letters: 1 } });
      const again = await runHomeTake(cliContext(other, [slug], { by: '総務 花子' }));
      expect(again).toMatchObject({ json: { taken: false } });
    } finally {
      await other.close();
    }
  });

  it('say which schema the database has', async () => {
    const { json } = await runMigrate(cliContext(app, []));
    const { rows } = await app.pool.query('select name from platform.migration order by name');
    expect(json).toEqual({ migrations: expect.arrayContaining(rows.map(({ name }) => name)) });
  });
});
