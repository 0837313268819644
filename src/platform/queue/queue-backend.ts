/**
 * Where BullMQ keeps its queues: in PostgreSQL, through one pool that all queues and workers share, or in Redis or Valkey
 * (single or cluster) through ioredis. Nothing above this file knows which.
 */
import {
  createPostgresBackend,
  type Job,
  type PostgresConnectionOptions,
  Queue,
  runMigrations,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { Cluster, Redis } from 'ioredis';
import { createPool, type Pool, withClient } from '../postgres/db.ts';
import { reachQueues } from './reach-queues.ts';

const SCHEMA = 'bullmq';

export type QueueBackend = {
  makeQueue(name: string): Queue;
  makeWorker(name: string, process: (job: Job) => Promise<void>, options: WorkerTuning): Worker;
  close(): Promise<void>;
};
export type WorkerTuning = Omit<WorkerOptions, 'connection' | 'prefix'>;

/**
 * All queues and workers share one pool; a pool that we hand over is neither migrated nor given its search path by BullMQ.
 * Each worker's LISTEN holds one client, so `max` must exceed the number of workers.
 */
export async function openPostgresQueues(databaseUrl: string, max: number): Promise<QueueBackend> {
  const pool: Pool = createPool(databaseUrl, {
    max,
    options: `-c search_path=${SCHEMA},public`,
    applicationName: 'owabi queue',
  });
  // One listener for each queue and worker is no leak.
  pool.setMaxListeners(0);
  // Its types know a smaller pool than pg's, with differently optional properties.
  const connection = pool as unknown as PostgresConnectionOptions;
  try {
    await reachQueues(() => withClient(pool, (client) => runMigrations(client, SCHEMA)));
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    makeQueue: (name) => new Queue(name, { connection }, createPostgresBackend) as unknown as Queue,
    makeWorker: (name, process, options) =>
      new Worker(name, process, { connection, ...options }, createPostgresBackend) as unknown as Worker,
    close: () => pool.end(),
  };
}

/** Throws QUEUE_DOWN when no node answers. */
export async function openRedisQueues(redisUrl: string, namespace: string): Promise<QueueBackend> {
  // Braces keep all keys of a queue on one node of a cluster.
  const prefix = `{${namespace}}`;
  const connect = (options: { maxRetriesPerRequest: number | null }) => {
    const client = makeRedisClient(redisUrl, options);
    client.on('error', () => {});
    return client;
  };
  // A producer must fail soon (its caller has committed already, the sweep comes later); a worker must wait for ever.
  const producer = connect({ maxRetriesPerRequest: 2 });
  const consumers: ReturnType<typeof connect>[] = [];
  try {
    await reachQueues(() => producer.ping());
  } catch (error) {
    producer.disconnect();
    throw error;
  }
  return {
    makeQueue: (name) => new Queue(name, { connection: producer, prefix }),
    makeWorker: (name, process, options) => {
      const consumer = connect({ maxRetriesPerRequest: null });
      consumers.push(consumer);
      return new Worker(name, process, { connection: consumer, prefix, ...options });
    },
    close: async () => {
      for (const client of [producer, ...consumers]) client.disconnect();
    },
  };
}

function makeRedisClient(redisUrl: string, options: { maxRetriesPerRequest: number | null }): Redis | Cluster {
  const [first = '', ...others] = redisUrl.split(',').map((url) => url.trim());
  if (others.length > 0) {
    const { username, password, protocol } = new URL(first);
    const login = {
      ...(username ? { username } : {}),
      ...(password ? { password: decodeURIComponent(password) } : {}),
    };
    return new Cluster([first, ...others], {
      redisOptions: { ...options, ...login, ...(protocol === 'rediss:' ? { tls: {} } : {}) },
    });
  }
  return first.startsWith('unix://')
    ? new Redis({ path: first.slice('unix://'.length), ...options })
    : new Redis(first, options);
}
