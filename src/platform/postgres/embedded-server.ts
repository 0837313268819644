/**
 * The embedded PostgreSQL that serves when there is no DATABASE_URL: started by the first user, shared by all processes
 * on the same OWABI_HOME, stopped by the last. Who uses it is known to the server itself: each user holds a session with
 * a shared advisory lock, which the operating system ends with the process, so a `kill -9` leaves no false user behind.
 * Whoever gets that lock exclusively is the last one, and nobody can join between that and the stop.
 */
import { realpath, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { AppError } from '../../kernel/errors.ts';
import type { Logger } from '../log.ts';
import { makeDataFolder, SERVER_OWNER, SERVER_PORT, startCluster, stopCluster } from './embedded-cluster.ts';
import { listLeftRoots, prepareServerPlace, type ServerPlace } from './embedded-place.ts';
import { shareSession, tryLockSession, unshareSession } from './locks.ts';

/** Shared by every user's session for as long as it uses the server; "owabi" on a telephone's keys. */
/** How long joining may take: a start with crash recovery, or a stop that must end first. */
const JOIN_MS_MAX = 180_000;
const JOIN_PAUSE_MS = 100;
const RECOVER_PAUSE_MS = 1_000;

export type EmbeddedServer = {
  /** Connects to the database `owabi` through the Unix socket. Stays the same when the server is started again. */
  readonly url: string;
  /** Ends this process's use; the last user stops the server. Close pools first. Idempotent. */
  release(): Promise<void>;
};

export type EmbeddedServerOptions = {
  readonly home: string;
  readonly log: Logger;
  /** Gives up safety against power loss for speed: tests and benchmarks. */
  readonly fast?: boolean;
  /** As root: refuse to run a server whose user could read the keys. */
  readonly keysDir?: string;
};

/**
 * Joins the home's server, making and starting it when needed, and keeps it alive: a server that dies while in use is
 * started again. Throws DATABASE_UNUSABLE, DATABASE_MAJOR, DATABASE_DOWN.
 */
export async function startEmbeddedServer({
  home,
  log,
  fast = false,
  keysDir,
}: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const place = await prepareServerPlace({ home, log, ...(keysDir === undefined ? {} : { keysDir }) });
  await makeDataFolder(place, { fast });
  let isReleased = false;
  let session: pg.Client | null = null;

  const join = async () => {
    const joined = await joinServer(place, fast, () => isReleased);
    if (joined === null) return;
    session = joined;
    // PostgreSQL was killed while we use it: whoever notices first starts it again, the others join.
    joined.once('end', () => void (isReleased ? undefined : recover()));
  };
  const recover = async () => {
    log.warn({ code: 'DATABASE_DOWN' }, 'the embedded PostgreSQL has gone; starting it again');
    while (!isReleased) {
      try {
        return await join();
      } catch (error) {
        log.error({ err: error, code: 'DATABASE_DOWN' }, 'the embedded PostgreSQL does not start');
        await sleep(RECOVER_PAUSE_MS);
      }
    }
  };

  const release = async () => {
    if (isReleased) return;
    isReleased = true;
    if (session !== null) await leaveServer(place, session);
  };

  await join();
  try {
    await makeDatabase(place);
  } catch (error) {
    await release();
    throw error;
  }
  return { url: urlOf(place, 'owabi'), release };
}

/**
 * Deletes the home's embedded database for good, running or not, and what earlier homes at the same path left behind: the
 * demo starts afresh, tests clean up. Idempotent.
 */
export async function removeEmbeddedData({ home, log }: { home: string; log: Logger }): Promise<void> {
  const place = await prepareServerPlace({ home, log });
  const left = place.user === null ? [] : await listLeftRoots(await realpath(home));
  for (const root of [place.root, ...left]) {
    await stopCluster({ ...place, root, data: `${root}/postgres-${place.major}` }, 'immediate');
    for (const path of [root, `${root}.home`]) await rm(path, { recursive: true, force: true });
  }
  for (const path of [place.socket, `${home}/database`]) await rm(path, { recursive: true, force: true });
}

/** A session that holds the users' lock, or null when `isReleased` turned true meanwhile. */
async function joinServer(place: ServerPlace, fast: boolean, isReleased: () => boolean): Promise<pg.Client | null> {
  const deadline = performance.now() + JOIN_MS_MAX;
  let reason = 'no answer';
  while (!isReleased()) {
    const attempt = await openSession(place);
    if (attempt.kind === 'joined') return attempt.session;
    if (attempt.kind === 'absent') {
      const outcome = await startCluster(place, { fast });
      if (!outcome.started) reason = outcome.reason;
    }
    if (performance.now() > deadline) {
      throw new AppError('DATABASE_DOWN.start', { root: place.root, reason });
    }
    await sleep(JOIN_PAUSE_MS);
  }
  return null;
}

type Attempt = { kind: 'joined'; session: pg.Client } | { kind: 'absent' } | { kind: 'busy' };

async function openSession(place: ServerPlace): Promise<Attempt> {
  const session = new pg.Client({ connectionString: urlOf(place, 'postgres'), application_name: 'owabi user' });
  // The end of the connection is what counts; an error always precedes it.
  session.on('error', () => {});
  try {
    await session.connect();
    // Waits while the last user stops the server; the stop then ends this session too, and we start it again.
    await shareSession(session, { lock: 'users' });
    return { kind: 'joined', session };
  } catch (error) {
    await session.end().catch(() => {});
    const code = (error as { code?: string }).code ?? '';
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return { kind: 'absent' };
    if (code === 'EACCES' || code === 'EPERM') {
      throw new AppError('DATABASE_UNUSABLE.socket', { socket: place.socket }, { cause: error });
    }
    // 57P01 and 57P03 (stopping, starting), or a connection cut short by either.
    return { kind: 'busy' };
  }
}

async function leaveServer(place: ServerPlace, session: pg.Client): Promise<void> {
  try {
    await unshareSession(session, { lock: 'users' });
    if (await tryLockSession(session, { lock: 'users' })) await stopCluster(place);
  } catch (error) {
    // The server went away by itself: nothing is left to stop.
    if (error instanceof AppError) throw error;
  } finally {
    await session.end().catch(() => {});
  }
}

async function makeDatabase(place: ServerPlace): Promise<void> {
  const session = new pg.Client({ connectionString: urlOf(place, 'postgres') });
  session.on('error', () => {});
  await session.connect();
  try {
    const { rowCount } = await session.query("select 1 from pg_database where datname = 'owabi'");
    if (rowCount === 0) await session.query('create database owabi');
  } catch (error) {
    // 42P04, or 23505 when two first users create it in the same moment.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await session.end();
  }
}

/** Everything is named, so that PGPORT, PGSSLMODE and the like in the environment change nothing. */
function urlOf(place: ServerPlace, database: string): string {
  const options = new URLSearchParams({ host: place.socket, port: String(SERVER_PORT), user: SERVER_OWNER, ssl: '0' });
  return `postgresql:///${database}?${options}`;
}
