/** Queue send-mails: one chunk of mails to one receiving site. */
import { sendMails } from '../src/delivery/mail/send-mails.ts';
import type { JobPayload } from '../src/jobs.ts';
import type { App } from '../src/platform/app.ts';
import type { JobContext } from '../src/platform/queue.ts';

export const worker = {
  queue: 'send-mails',
  concurrency: 2,
  handle: (app: App, job: JobPayload<'send-mails'>, { signal }: JobContext) => sendMails(app, job, { signal }),
} as const;
