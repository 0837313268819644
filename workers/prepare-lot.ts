/** Queue prepare-lot: typesets one lot and writes its files. */
import { prepareLot } from '../src/delivery/letters/prepare-lot.ts';
import type { JobPayload } from '../src/jobs.ts';
import type { App } from '../src/platform/app.ts';

export const worker = {
  queue: 'prepare-lot',
  concurrency: 2,
  handle: (app: App, job: JobPayload<'prepare-lot'>) => prepareLot(app, job),
} as const;
