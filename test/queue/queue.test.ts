/** The queue's promises on both backends: it only wakes, stores no more than codes, and may be emptied at any moment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../src/kernel/errors.ts';
import { createLogger } from '../../src/platform/log.ts';
import { packageRoot } from '../../src/platform/package-root.ts';
import { createQueues, type Queues, type RunningWorker } from '../../src/platform/queue/queue.ts';
import { useDatabase } from '../support/database.ts';

const LOCK_MS = 500;
const catalogue = {
  'send-mails': {
    schema: z.object({ chunkId: z.string(), epoch: z.number().int() }),
    key: (job: { chunkId: string; epoch: number }) => `${job.chunkId}-${job.epoch}`,
  },
  'post-charges': {
    schema: z.object({ campaignId: z.string() }),
    key: (job: { campaignId: string }) => job.campaignId,
  },
};
const redisUrl = inject('redisUrl');
const database = useDatabase();

describe.each([
  { backend: 'PostgreSQL', isHere: true },
  { backend: 'Redis', isHere: redisUrl !== '' },
])('queues on $backend', ({ backend, isHere }) => {
  const namespace = `test-${randomUUID()}`;
  const opened: Queues<typeof catalogue>[] = [];
  const workers: RunningWorker[] = [];
  const children: ChildProcess[] = [];
  const place = () => ({
    databaseUrl: database.url,
    redisUrl: backend === 'Redis' ? redisUrl : null,
    lockMs: LOCK_MS,
    namespace,
  });

  const open = async () => {
    const queues = await createQueues({ ...place(), catalogue, log: createLogger('silent') });
    opened.push(queues);
    return queues;
  };
  const work = async (
    queues: Queues<typeof catalogue>,
    handler: (chunkId: string, signal: AbortSignal) => Promise<unknown>,
  ) => {
    const worker = await queues.startWorker('send-mails', (job, { signal }) => handler(job.chunkId, signal), {
      concurrency: 4,
    });
    workers.push(worker);
    return worker;
  };

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
    for (const queues of opened.splice(0)) {
      await queues.empty();
      await queues.close();
    }
  });

  it.runIf(isHere)('hands each payload to its worker once', async () => {
    const queues = await open();
    const seen: string[] = [];
    await work(queues, async (chunkId) => seen.push(chunkId));
    await queues.enqueue('send-mails', { chunkId: 'a', epoch: 0 });
    await queues.enqueueAll('send-mails', [
      { chunkId: 'b', epoch: 0 },
      { chunkId: 'c', epoch: 0 },
    ]);
    await until(() => seen.length === 3);
    expect(seen.sort()).toEqual(['a', 'b', 'c']);
  });

  it.runIf(isHere)(
    'makes one job of two wake-ups of the same work, and wakes it again once it is done or has failed',
    async () => {
      const queues = await open();
      await queues.enqueue('send-mails', { chunkId: 'a', epoch: 1 });
      await queues.enqueue('send-mails', { chunkId: 'a', epoch: 1 });
      let runs = 0;
      await work(queues, async () => {
        runs += 1;
        if (runs === 1) throw new AppError('FILE_MISSING.stored', { id: 'gone' });
      });
      await until(() => runs === 1);
      for (const expected of [2, 3]) {
        await until(async () => {
          await queues.enqueue('send-mails', { chunkId: 'a', epoch: 1 });
          return runs >= expected;
        });
      }
    },
  );

  it.runIf(isHere)('stores no more of a failed job than its error code', async () => {
    const queues = await open();
    let runs = 0;
    await work(queues, async () => {
      runs += 1;
      if (runs === 1) throw new Error('550 <taro.yamada@example.jp> unknown');
      throw new AppError('FILE_MISSING.stored', { id: '山田太郎' }, { cause: new Error('taro.yamada@example.jp') });
    });
    await queues.enqueue('send-mails', { chunkId: 'a', epoch: 0 });
    await queues.enqueue('send-mails', { chunkId: 'b', epoch: 0 });
    await until(() => runs === 2);
    await until(async () => (await storedText(backend, namespace)).includes('FILE_MISSING'));
    const stored = await storedText(backend, namespace);
    expect(stored).toContain('UNEXPECTED');
    expect(stored).not.toMatch(/yamada|山田|queue\.test|node:internal/);
  });

  it.runIf(isHere)('refuses a payload that is not of the catalogue', async () => {
    const queues = await open();
    await expect(queues.enqueue('send-mails', { chunkId: 'a' } as never)).rejects.toThrow(z.ZodError);
    await queues.enqueue('send-mails', { chunkId: 'a', epoch: 0, email: 'taro.yamada@example.jp' } as never);
    expect(await storedText(backend, namespace)).not.toContain('yamada');
  });

  it.runIf(isHere)(
    'may be emptied while a job runs and others wait: the running one ends, later ones are woken',
    async () => {
      const queues = await open();
      const seen: string[] = [];
      await work(queues, async (chunkId) => {
        if (chunkId.startsWith('long')) await sleep(300);
        seen.push(chunkId);
      });
      for (const chunkId of ['long1', 'long2', 'long3', 'long4', 'waits1', 'waits2']) {
        await queues.enqueue('send-mails', { chunkId, epoch: 0 });
      }
      await sleep(100);
      await queues.empty();
      await queues.enqueue('send-mails', { chunkId: 'later', epoch: 0 });
      await until(() => seen.includes('later') && seen.includes('long4'));
      expect(seen).not.toContain('waits1');
    },
  );

  it.runIf(isHere)('wakes a queue that was left paused by an emptying that was killed', async () => {
    const queues = await open();
    const left = await open();
    // What `empty` does first, seen from a process that dies right after.
    await pauseAsEmptyDoes(backend, place(), namespace);
    const seen: string[] = [];
    await work(left, async (chunkId) => seen.push(chunkId));
    await queues.enqueue('send-mails', { chunkId: 'a', epoch: 0 });
    await until(() => seen.length === 1);
  });

  it.runIf(isHere)('tells the handlers to stop when a worker closes, and waits for them', async () => {
    const queues = await open();
    let outcome = 'none';
    const worker = await work(queues, async (_chunkId, signal) => {
      outcome = 'running';
      while (!signal.aborted) await sleep(10);
      await sleep(50);
      outcome = 'ended early';
    });
    await queues.enqueue('send-mails', { chunkId: 'a', epoch: 0 });
    await until(() => outcome === 'running');
    await worker.close();
    expect(outcome).toBe('ended early');
  });

  it.runIf(isHere)('gives the job of a killed process to another within a few locks', async () => {
    const queues = await open();
    await queues.enqueue('send-mails', { chunkId: 'a', epoch: 0 });
    const child = startHoldingWorker({ ...place() });
    children.push(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.kill('SIGKILL');
    const killedAt = performance.now();
    const seen: string[] = [];
    await work(queues, async (chunkId) => seen.push(chunkId));
    await until(() => seen.length === 1);
    expect(performance.now() - killedAt).toBeLessThan(LOCK_MS * 8);
  });

  it.runIf(isHere && backend === 'PostgreSQL')('goes on after every connection was cut', async () => {
    const queues = await open();
    const seen: string[] = [];
    await work(queues, async (chunkId) => seen.push(chunkId));
    await database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name <> 'owabi' and datname = current_database()",
    );
    await until(async () => {
      await queues.enqueue('send-mails', { chunkId: 'after', epoch: 0 }).catch(() => {});
      return seen.includes('after');
    });
  });
});

/** Everything that the backend has stored, as one text. */
async function storedText(backend: string, namespace: string): Promise<string> {
  if (backend === 'Redis') {
    const redis = new Redis(redisUrl.replace('unix://', ''));
    const texts: string[] = [];
    for (const key of await redis.keys(`{${namespace}}*`)) {
      const type = await redis.type(key);
      if (type === 'hash') texts.push(JSON.stringify(await redis.hgetall(key)));
      else if (type === 'stream') texts.push(JSON.stringify(await redis.xrange(key, '-', '+')));
      else if (type === 'list') texts.push(...(await redis.lrange(key, 0, -1)));
      else if (type === 'zset') texts.push(...(await redis.zrange(key, '0', '-1')));
      else texts.push((await redis.get(key)) ?? '');
    }
    redis.disconnect();
    return texts.join('\n');
  }
  const tables = await database.pool.query<{ name: string }>(
    "select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables where schemaname = 'bullmq'",
  );
  const texts = await Promise.all(
    tables.rows.map(
      async ({ name }) =>
        (await database.pool.query(`select coalesce(string_agg(t::text, E'\n'), '') as text from ${name} t`)).rows[0]
          .text,
    ),
  );
  expect(tables.rows.length).toBeGreaterThan(3);
  return texts.join('\n');
}

async function pauseAsEmptyDoes(
  backend: string,
  place: { databaseUrl: string; redisUrl: string | null },
  namespace: string,
): Promise<void> {
  const { createPostgresBackend, Queue } = await import('bullmq');
  if (backend === 'Redis') {
    const connection = new Redis((place.redisUrl ?? '').replace('unix://', ''), { maxRetriesPerRequest: null });
    const queue = new Queue('send-mails', { connection, prefix: `{${namespace}}` });
    await queue.pause();
    await queue.close();
    connection.disconnect();
    return;
  }
  const queue = new Queue('send-mails', { connection: place.databaseUrl }, createPostgresBackend);
  await queue.pause();
  await queue.close();
}

/** A process whose worker takes a job, says so and never ends it. */
function startHoldingWorker(place: {
  databaseUrl: string;
  redisUrl: string | null;
  lockMs: number;
  namespace: string;
}): ChildProcess {
  const built = (path: string) => JSON.stringify(join(packageRoot, 'dist', 'src', 'platform', path));
  const program = `
    import { createQueues } from ${built('queue/queue.js')};
    import { createLogger } from ${built('log.js')};
    import { z } from 'zod';
    const catalogue = { 'send-mails': { schema: z.any(), key: () => 'x' } };
    const queues = await createQueues({ ...${JSON.stringify(place)}, catalogue, log: createLogger('silent') });
    await queues.startWorker('send-mails', () => new Promise(() => process.stdout.write('taken')));
  `;
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: packageRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('It did not come true within 15 s.');
    await sleep(20);
  }
}
