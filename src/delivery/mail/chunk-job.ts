/** A chunk's job, what it is given to work with, and what it holds while it works. */
import type { App } from '../../platform/app.ts';
import type { Chunk } from './chunk-store.ts';
import type { MailPlan } from './mail-plan.ts';
import type { Mailer } from './open-mailer.ts';
import type { WorkerSession } from './open-worker-session.ts';
import type { Gate } from './watch-gate.ts';

export type ChunkJob = { readonly campaignId: string; readonly chunkId: string; readonly epoch: number };

export type SendDeps = Pick<App, 'pool' | 'keys' | 'clock'> & {
  readonly mailer: Mailer;
  readonly openPlan: (chunk: Chunk & { campaignId: string }) => Promise<MailPlan>;
  readonly signal?: AbortSignal;
  readonly firstRetryMs?: number;
  /** From the intention to the last dot of its window; a minute by default, because slow servers take seconds a mail. */
  readonly windowDeadlineMs?: number;
  /** How long outcomes and chunks are kept when the database is away; then the worker ends its session. 30 s by default. */
  readonly keepTryingMs?: number;
};

/** A chunk that this process has claimed and is working on. */
export type Drain = SendDeps & {
  readonly job: ChunkJob;
  readonly chunk: Chunk;
  readonly plan: MailPlan;
  readonly session: WorkerSession;
  readonly gate: Gate;
};
