/** Use-case of the queue `send-mails`: one chunk, with the process's own session and SMTP connections. */
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import type { ChunkJob } from './chunk-job.ts';
import { loadMailPlan } from './load-mail-plan.ts';
import { type Mailer, openMailer } from './open-mailer.ts';
import { type ChunkEnd, sendChunk } from './send-chunk.ts';

type MailApp = Pick<App, 'pool' | 'keys' | 'files' | 'clock' | 'config' | 'databaseUrl'>;

/** One mailer per process and app: its lock is the worker's life, its connections are shared by the jobs. */
const mailers = new WeakMap<object, Mailer>();

function mailerOf(app: MailApp): Mailer {
  const known = mailers.get(app.pool);
  if (known) return known;
  if (app.config.smtpUrl === null) {
    throw new AppError('CONFIG_INVALID.noSmtp');
  }
  const mailer = openMailer({
    databaseUrl: app.databaseUrl,
    smtp: { url: app.config.smtpUrl },
    connections: app.config.smtpConnections,
  });
  mailers.set(app.pool, mailer);
  return mailer;
}

/** Opens the worker's session now, so that launch and status see that somebody can send. */
export async function startMailer(app: MailApp): Promise<void> {
  await mailerOf(app).session();
}

/** Ends the session and the connections; call when the process has drained its jobs. */
export async function closeMailer(app: Pick<MailApp, 'pool'>): Promise<void> {
  const mailer = mailers.get(app.pool);
  mailers.delete(app.pool);
  await mailer?.close();
}

/** `firstRetryMs` replaces the five minutes of a first deferral, for demonstrations. */
export async function sendMails(
  app: MailApp,
  job: ChunkJob,
  options: { readonly signal?: AbortSignal; readonly firstRetryMs?: number } = {},
): Promise<ChunkEnd> {
  return await sendChunk(
    { ...app, ...options, mailer: mailerOf(app), openPlan: (chunk) => loadMailPlan(app, chunk) },
    job,
  );
}
