/** Queue send-mails: one chunk of mails to one receiving site. */
import { JOBS_PER_WORKER } from '../src/delivery/mail/open-mailer.ts';
import { sendMails } from '../src/delivery/mail/send-mails.ts';
import type { JobPayload } from '../src/jobs.ts';
import type { App } from '../src/platform/app.ts';
import type { JobContext } from '../src/platform/queue/queue.ts';

export const worker = {
  queue: 'send-mails',
  concurrency: JOBS_PER_WORKER,
  handle: (app: App, job: JobPayload<'send-mails'>, { signal }: JobContext) => sendMails(app, job, { signal }),
} as const;
