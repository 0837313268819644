/** Queue plan-waves: a launched plan becomes waves; the sweep then opens those that are due. */
import { planWaves } from '../src/delivery/plan-waves.ts';
import type { JobPayload } from '../src/jobs.ts';
import type { App } from '../src/platform/app.ts';

export const worker = {
  queue: 'plan-waves',
  handle: (app: App, job: JobPayload<'plan-waves'>) => planWaves(app, job),
} as const;
