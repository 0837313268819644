/** Queue post-charges: seals the journal and charges the new blocks. */
import { chargeJournal } from '../src/desk/upkeep/charge-journal.ts';
import type { JobPayload } from '../src/jobs.ts';
import type { App } from '../src/platform/app.ts';

export const worker = {
  queue: 'post-charges',
  handle: (app: App, job: JobPayload<'post-charges'>) => chargeJournal(app, job),
} as const;
