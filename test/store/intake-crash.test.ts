// An import whose process or database session is killed in the middle: nothing is lost, nothing is doubled, it goes on.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { countRoster } from '../../src/intake/count-roster.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { packageRoot } from '../../src/platform/package-root.ts';
import { sql } from '../../src/platform/postgres/db.ts';
import { useApp } from '../support/app.ts';

const app = useApp();
const folder = mkdtempSync(join(tmpdir(), 'owabi-crash-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROWS = 3_000;
const ROWS_PER_BATCH = 50;

function prepare() {
  const campaign = { id: randomUUID(), slug: 'crash' };
  app.keys.create(campaign.id);
  const rows = Array.from({ length: ROWS }, (_, n) =>
    n % 100 === 99 ? ',,' : `C${n % 2000},見本 ${n % 2000}郎,p${n % 2000}@mail.example`,
  );
  const file = join(folder, `${campaign.id}.csv`);
  writeFileSync(file, ['会員番号,氏名,メールアドレス', ...rows].join('\n'));
  return { campaign, file, rowsPerBatch: ROWS_PER_BATCH };
}

async function expectConsistent(campaignId: string) {
  const count = await countRoster(app.pool, campaignId);
  const { rows } = await app.pool.query(sql`select
    (select count(*) from intake.record where campaign_id = ${campaignId} and merge_rule is null)::int as people,
    (select count(*) from intake.record where campaign_id = ${campaignId} and merge_rule is not null)::int as merged,
    (select count(*) from intake.rejected_row where campaign_id = ${campaignId})::int as rejected`);
  expect(rows[0]).toEqual({ people: count.people, merged: count.merged, rejected: count.rejected });
  expect(count.rows).toBe(count.people + count.merged + count.rejected);
  return count;
}

it('goes on after kill -9 of the importing process', async () => {
  const input = prepare();
  const module = (path: string) => JSON.stringify(join(packageRoot, 'dist', 'src', path));
  const script = join(folder, 'import.mjs');
  writeFileSync(
    script,
    `const { importRoster } = await import(${module('intake/import-roster.js')});
     const { createPool } = await import(${module('platform/postgres/db.js')});
     const { openKeyStore } = await import(${module('platform/crypto/keys.js')});
     const { openFileStore } = await import(${module('platform/files.js')});
     const app = { pool: createPool(${JSON.stringify(app.databaseUrl)}), keys: openKeyStore(${JSON.stringify(app.keys.dir)}),
       files: openFileStore(${JSON.stringify(join(folder, 'files'))}), clock: () => new Date(), exportDir: ${JSON.stringify(folder)} };
     await importRoster(app, { ...${JSON.stringify(input)}, onProgress: ({ rows }) => process.stdout.write(rows + '\\n') });`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let done = 0;
  for await (const chunk of child.stdout) {
    done = Number(String(chunk).trim().split('\n').at(-1));
    if (done >= ROWS / 3) break;
  }
  expect(done, 'rows that the process had imported when it was killed').toBeGreaterThanOrEqual(ROWS / 3);
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  // The lock ends with the session; the server notices the lost client within a moment.
  await expect
    .poll(
      async () => {
        const { rows } =
          await app.pool.query(sql`select count(*)::int as held from pg_locks l join pg_database d on d.oid = l.database
      where l.locktype = 'advisory' and d.datname = current_database()`);
        return (rows[0] as { held: number }).held;
      },
      { timeout: 10_000 },
    )
    .toBe(0);
  const midway = await expectConsistent(input.campaign.id);
  expect(midway.rows).toBeGreaterThan(0);
  const result = await importRoster(app, input);
  expect(result).toMatchObject({ rows: ROWS, people: 1980, merged: 990, rejected: 30, duplicateOf: null });
  expect(await expectConsistent(input.campaign.id)).toMatchObject({ rows: ROWS });
});

it('goes on after the database session was killed', async () => {
  const input = prepare();
  let isKilled = false;
  const kill = async () => {
    await app.pool.query(sql`select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database
      where l.locktype = 'advisory' and d.datname = current_database()`);
  };
  const onProgress = ({ rows }: { rows: number }) => {
    if (rows < ROWS / 2 || isKilled) return;
    isKilled = true;
    void kill();
  };
  await expect(importRoster(app, { ...input, onProgress })).rejects.toThrow();
  expect(isKilled).toBe(true);
  await expectConsistent(input.campaign.id);
  expect(await importRoster(app, input)).toMatchObject({ rows: ROWS, people: 1980, merged: 990, rejected: 30 });
  await expectConsistent(input.campaign.id);
});
