/**
 * The wiring: one App per process, opened by an edge and handed to use-cases. Nothing else connects the outside world.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../kernel/errors.ts';
import type { Config } from './config.ts';
import { type KeyStore, openKeyStore } from './crypto/keys.ts';
import { type FileStore, openFileStore } from './files.ts';
import { createLogger, type Logger } from './log.ts';
import { createPool, type Db, type Pool } from './postgres/db.ts';
import { startEmbeddedServer } from './postgres/embedded-server.ts';
import { migrate } from './postgres/migrate.ts';
import { createQueues, type JobCatalogue, type Queues } from './queue/queue.ts';

export type App = {
  readonly config: Config;
  readonly pool: Pool;
  /** Connection string of the database, for a process's own session (liveness locks) and for child processes. */
  readonly databaseUrl: string;
  readonly keys: KeyStore;
  readonly files: FileStore;
  readonly queues: Queues;
  readonly log: Logger;
  readonly clock: () => Date;
  /** Private folder (0700) for what must leave in clear. */
  readonly exportDir: string;
  close(): Promise<void>;
};

/** What reads of sealed documents need of an App: `pool` may stand for one snapshot, so they can only query. */
export type SealedReader = Pick<App, 'keys' | 'files'> & { readonly pool: Db };

export type AppOptions = {
  readonly jobs: JobCatalogue;
  readonly clock?: () => Date;
  readonly log?: Logger;
  /** Connections of the pool; a worker process needs more than a command. */
  readonly poolSize?: number;
  /** BullMQ lock of a running job; tests use a second. */
  readonly lockMs?: number;
};

const DEFAULT_POOL_SIZE = 10;

/** Opens everything but the queues, which open with their first use; throws DATABASE_DOWN or MIGRATION_CHANGED. The caller closes it, also after a failure later. */
export async function openApp(
  config: Config,
  { jobs, clock = () => new Date(), log, poolSize, lockMs }: AppOptions,
): Promise<App> {
  const logger = log ?? createLogger(config.logLevel);
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    mkdirSync(config.home, { recursive: true, mode: 0o700 });
    mkdirSync(config.exportDir, { recursive: true, mode: 0o700 });
    const keys = openKeyStore(config.keysDir);
    const databaseUrl = config.databaseUrl ?? (await startOwnServer(config, logger, closers));
    const pool = createPool(databaseUrl, { max: poolSize ?? DEFAULT_POOL_SIZE });
    closers.push(() => pool.end());
    await migrate(pool).catch((error: unknown) => {
      if (error instanceof AppError) throw error;
      throw new AppError(config.databaseUrl ? 'DATABASE_DOWN.given' : 'DATABASE_DOWN.own', {}, { cause: error });
    });
    const queues = createQueues({
      databaseUrl,
      redisUrl: config.redisUrl,
      catalogue: jobs,
      log: logger,
      ...(lockMs === undefined ? {} : { lockMs }),
    });
    closers.push(() => queues.close());
    const files = openFileStore(join(config.home, 'files'));
    return { config, pool, databaseUrl, keys, files, queues, log: logger, clock, exportDir: config.exportDir, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startOwnServer(config: Config, log: Logger, closers: (() => Promise<void>)[]): Promise<string> {
  const server = await startEmbeddedServer({ home: config.home, log, keysDir: config.keysDir });
  closers.push(() => server.release());
  return server.url;
}
