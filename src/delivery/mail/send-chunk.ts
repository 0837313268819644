/**
 * Sends one chunk, window by window, in the order that keeps promise 2: a slice of the pace and a free connection, then the
 * committed intention, then bytes, then the committed outcomes. At any kill at most one window is uncertain.
 */
import { AppError, errorCodeOf } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { transaction } from '../../platform/db.ts';
import { buildMailMessage, envelopeAddress } from '../../platform/mail-message.ts';
import type { SmtpLink } from '../../platform/smtp.ts';
import { monotonicMs } from '../../platform/smtp-submission.ts';
import {
  type Chunk,
  claimChunk,
  findAttempts,
  insertIntentions,
  isPlanRunning,
  listOpenMails,
  type OpenMail,
  releaseChunk,
} from './attempt-store.ts';
import { leaseSlice, type Slice } from './lease-slice.ts';
import type { MailOutcome } from './mail-outcome.ts';
import type { ComposedMail, MailPlan } from './mail-plan.ts';
import type { Mailer } from './open-mailer.ts';
import type { WorkerSession } from './open-worker-session.ts';
import { type OutcomeContext, recordOutcomes } from './record-outcomes.ts';
import { mailMessageId, newReturnTokens, returnAddress } from './return-address.ts';
import { type IntendedMail, submitWindow } from './submit-window.ts';

export type ChunkJob = { readonly campaignId: string; readonly chunkId: string; readonly epoch: number };

/** `skipped`: not ours to do now. `released`: due again at `dueAt` (never, when everything in it is settled). */
export type ChunkEnd =
  | { readonly kind: 'skipped' }
  | { readonly kind: 'released'; readonly why: 'done' | 'stopped' | 'pace' | 'busy' | 'smtp'; readonly dueAt: Date };

export type SendDeps = Pick<App, 'pool' | 'keys' | 'clock'> & {
  readonly mailer: Mailer;
  readonly openPlan: (chunk: Chunk & { campaignId: string }) => Promise<MailPlan>;
  readonly signal?: AbortSignal;
  readonly firstRetryMs?: number;
  /** From the intention to the last dot of its window; a minute by default, because slow servers take seconds a mail. */
  readonly windowDeadlineMs?: number;
};

/** Mails whose intention is committed at once, and so the most that a kill of this job may leave uncertain. */
const WINDOW_MAILS = 50;
/** Jobs that share a worker's connections: while one commits, the other sends. */
const JOBS_PER_WORKER = 4;
/** A window that took longer makes the next one smaller, so that slow servers never run into the deadline. */
const WINDOW_AIM_MS = 15_000;
const SMALLEST_WINDOW_MAILS = 5;
const WINDOW_DEADLINE_MS = 60_000;
const GATE_POLL_MS = 250;
const SMTP_RETRY_MS = 10_000;
const BUSY_RETRY_MS = 500;
/** How long outcomes are kept when the database is away; then the worker ends its session and they become uncertain. */
const OUTCOME_RETRY_MS = 30_000;

/** Throws DATABASE_DOWN when its session or its outcomes cannot be kept; everything else is a ChunkEnd. */
export async function sendChunk(deps: SendDeps, job: ChunkJob): Promise<ChunkEnd> {
  if (!deps.mailer.beginChunk(job.chunkId)) return { kind: 'skipped' };
  try {
    const session = await deps.mailer.session();
    const chunk = await claimChunk(deps.pool, { ...job, workerId: session.workerId, now: deps.clock() });
    if (chunk === null) return { kind: 'skipped' };
    let end: ChunkEnd & { kind: 'released' } = { kind: 'released', why: 'stopped', dueAt: deps.clock() };
    try {
      end = await drainChunk(deps, job, chunk, session);
    } finally {
      await releaseChunk(deps.pool, { ...job, workerId: session.workerId, dueAt: end.dueAt }).catch(() => {});
    }
    return end;
  } finally {
    deps.mailer.endChunk(job.chunkId);
  }
}

type Drain = SendDeps & { job: ChunkJob; chunk: Chunk; plan: MailPlan; session: WorkerSession; gate: Gate };

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
      const deadlineMs = startedMs + (drain.windowDeadlineMs ?? WINDOW_DEADLINE_MS);
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

type WindowMail = IntendedMail & { returnToken: string };

/** Builds the messages before the intention, so that a mail that cannot be built never becomes an attempt. */
function prepareWindow(
  { plan, clock }: Drain,
  mails: readonly OpenMail[],
  composed: ReadonlyMap<string, ComposedMail>,
): { mails: WindowMail[]; blocked: MailOutcome[] } {
  const tokens = newReturnTokens(mails.length);
  const blocked: MailOutcome[] = [];
  const ready: WindowMail[] = [];
  for (const [index, mail] of mails.entries()) {
    const content = composed.get(mail.assignmentId) ?? { kind: 'blocked', code: 'PERSON_MISSING' };
    const block = (code: string): void => {
      blocked.push({ assignmentId: mail.assignmentId, attempt: mail.attempt, outcome: { kind: 'blocked', code } });
    };
    if (content.kind === 'blocked') {
      block(content.code);
      continue;
    }
    const returnToken = tokens[index] ?? '';
    try {
      const to = envelopeAddress(content.to.address);
      const message = buildMailMessage({
        ...content,
        from: plan.from,
        ...(plan.replyTo ? { replyTo: plan.replyTo } : {}),
        messageId: mailMessageId(mail.noticeId, plan.returnDomain),
        date: clock(),
      });
      const from = returnAddress(returnToken, plan.returnDomain);
      ready.push({ assignmentId: mail.assignmentId, attempt: mail.attempt + 1, from, to, message, returnToken });
    } catch (error) {
      block(errorCodeOf(error));
    }
  }
  return { mails: ready, blocked };
}

/** One commit: the last window's outcomes and this window's intention. Returns the mails that may be sent. */
async function commitWindow(
  drain: Drain,
  outcomes: readonly MailOutcome[],
  mails: readonly WindowMail[],
): Promise<WindowMail[]> {
  const { pool, job, session, plan } = drain;
  try {
    const intended = await transaction(pool, async (tx) => {
      await recordOutcomes(tx, outcomeContext(drain), outcomes);
      return await insertIntentions(tx, {
        ...job,
        planId: plan.planId,
        workerId: session.workerId,
        deadlineMs: drain.windowDeadlineMs ?? WINDOW_DEADLINE_MS,
        mails: mails.map((mail) => ({ ...mail, attempt: mail.attempt - 1 })),
      });
    });
    const byId = new Map(mails.map((mail) => [mail.assignmentId, mail]));
    return intended.flatMap(({ assignmentId }) => byId.get(assignmentId) ?? []);
  } catch (error) {
    await keepOutcomes(drain, outcomes);
    await withdrawIntentions(drain, mails);
    throw error;
  }
}

/** The answer to the commit was lost: attempts that it did write were never sent, and say so. */
async function withdrawIntentions(drain: Drain, mails: readonly WindowMail[]): Promise<void> {
  const found = await findAttempts(
    drain.pool,
    mails.map((mail) => mail.returnToken),
  );
  await keepOutcomes(
    drain,
    found.map((each) => ({
      ...each,
      outcome: { kind: 'deferred', code: '', status: '', reply: '', reason: 'stopped', stage: 'connect' },
    })),
  );
}

/** Commits outcomes although the database may be away for a while; gives the session up when it stays away. */
async function keepOutcomes(drain: Drain, outcomes: readonly MailOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const giveUpMs = monotonicMs() + OUTCOME_RETRY_MS;
  for (let delayMs = 100; ; delayMs = Math.min(2_000, delayMs * 2)) {
    try {
      await transaction(drain.pool, (tx) => recordOutcomes(tx, outcomeContext(drain), outcomes));
      return;
    } catch (cause) {
      if (monotonicMs() > giveUpMs) {
        // What this worker knows is lost with it: its lock falls, and the sweep calls these mails uncertain.
        await drain.session.close();
        throw new AppError('DATABASE_DOWN', 'outcomes of mails could not be stored', { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}

function outcomeContext(drain: Drain): OutcomeContext {
  return {
    campaignId: drain.job.campaignId,
    addressKey: drain.keys.open(drain.job.campaignId).address,
    deferredHours: drain.plan.deferredHours,
    ...(drain.firstRetryMs === undefined ? {} : { firstRetryMs: drain.firstRetryMs }),
    now: drain.clock(),
  };
}

type Gate = { readonly isOpen: () => boolean; readonly close: () => void };

/** Pause is a row: it is read again every quarter of a second, and its answer is asked before each mail and each dot. */
async function watchGate(deps: SendDeps, campaignId: string, planId: string, session: WorkerSession): Promise<Gate> {
  let isRunning = await isPlanRunning(deps.pool, campaignId, planId);
  const timer = setInterval(() => {
    isPlanRunning(deps.pool, campaignId, planId).then(
      (running) => {
        isRunning = running;
      },
      // While the database is away nobody can pause either; the session and the deadline still guard every dot.
      () => {},
    );
  }, GATE_POLL_MS);
  return {
    isOpen: () => isRunning && session.isAlive() && !deps.signal?.aborted,
    close: () => clearInterval(timer),
  };
}
