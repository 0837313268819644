/**
 * Commits a window's intention together with the outcomes of the one before it, and keeps outcomes while the database is
 * away: what a worker has seen is not lost as long as its session can be saved.
 */
import { AppError } from '../../kernel/errors.ts';
import { transaction } from '../../platform/db.ts';
import { monotonicMs } from '../../platform/smtp-submission.ts';
import { findAttempts, insertIntentions } from './attempt-store.ts';
import type { Drain } from './chunk-job.ts';
import type { MailOutcome } from './mail-outcome.ts';
import type { WindowMail } from './prepare-window.ts';
import { type OutcomeContext, recordOutcomes } from './record-outcomes.ts';

/** From the intention to the last dot of its window: slow servers take seconds a mail. */
const WINDOW_DEADLINE_MS = 60_000;
/** How long outcomes are kept when the database is away; then the worker ends its session and they become uncertain. */
const OUTCOME_RETRY_MS = 30_000;

export const windowDeadlineMs = (drain: Pick<Drain, 'windowDeadlineMs'>): number =>
  drain.windowDeadlineMs ?? WINDOW_DEADLINE_MS;

/** One commit: the last window's outcomes and this window's intention. Returns the mails that may be sent. */
export async function commitWindow(
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
        deadlineMs: windowDeadlineMs(drain),
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
export async function keepOutcomes(drain: Drain, outcomes: readonly MailOutcome[]): Promise<void> {
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
