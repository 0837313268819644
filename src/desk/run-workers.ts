/** The work of a process: its session, the workers of its queues and the timers. */
import { join } from 'node:path';
import { closeWorker, startWorker } from '../delivery/mail/send-mails.ts';
import type { App } from '../platform/app.ts';
import { packageRoot } from '../platform/package-root.ts';
import { startWorkers } from '../platform/queue/start-workers.ts';
import { startSweeping } from './upkeep/start-sweeping.ts';

export type Running = { close(): Promise<void> };

/**
 * Works on the given queues, or on all. `close` drains: what is begun ends, nothing new begins. Throws HOME_UNKNOWN, and
 * USAGE_WRONG for a queue that nobody works on.
 */
export async function runWorkers(
  app: App,
  { queues = [], sweepMs }: { queues?: readonly string[]; sweepMs?: number } = {},
): Promise<Running> {
  await startWorker(app);
  const workers = await startWorkers({ app, dir: join(packageRoot, 'dist', 'workers'), queues });
  const sweeping = startSweeping(app, sweepMs);
  return {
    close: async () => {
      await sweeping.close();
      await workers.close();
      await closeWorker(app);
    },
  };
}
