/**
 * A worker's life, as others can see it: an advisory lock on a database session of its own. The lock falls when the process
 * dies and stays while it is merely stopped; a worker that loses the session sends no further dot.
 */
import { AppError } from '../../kernel/errors.ts';
import { newRef } from '../../kernel/ids.ts';
import { type Client, createPool } from '../../platform/postgres/db.ts';
import { insertWorker, isWorkerAlive } from './attempt-store.ts';

export type WorkerSession = {
  readonly workerId: string;
  /** False from the moment the session is known to be lost; never true again. */
  readonly isAlive: () => boolean;
  /** Idempotent: a worker that gives its session up is closed again by its mailer. */
  readonly close: () => Promise<void>;
};

const HEARTBEAT_MS = 1_000;
/** A heartbeat that takes longer means that the session can no longer be trusted. */
const HEARTBEAT_TIMEOUT_MS = 5_000;
/** How often a worker asks whether its home still sends, and gives the sign that it does. */
const HOME_BEAT_MS = 10_000;

/** Throws DATABASE_DOWN when no session can be had, and what `keepHomes` throws: then this process may not send. */
export async function openWorkerSession(
  databaseUrl: string,
  keepHomes: () => Promise<void> = async () => {},
): Promise<WorkerSession> {
  const pool = createPool(databaseUrl, { max: 1, applicationName: 'owabi-worker' });
  const workerId = newRef();
  let isAlive = true;
  let client: Client | undefined;
  let isClosed = false;
  const lose = (): void => {
    isAlive = false;
  };
  try {
    client = await pool.connect();
    client.on('error', lose);
    client.on('end', lose);
    // Before anybody sees a worker here: a copy must have stopped itself by then.
    await keepHomes();
    await insertWorker(client, workerId);
  } catch (cause) {
    client?.release(true);
    await pool.end();
    if (cause instanceof AppError) throw cause;
    throw new AppError('DATABASE_DOWN.noSession', {}, { cause });
  }
  const session = client;
  const heartbeat = setInterval(() => {
    const timeout = setTimeout(lose, HEARTBEAT_TIMEOUT_MS);
    isWorkerAlive(session, workerId)
      .then((alive) => alive || lose(), lose)
      .finally(() => clearTimeout(timeout));
  }, HEARTBEAT_MS);
  heartbeat.unref();
  // A home that is found to be a copy loses its session; a database that is away has lost it already.
  const homeBeat = setInterval(() => {
    keepHomes().catch((error: unknown) => {
      if (error instanceof AppError) lose();
    });
  }, HOME_BEAT_MS);
  homeBeat.unref();
  return {
    workerId,
    isAlive: () => isAlive,
    close: async () => {
      isAlive = false;
      if (isClosed) return;
      isClosed = true;
      clearInterval(heartbeat);
      clearInterval(homeBeat);
      session.release(true);
      await pool.end();
    },
  };
}
