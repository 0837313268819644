/**
 * Queues on BullMQ: in PostgreSQL by default, in Redis or Valkey with a URL. Tables decide what is done and a queue only
 * wakes: jobs carry ids, are never retried or kept, and every queue may be emptied at any moment (mechanism 3). Of a failed
 * job only an error code is stored, because an SMTP reply in a stack trace contains the address (promise 5).
 */
import type { Job, KeepJobs, Queue } from 'bullmq';
import type { z } from 'zod';
import { AppError, errorCodeOf } from '../../kernel/errors.ts';
import type { Logger } from '../log.ts';
import type { QueueBackend } from './queue-backend.ts';
import { reachQueues } from './reach-queues.ts';

/** Each job's payload schema and the key of the work it wakes (with its epoch, where the work has one). */
export type JobCatalogue = Readonly<
  Record<string, { readonly schema: z.ZodType; readonly key: (payload: never) => string }>
>;
export type PayloadOf<C extends JobCatalogue, N extends keyof C> = z.output<C[N]['schema']>;

/** `signal` aborts when the process wants to stop: a handler may then return early, because the sweep wakes its work again. */
export type JobContext = { readonly signal: AbortSignal };
export type JobHandler<P> = (payload: P, context: JobContext) => Promise<unknown>;
export type RunningWorker = {
  /** Takes no more jobs, aborts the handlers' signal and waits for them. */
  close(): Promise<void>;
};

export type Queues<C extends JobCatalogue = JobCatalogue> = {
  /** Wakes the work. A job with the same key that still waits or runs swallows this one. Throws QUEUE_DOWN. */
  enqueue<N extends keyof C & string>(name: N, payload: PayloadOf<C, N>): Promise<void>;
  /** The same for many payloads in one round trip. */
  enqueueAll<N extends keyof C & string>(name: N, payloads: readonly PayloadOf<C, N>[]): Promise<void>;
  startWorker<N extends keyof C & string>(
    name: N,
    handler: JobHandler<PayloadOf<C, N>>,
    options?: { concurrency?: number },
  ): Promise<RunningWorker>;
  /** Throws away every job of every queue, also running ones' entries. Nothing is lost: the sweep wakes what is due. */
  empty(): Promise<void>;
  /** Workers must be closed first. */
  close(): Promise<void>;
};

export type QueueOptions<C extends JobCatalogue> = {
  /** Where the queues live: a PostgreSQL URL, or a Redis URL (comma-separated: the nodes of a cluster). */
  readonly databaseUrl: string;
  readonly redisUrl?: string | null;
  readonly catalogue: C;
  readonly log: Logger;
  /** A worker that renews nothing for so long has lost its job; another takes it 1–3 locks later. Default 10 s. */
  readonly lockMs?: number;
  /** Keeps installations apart that share one Redis. */
  readonly namespace?: string;
};

/** The lock is renewed every half of it: an event loop blocked for 5 s would be needed to lose a job. */
const LOCK_MS = 10_000;
/** A job may be taken over as often as processes die: handlers read their tables and never repeat what is done. */
const STALLED_COUNT_MAX = 1_000_000;
/** Pause after the store was unreachable (BullMQ's own is 15 s). */
const RETRY_PAUSE_MS = 1_000;
/** Beside one LISTEN client for each worker. */
const SHARED_CLIENTS = 5;

/** BullMQ writes a failed job's message and stack into its store. */
const jobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true, stackTraceLimit: 0 } as const;
/** BullMQ's worker option has no `true`; zero kept jobs is the same. */
const keepNone: KeepJobs = { count: 0 };

type OpenQueues = { readonly backend: QueueBackend; readonly queues: ReadonlyMap<string, Queue> };

/** On PostgreSQL the tables are made when missing. Throws QUEUE_DOWN. */
async function openQueues<C extends JobCatalogue>(options: QueueOptions<C>): Promise<OpenQueues> {
  const { openPostgresQueues, openRedisQueues } = await import('./queue-backend.ts');
  const names = Object.keys(options.catalogue);
  const backend = options.redisUrl
    ? await openRedisQueues(options.redisUrl, options.namespace ?? 'owabi')
    : await openPostgresQueues(options.databaseUrl, names.length + SHARED_CLIENTS);
  const queues = new Map<string, Queue>();
  for (const name of names) {
    const queue = backend.makeQueue(name);
    queue.on('error', (error) => options.log.warn({ queue: name, err: error }, 'queue store unreachable'));
    queues.set(name, queue);
  }
  return { backend, queues };
}

/**
 * Opens nothing yet: what only reads the tables works while the store of the queues is down. Each use opens it when it is not
 * open, and throws QUEUE_DOWN.
 */
export function createQueues<C extends JobCatalogue>(options: QueueOptions<C>): Queues<C> {
  const { catalogue, log, lockMs = LOCK_MS } = options;
  let opening: Promise<OpenQueues> | null = null;
  const opened = async (): Promise<OpenQueues> => {
    opening ??= openQueues(options).catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return await opening;
  };
  const queueOf = async (name: string): Promise<Queue> => {
    const queue = (await opened()).queues.get(name);
    if (queue === undefined) throw new AppError('USAGE_WRONG.queue', { name });
    return queue;
  };
  const jobOf = (name: string, payload: unknown) => {
    const data = catalogue[name]?.schema.parse(payload);
    // BullMQ refuses ids that are whole numbers or contain a colon.
    const jobId = `${name}.${catalogue[name]?.key(data as never)}`.replaceAll(':', '.');
    return { name, data, opts: { ...jobOptions, jobId } };
  };

  return {
    async enqueue(name, payload) {
      const job = jobOf(name, payload);
      const queue = await queueOf(name);
      await reachQueues(() => queue.add(job.name, job.data, job.opts));
    },
    async enqueueAll(name, payloads) {
      if (payloads.length === 0) return;
      const queue = await queueOf(name);
      await reachQueues(() => queue.addBulk(payloads.map((payload) => jobOf(name, payload))));
    },
    async startWorker(name, handler, { concurrency = 1 } = {}) {
      await wake(await queueOf(name));
      const { backend } = await opened();
      const context = { name, catalogue, log, lockMs, concurrency };
      return await startCodedWorker(backend, context, handler as JobHandler<unknown>);
    },
    async empty() {
      for (const queue of (await opened()).queues.values()) {
        await reachQueues(() => queue.obliterate({ force: true }));
        await wake(queue);
      }
    },
    async close() {
      const open = await opening?.catch(() => null);
      if (!open) return;
      await Promise.all([...open.queues.values()].map((queue) => queue.close().catch(() => {})));
      await open.backend.close();
    },
  };
}

type WorkerContext = {
  readonly name: string;
  readonly catalogue: JobCatalogue;
  readonly log: Logger;
  readonly lockMs: number;
  readonly concurrency: number;
};

async function startCodedWorker(
  backend: QueueBackend,
  context: WorkerContext,
  handler: JobHandler<unknown>,
): Promise<RunningWorker> {
  const { name, log, lockMs, concurrency } = context;
  const stopping = new AbortController();
  const worker = backend.makeWorker(name, codedProcessor(context, handler, stopping.signal), {
    concurrency,
    lockDuration: lockMs,
    stalledInterval: lockMs,
    maxStalledCount: STALLED_COUNT_MAX,
    runRetryDelay: RETRY_PAUSE_MS,
    removeOnComplete: keepNone,
    removeOnFail: keepNone,
  });
  // A lost lock or an emptied queue is nobody's loss; a store that is down is met again by the sweep.
  worker.on('error', (error) => log.debug({ queue: name, err: error }, 'worker met an error of the queue store'));
  await reachQueues(() => worker.waitUntilReady());
  return {
    close: async () => {
      stopping.abort();
      await worker.close();
    },
  };
}

/** Runs the handler and turns whatever it throws into an error that holds a code and nothing else. */
function codedProcessor({ name, catalogue, log }: WorkerContext, handler: JobHandler<unknown>, signal: AbortSignal) {
  return async (job: Job): Promise<void> => {
    const parsed = catalogue[name]?.schema.safeParse(job.data);
    if (parsed === undefined || !parsed.success) {
      log.error({ queue: name, code: 'JOB_INVALID' }, 'a job of another version or hand was dropped');
      return;
    }
    try {
      await handler(parsed.data, { signal });
    } catch (error) {
      const code = errorCodeOf(error);
      log.error({ queue: name, job: job.id, code, err: error }, 'job failed');
      const coded = new Error(code);
      coded.stack = code;
      throw coded;
    }
  };
}

/** `empty` pauses a queue for its own duration: one that was killed in the middle must not leave it paused. */
async function wake(queue: Queue): Promise<void> {
  await reachQueues(async () => {
    if (await queue.isPaused()) await queue.resume();
  });
}
