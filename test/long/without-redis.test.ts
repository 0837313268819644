// A machine without Redis: a run says what it left out, and ends by itself.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { packageRoot } from '../../src/platform/package-root.ts';

const bin = mkdtempSync(join(tmpdir(), 'owabi-path-'));
afterAll(() => rmSync(bin, { recursive: true, force: true }));

/** The machine's PATH as it is, save the Redis. */
function pathWithoutRedis(): string {
  for (const folder of (process.env.PATH ?? '').split(':').filter((one) => existsSync(one)))
    for (const name of readdirSync(folder))
      if (!/^(redis|valkey)/.test(name) && !existsSync(join(bin, name)))
        symlinkSync(join(folder, name), join(bin, name));
  return bin;
}

it('runs the tests that need no Redis where there is none, says which it left out, and ends', {
  timeout: 120_000,
}, () => {
  const { REDIS_URL_TEST: _given, VITEST: _inner, ...environment } = process.env;
  const run = spawnSync(
    process.execPath,
    [join(packageRoot, 'node_modules', 'vitest', 'vitest.mjs'), 'run', 'test/kernel/ids.test.ts'],
    { cwd: packageRoot, env: { ...environment, PATH: pathWithoutRedis() }, encoding: 'utf8', timeout: 90_000 },
  );
  expect([run.status, run.signal]).toEqual([0, null]);
  expect(run.stderr).toContain('there is no redis-server on the PATH');
  expect(run.stdout + run.stderr).not.toContain('close timed out');
});
