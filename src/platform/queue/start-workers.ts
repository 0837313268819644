/**
 * Starts one worker for each file of the built `workers` folder. Files are found and imported at run time because nothing
 * in `src` may import `workers`: which work exists is decided at the edge.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../../kernel/errors.ts';
import type { JobCatalogue, JobContext, Queues, RunningWorker } from './queue.ts';

/** What each file in `workers/` exports as `worker`. `App` is the wired program; platform need not know more. */
export type WorkerFile<App, Payload> = {
  readonly queue: string;
  /** Jobs at a time in one process; default 1. */
  readonly concurrency?: number;
  readonly handle: (app: App, payload: Payload, context: JobContext) => Promise<unknown>;
};

/**
 * Starts the workers of `dir` (built JavaScript), or only those of `queues`. Throws USAGE_WRONG for a queue without a
 * worker. `close` stops taking jobs and waits for those that run.
 */
export async function startWorkers<App extends { readonly queues: Queues<JobCatalogue> }>(options: {
  app: App;
  dir: string;
  queues?: readonly string[];
}): Promise<RunningWorker & { readonly queues: readonly string[] }> {
  const { app, dir } = options;
  const files = (await readdir(dir)).filter((file) => file.endsWith('.js')).sort();
  const found = new Map<string, WorkerFile<App, unknown>>();
  for (const file of files) {
    const { worker } = (await import(pathToFileURL(join(dir, file)).href)) as { worker: WorkerFile<App, unknown> };
    found.set(worker.queue, worker);
  }
  const chosen = options.queues === undefined || options.queues.length === 0 ? [...found.keys()] : options.queues;
  const missing = chosen.filter((queue) => !found.has(queue));
  if (missing.length > 0) {
    throw new AppError('USAGE_WRONG.worker', { queues: missing.join(', '), known: [...found.keys()].join(', ') });
  }
  const running: RunningWorker[] = [];
  for (const queue of chosen) {
    const worker = found.get(queue);
    if (worker === undefined) continue;
    running.push(
      await app.queues.startWorker(queue, (payload, context) => worker.handle(app, payload, context), {
        concurrency: worker.concurrency ?? 1,
      }),
    );
  }
  return {
    queues: chosen,
    close: async () => {
      await Promise.all(running.map((worker) => worker.close()));
    },
  };
}
