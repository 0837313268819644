/** Workers are found in a folder, not imported: each file becomes one running worker. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createLogger } from '../../src/platform/log.ts';
import { createQueues } from '../../src/platform/queue/queue.ts';
import { startWorkers } from '../../src/platform/queue/start-workers.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const dir = join(mkdtempSync(join(tmpdir(), 'owabi-workers-')), 'workers');
const job = { schema: z.object({ id: z.string() }), key: (payload: { id: string }) => payload.id };

afterAll(() => rmSync(join(dir, '..'), { recursive: true }));

function writeWorker(queue: string): void {
  mkdirSync(dir, { recursive: true });
  const text = `export const worker = { queue: '${queue}', handle: async (app, payload) => app.seen.push('${queue} ' + payload.id) };`;
  writeFileSync(join(dir, `${queue}.js`), text);
  writeFileSync(join(dir, `${queue}.js.map`), '{}');
}

it('starts a worker for each file, or for the named queues only, and refuses a queue without a worker', async () => {
  writeFileSync(join(dir, '..', 'package.json'), '{"type":"module"}');
  writeWorker('first');
  writeWorker('second');
  const catalogue = { first: job, second: job, third: job };
  const queues = await createQueues({ databaseUrl: database.url, catalogue, log: createLogger('silent') });
  const app = { queues, seen: [] as string[] };

  await expect(startWorkers({ app, dir, queues: ['third'] })).rejects.toMatchObject({ code: 'USAGE_WRONG' });

  const one = await startWorkers({ app, dir, queues: ['second'] });
  expect(one.queues).toEqual(['second']);
  await queues.enqueue('first', { id: 'a' });
  await queues.enqueue('second', { id: 'b' });
  while (app.seen.length < 1) await sleep(10);
  await one.close();
  expect(app.seen).toEqual(['second b']);

  const all = await startWorkers({ app, dir });
  expect(all.queues).toEqual(['first', 'second']);
  while (app.seen.length < 2) await sleep(10);
  await all.close();
  await queues.close();
  expect(app.seen).toEqual(['second b', 'first a']);
});
