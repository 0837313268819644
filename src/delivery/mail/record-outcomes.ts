/** Commits what the worker saw of a group of mails, set-wise, with the one fact that covers them. */
import { seal } from '../../platform/crypto/crypt.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { listOldAttempts, type NewMailEvent, type PlaceStateChange } from './event-store.ts';
import { type MailOutcome, outcomeEffect } from './mail-outcome.ts';
import { recordMailEvents } from './record-events.ts';

export type OutcomeContext = {
  readonly campaignId: string;
  /** The campaign's address key: a server's words repeat the address. */
  readonly addressKey: Uint8Array;
  readonly deferredHours: number;
  readonly firstRetryMs?: number;
  readonly now: Date;
};

/** Seals a server's or a bounce's words for their event's place; null for no words. */
export function sealMailText(key: Uint8Array, campaignId: string, assignmentId: string, text: string): Buffer | null {
  return text === '' ? null : seal(key, `${campaignId}|${assignmentId}|mail_event.text_sealed`, text);
}

/** Idempotent: outcomes that are already on record change nothing. */
export async function recordOutcomes(tx: Tx, context: OutcomeContext, outcomes: readonly MailOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const deferred = outcomes.filter((mail) => mail.outcome.kind === 'deferred').map((mail) => mail.assignmentId);
  const old =
    deferred.length === 0 ? new Set<string>() : await listOldAttempts(tx, deferred, context.deferredHours, context.now);
  const events: NewMailEvent[] = [];
  const changes: PlaceStateChange[] = [];
  for (const mail of outcomes) {
    const effect = outcomeEffect(mail, old.has(mail.assignmentId), context.firstRetryMs);
    const reply = 'reply' in mail.outcome ? mail.outcome.reply : '';
    for (const [index, event] of effect.events.entries()) {
      events.push({
        assignmentId: mail.assignmentId,
        attempt: event.kind === 'blocked' ? 0 : mail.attempt,
        at: context.now,
        kind: event.kind,
        code: event.code,
        textSealed: index === 0 ? sealMailText(context.addressKey, context.campaignId, mail.assignmentId, reply) : null,
      });
    }
    changes.push({
      assignmentId: mail.assignmentId,
      attempt: mail.attempt,
      state: effect.state,
      reason: effect.reason,
      dueAt: effect.retryMs === null ? null : new Date(context.now.getTime() + effect.retryMs),
    });
  }
  await recordMailEvents(tx, {
    campaignId: context.campaignId,
    kind: 'mails.submitted',
    at: context.now,
    events,
    changes,
  });
}
