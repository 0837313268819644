/** What a worker process sends with: its session (opened anew after a loss) and its SMTP connections, shared by its jobs. */
import { createSmtpLink, type SmtpLink } from '../../platform/smtp/smtp.ts';
import type { SmtpSettings } from '../../platform/smtp/smtp-connect.ts';
import type { WorkerSession } from './open-worker-session.ts';
import { createWorkerLife, type WorkerLife } from './worker-life.ts';

/**
 * Mails of one process whose intention is committed and whose outcome is not: what a kill may leave uncertain is at most this
 * one window, the strict reading of promise 2. The process's jobs share it; they are two, so that one sends while the other
 * commits.
 */
const MAILS_IN_FLIGHT = 50;
export const JOBS_PER_WORKER = 2;
/** A job's share of the window. */
export const WINDOW_MAILS = MAILS_IN_FLIGHT / JOBS_PER_WORKER;

export type Mailer = {
  readonly connections: number;
  /** The living session. Throws DATABASE_DOWN. */
  readonly session: () => Promise<WorkerSession>;
  /**
   * False when another job of this process works on the chunk (a queue may hand out the same job twice), or when as many jobs
   * run as may have a window in flight.
   */
  readonly beginChunk: (chunkId: string) => boolean;
  readonly endChunk: (chunkId: string) => void;
  /** Up to `count` connections that no other job of this process uses. */
  readonly takeLinks: (count: number) => SmtpLink[];
  readonly giveBack: (links: readonly SmtpLink[]) => void;
  readonly close: () => Promise<void>;
};

/** Opens nothing yet. Throws SMTP_URL_INVALID. */
export function openMailer(options: {
  readonly databaseUrl: string;
  readonly smtp: SmtpSettings;
  readonly connections: number;
  /** The process's life when it does more than mailing; by default the mailer has its own. */
  readonly life?: WorkerLife;
}): Mailer {
  const links = Array.from({ length: options.connections }, () => createSmtpLink(options.smtp));
  const free = [...links];
  const busyChunks = new Set<string>();
  const life = options.life ?? createWorkerLife(options.databaseUrl);
  return {
    connections: options.connections,
    session: life.session,
    beginChunk: (chunkId) =>
      busyChunks.size < JOBS_PER_WORKER && !busyChunks.has(chunkId) && busyChunks.add(chunkId) !== null,
    endChunk: (chunkId) => void busyChunks.delete(chunkId),
    takeLinks: (count) => free.splice(0, Math.max(0, count)),
    giveBack: (given) => void free.push(...given),
    close: async () => {
      for (const link of links) link.close();
      await life.close();
    },
  };
}
