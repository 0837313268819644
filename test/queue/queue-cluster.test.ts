/** The queue on a Redis cluster: all keys of a queue lie on one node, so its scripts work. Left out without redis-server. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, inject, it } from 'vitest';
import { z } from 'zod';
import { createLogger } from '../../src/platform/log.ts';
import { createQueues } from '../../src/platform/queue/queue.ts';

/** Set by the run's own redis-server; a REDIS_URL_TEST elsewhere says nothing about a binary here. */
const isServerHere = inject('redisUrl').startsWith('unix://');

it.runIf(isServerHere)('wakes workers on Redis (cluster of three nodes), and can be emptied', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'owabi-cluster-'));
  const ports = [await freePort(), await freePort(), await freePort()];
  const nodes = ports.map((port) =>
    spawn(
      'redis-server',
      [
        '--port',
        `${port}`,
        '--bind',
        '127.0.0.1',
        '--cluster-enabled',
        'yes',
        '--cluster-port',
        `${port + 10_000}`,
        '--cluster-config-file',
        `nodes-${port}.conf`,
        '--save',
        '',
        '--dir',
        folder,
      ],
      { stdio: 'ignore' },
    ),
  );
  try {
    await formCluster(ports);
    const catalogue = { work: { schema: z.object({ id: z.string() }), key: (payload: { id: string }) => payload.id } };
    const redisUrl = ports.map((port) => `redis://127.0.0.1:${port}`).join(',');
    const queues = await createQueues({
      databaseUrl: '',
      redisUrl,
      catalogue,
      log: createLogger('silent'),
      lockMs: 500,
    });
    const seen: string[] = [];
    const worker = await queues.startWorker('work', async ({ id }) => seen.push(id));
    await queues.enqueueAll('work', [{ id: 'a' }, { id: 'b' }]);
    while (seen.length < 2) await sleep(20);
    await queues.empty();
    await queues.enqueue('work', { id: 'c' });
    while (seen.length < 3) await sleep(20);
    expect(seen.sort()).toEqual(['a', 'b', 'c']);
    await worker.close();
    await queues.close();
  } finally {
    for (const node of nodes) node.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});

async function formCluster(ports: readonly number[]): Promise<void> {
  const clients = ports.map((port) => new Redis(port, '127.0.0.1'));
  for (const client of clients) client.on('error', () => {});
  const share = Math.ceil(16_384 / clients.length);
  for (const [index, client] of clients.entries()) {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', `${index * share}`, `${Math.min((index + 1) * share, 16_384) - 1}`);
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', `${index + 1}`);
    for (const port of ports.slice(0, index))
      await client.call('CLUSTER', 'MEET', '127.0.0.1', `${port}`, `${port + 10_000}`);
  }
  for (const client of clients) {
    while (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) await sleep(50);
    while (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_known_nodes:3')) await sleep(50);
  }
  for (const client of clients) client.disconnect();
}

async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    // The nodes talk to each other 10,000 ports higher.
    if (port + 10_000 < 65_536) return port;
  }
}
