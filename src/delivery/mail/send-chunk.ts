/**
 * Sends one chunk, window by window, in the order that keeps promise 2: a slice of the pace and a free connection, then the
 * committed intention, then bytes, then the committed outcomes. At any kill at most one window is uncertain.
 */
import { transaction } from '../../platform/postgres/db.ts';
import type { SmtpLink } from '../../platform/smtp/smtp.ts';
import { monotonicMs } from '../../platform/smtp/smtp-submission.ts';
import { excludeStoppedMails } from '../stop-store.ts';
import type { ChunkJob, Drain, SendDeps } from './chunk-job.ts';
import { type Chunk, claimChunk, listOpenMails, type OpenMail, releaseChunk } from './chunk-store.ts';
import { commitWindow, keepOutcomes, windowDeadlineMs } from './commit-window.ts';
import { keepTrying } from './keep-trying.ts';
import { leaseSlice, type Slice } from './lease-slice.ts';
import type { MailOutcome } from './mail-outcome.ts';
import type { ComposedMail } from './mail-plan.ts';
import { JOBS_PER_WORKER, WINDOW_MAILS } from './open-mailer.ts';
import type { WorkerSession } from './open-worker-session.ts';
import { prepareWindow } from './prepare-window.ts';
import { submitWindow } from './submit-window.ts';
import { watchGate } from './watch-gate.ts';

/** `skipped`: not ours to do now. `released`: due again at `dueAt` (never, when everything in it is settled). */
export type ChunkEnd =
  | { readonly kind: 'skipped' }
  | { readonly kind: 'released'; readonly why: 'done' | 'stopped' | 'pace' | 'busy' | 'smtp'; readonly dueAt: Date };

/** A window that took longer makes the next one smaller, so that slow servers never run into the deadline. */
const WINDOW_AIM_MS = 15_000;
const SMALLEST_WINDOW_MAILS = 5;
const SMTP_RETRY_MS = 10_000;
const BUSY_RETRY_MS = 500;

/** Throws DATABASE_DOWN when its session or its outcomes cannot be kept; everything else is a ChunkEnd. */
export async function sendChunk(deps: SendDeps, job: ChunkJob): Promise<ChunkEnd> {
  if (!deps.mailer.beginChunk(job.chunkId)) return { kind: 'skipped' };
  try {
    const session = await deps.mailer.session();
    const claim = { ...job, workerId: session.workerId };
    let end: ChunkEnd = { kind: 'released', why: 'stopped', dueAt: deps.clock() };
    try {
      const chunk = await claimChunk(deps.pool, { ...claim, now: deps.clock() });
      end = chunk === null ? { kind: 'skipped' } : await drainChunk(deps, job, chunk, session);
    } finally {
      // Also after a claim whose answer was lost: nobody takes a chunk from a worker that lives.
      if (end.kind === 'released') {
        const release = { ...claim, dueAt: end.dueAt, relayDown: end.why === 'smtp' };
        await keepTrying({ ...deps, session }, () => releaseChunk(deps.pool, release));
      }
    }
    return end;
  } finally {
    deps.mailer.endChunk(job.chunkId);
  }
}

async function drainChunk(
  deps: SendDeps,
  job: ChunkJob,
  chunk: Chunk,
  session: WorkerSession,
): Promise<ChunkEnd & { kind: 'released' }> {
  const plan = await deps.openPlan({ ...chunk, campaignId: job.campaignId });
  const gate = await watchGate(deps, job.campaignId, chunk.planId, session);
  const drain: Drain = { ...deps, job, chunk, plan, session, gate };
  let links: SmtpLink[] = [];
  try {
    await transaction(deps.pool, (tx) => excludeStoppedMails(tx, job.campaignId, chunk.id));
    const mails = await listOpenMails(deps.pool, chunk.id, deps.clock());
    if (!gate.isOpen()) return released('stopped', deps.clock());
    const composed = await plan.compose(mails);
    const paces = plan.pacesOf(chunk.siteKey);
    const share = Math.min(deps.mailer.connections, ...paces.map((pace) => pace.connections)) / JOBS_PER_WORKER;
    links = deps.mailer.takeLinks(Math.min(Math.ceil(share), mails.length));
    if (mails.length > 0 && links.length === 0) return released('busy', later(deps.clock(), BUSY_RETRY_MS));
    while (mails.length > 0) {
      try {
        await links[0]?.ready();
      } catch {
        return released('smtp', later(deps.clock(), SMTP_RETRY_MS));
      }
      const slice = await leaseSlice(deps.pool, {
        campaignId: job.campaignId,
        workerId: session.workerId,
        paces,
        mails: mails.length,
        connections: links.length,
      });
      if (slice.kind === 'none') return released('pace', later(deps.clock(), slice.waitMs));
      if (!(await spendSlice(drain, slice, links.slice(0, slice.connections), mails, composed))) {
        return released('stopped', deps.clock());
      }
    }
    return released('done', deps.clock());
  } finally {
    gate.close();
    deps.mailer.giveBack(links);
  }
}

const later = (now: Date, delayMs: number): Date => new Date(now.getTime() + delayMs);
const released = (why: 'done' | 'stopped' | 'pace' | 'busy' | 'smtp', dueAt: Date) =>
  ({ kind: 'released', why, dueAt }) as const;

/** Takes mails off the front of `mails` until the slice is used; false when the gate closed meanwhile. */
async function spendSlice(
  drain: Drain,
  slice: Slice,
  links: readonly SmtpLink[],
  mails: OpenMail[],
  composed: ReadonlyMap<string, ComposedMail>,
): Promise<boolean> {
  let left = slice.mails;
  let size = WINDOW_MAILS;
  let outcomes: MailOutcome[] = [];
  try {
    while (left > 0 && mails.length > 0 && drain.gate.isOpen()) {
      const window = prepareWindow(drain, mails.splice(0, Math.min(size, left)), composed);
      left -= window.mails.length;
      const startedMs = monotonicMs();
      const deadlineMs = startedMs + windowDeadlineMs(drain);
      const intended = await commitWindow(drain, [...outcomes, ...window.blocked], window.mails);
      outcomes = await submitWindow(links, intended, {
        mayContinue: drain.gate.isOpen,
        deadlineMs,
        acceptedBy: drain.plan.acceptedBy,
      });
      size = nextWindowSize(window.mails.length, monotonicMs() - startedMs);
    }
  } finally {
    await keepOutcomes(drain, outcomes);
    await slice.end(left).catch(() => {});
  }
  return drain.gate.isOpen();
}

function nextWindowSize(mails: number, tookMs: number): number {
  const fitting = Math.floor((mails * WINDOW_AIM_MS) / Math.max(1, tookMs));
  return Math.max(SMALLEST_WINDOW_MAILS, Math.min(WINDOW_MAILS, fitting));
}
