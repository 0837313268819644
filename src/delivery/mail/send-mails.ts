/** Use-case of the queue `send-mails`: one chunk, with the process's own session and SMTP connections; and that session's life. */
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { keepHomes, restHomes } from '../home/keep-homes.ts';
import type { ChunkJob } from './chunk-job.ts';
import { loadMailPlan } from './load-mail-plan.ts';
import { type Mailer, openMailer } from './open-mailer.ts';
import { type ChunkEnd, sendChunk } from './send-chunk.ts';
import { createWorkerLife, type WorkerLife } from './worker-life.ts';

type MailApp = Pick<App, 'pool' | 'keys' | 'files' | 'clock' | 'config' | 'databaseUrl' | 'log'>;

/** One of each per process and app: the life that others see by its lock, and the connections that the jobs share. */
const lives = new WeakMap<object, WorkerLife>();
const mailers = new WeakMap<object, Mailer>();

function lifeOf(app: MailApp): WorkerLife {
  const known = lives.get(app.pool);
  if (known) return known;
  const life = createWorkerLife(app.databaseUrl, () => keepHomes(app, { isWorking: true }));
  lives.set(app.pool, life);
  return life;
}

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
    life: lifeOf(app),
  });
  mailers.set(app.pool, mailer);
  return mailer;
}

/**
 * Opens the worker's session now, with a relay or without: launch and status see that somebody works, and a copy of a running
 * campaign is found out before anything is sent. Throws HOME_UNKNOWN.
 */
export async function startWorker(app: MailApp): Promise<void> {
  await lifeOf(app).session();
}

/** Ends the session and the connections properly; call when the process has drained its jobs. */
export async function closeWorker(app: MailApp): Promise<void> {
  const mailer = mailers.get(app.pool);
  const life = lives.get(app.pool);
  mailers.delete(app.pool);
  lives.delete(app.pool);
  await mailer?.close();
  if (life === undefined) return;
  await life.close();
  await restHomes(app);
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
