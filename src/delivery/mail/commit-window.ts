/**
 * Commits a window's intention together with the outcomes of the one before it, and keeps outcomes while the database is
 * away: what a worker has seen is not lost as long as its session can be saved.
 */
import { transaction } from '../../platform/postgres/db.ts';
import { findAttempts, insertIntentions } from './attempt-store.ts';
import type { Drain } from './chunk-job.ts';
import { keepTrying } from './keep-trying.ts';
import type { MailOutcome } from './mail-outcome.ts';
import type { WindowMail } from './prepare-window.ts';
import { type OutcomeContext, recordOutcomes } from './record-outcomes.ts';

/** From the intention to the last dot of its window: slow servers take seconds a mail. */
const WINDOW_DEADLINE_MS = 60_000;

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
  if (mails.length === 0) return;
  const found = await keepTrying(drain, () => transaction(drain.pool, (tx) => findAttempts(tx, mails)));
  await keepOutcomes(
    drain,
    found.map((each) => ({
      ...each,
      outcome: { kind: 'deferred', code: '', status: '', reply: '', reason: 'stopped', stage: 'connect' },
    })),
  );
}

/** Commits outcomes although the database may be away for a while. Throws DATABASE_DOWN: then the sweep calls them uncertain. */
export async function keepOutcomes(drain: Drain, outcomes: readonly MailOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  await keepTrying(drain, () => transaction(drain.pool, (tx) => recordOutcomes(tx, outcomeContext(drain), outcomes)));
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
