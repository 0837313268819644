// `owabi work` with short times, for tests that kill and stop it: the built program's own queues, workers, sweep and sending,
// with locks of a second and windows of three, so that a takeover needs no minutes.
import { join } from 'node:path';
import { loadMailPlan } from '../../dist/src/delivery/mail/load-mail-plan.js';
import { openMailer } from '../../dist/src/delivery/mail/open-mailer.js';
import { sendChunk } from '../../dist/src/delivery/mail/send-chunk.js';
import { startSweeping } from '../../dist/src/desk/upkeep/start-sweeping.js';
import { jobs } from '../../dist/src/jobs.js';
import { openApp } from '../../dist/src/platform/app.js';
import { loadConfig } from '../../dist/src/platform/config.js';
import { packageRoot } from '../../dist/src/platform/package-root.js';
import { startWorkers } from '../../dist/src/platform/queue/start-workers.js';

const LOCK_MS = 1_000;
const SWEEP_MS = 300;
const WINDOW_DEADLINE_MS = 3_000;
const FIRST_RETRY_MS = 300;

const app = await openApp(loadConfig(process.env), { jobs, lockMs: LOCK_MS });
const mailer = openMailer({
  databaseUrl: app.databaseUrl,
  smtp: { url: app.config.smtpUrl, replyTimeoutMs: 2_000 },
  connections: app.config.smtpConnections,
});
await mailer.session();
const others = Object.keys(jobs).filter((name) => name !== 'send-mails');
const workers = await startWorkers({ app, dir: join(packageRoot, 'dist', 'workers'), queues: others });
const sender = await app.queues.startWorker(
  'send-mails',
  (job, { signal }) =>
    sendChunk(
      {
        ...app,
        mailer,
        signal,
        firstRetryMs: FIRST_RETRY_MS,
        windowDeadlineMs: WINDOW_DEADLINE_MS,
        openPlan: (chunk) => loadMailPlan(app, chunk),
      },
      job,
    ),
  { concurrency: 2 },
);
const sweeping = startSweeping(app, SWEEP_MS);

process.once('SIGTERM', async () => {
  await sweeping.close();
  await sender.close();
  await workers.close();
  await mailer.close();
  await app.close();
  process.exit(0);
});
