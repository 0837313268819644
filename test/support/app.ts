/**
 * A whole App for a test file: its own database, and home, keys and exports in temporary folders outside one another, as
 * a real installation has them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, inject } from 'vitest';
import { jobs } from '../../src/jobs.ts';
import { type App, openApp } from '../../src/platform/app.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { createLogger } from '../../src/platform/log.ts';
import { createTestDatabase } from './database.ts';

export type TestAppOptions = {
  /** A clock that the test turns; default the machine's. */
  readonly clock?: () => Date;
  /** More variables of the environment, such as OWABI_SMTP_URL. */
  readonly env?: Readonly<Record<string, string>>;
  /** Queues on the run's Redis (guard with `inject('redisUrl') !== ''`); default PostgreSQL. */
  readonly isOnRedis?: boolean;
  /** Short, so that a killed worker's job is taken over within a test's patience. */
  readonly lockMs?: number;
};

/** Opens an App on a database and folders of its own; `close` also removes them. For tests that want several. */
export async function openTestApp(options: TestAppOptions = {}): Promise<App> {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'owabi-app-'));
  const config = loadConfig({
    OWABI_HOME: join(folder, 'home'),
    OWABI_KEYS: join(folder, 'keys'),
    OWABI_EXPORT: join(folder, 'export'),
    DATABASE_URL: database.url,
    OWABI_LANG: 'en',
    ...(options.isOnRedis ? { REDIS_URL: inject('redisUrl') } : {}),
    ...options.env,
  });
  const app = await openApp(config, {
    jobs,
    log: createLogger('silent'),
    lockMs: options.lockMs ?? 1_000,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  return {
    ...app,
    close: async () => {
      await app.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The file's App. Its properties can be read from the first `beforeAll` on; it is closed after the last test. */
export function useApp(options: TestAppOptions = {}): App {
  let opened: App | undefined;
  beforeAll(async () => {
    opened = await openTestApp(options);
  });
  afterAll(async () => {
    await opened?.close();
  });
  const app = (): App => {
    if (opened === undefined) throw new Error('The test App exists only between beforeAll and afterAll.');
    return opened;
  };
  return {
    get config() {
      return app().config;
    },
    get pool() {
      return app().pool;
    },
    get databaseUrl() {
      return app().databaseUrl;
    },
    get keys() {
      return app().keys;
    },
    get files() {
      return app().files;
    },
    get queues() {
      return app().queues;
    },
    get log() {
      return app().log;
    },
    get clock() {
      return app().clock;
    },
    get exportDir() {
      return app().exportDir;
    },
    close: () => app().close(),
  };
}
