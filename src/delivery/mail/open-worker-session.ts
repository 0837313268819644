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

/** Throws DATABASE_DOWN when no session can be had. */
export async function openWorkerSession(databaseUrl: string): Promise<WorkerSession> {
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
    await insertWorker(client, workerId);
  } catch (cause) {
    client?.release(true);
    await pool.end();
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
  return {
    workerId,
    isAlive: () => isAlive,
    close: async () => {
      isAlive = false;
      if (isClosed) return;
      isClosed = true;
      clearInterval(heartbeat);
      session.release(true);
      await pool.end();
    },
  };
}
