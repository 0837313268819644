/** PostgreSQL is killed under a working queue: the embedded server comes back by itself, and the queue goes on. */
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createLogger } from '../../src/platform/log.ts';
import { removeEmbeddedData, startEmbeddedServer } from '../../src/platform/postgres/embedded-server.ts';
import { createQueues } from '../../src/platform/queue/queue.ts';

it('goes on after kill -9 of the database: what waited is run, and new work is taken', async () => {
  const log = createLogger('silent');
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'owabi-home-')));
  const server = await startEmbeddedServer({ home, log, fast: true });
  const catalogue = { work: { schema: z.object({ id: z.string() }), key: (payload: { id: string }) => payload.id } };
  const queues = await createQueues({ databaseUrl: server.url, catalogue, log, lockMs: 500 });
  const seen = new Set<string>();
  const worker = await queues.startWorker('work', async ({ id }) => {
    await sleep(100);
    seen.add(id);
  });
  try {
    for (const id of ['a', 'b', 'c']) await queues.enqueue('work', { id });
    await sleep(150);
    process.kill(
      Number.parseInt(
        readFileSync(join(realpathSync(join(home, 'database')), 'postgres-18', 'postmaster.pid'), 'utf8'),
        10,
      ),
      'SIGKILL',
    );
    const deadline = performance.now() + 20_000;
    while (seen.size < 4 && performance.now() < deadline) {
      await queues.enqueue('work', { id: 'later' }).catch(() => {});
      await sleep(100);
    }
    expect([...seen].sort()).toEqual(['a', 'b', 'c', 'later']);
  } finally {
    await worker.close();
    await queues.close();
    await server.release();
    await removeEmbeddedData({ home, log });
    rmSync(home, { recursive: true });
  }
});
