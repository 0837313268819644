/**
 * The one way in which anything that happened to a mail is written: events, their fact, the cached states, and where the
 * people now stand, in one transaction. Whatever is recorded twice counts once (promise 6).
 */
import type { EventRow } from '../../journal/fact.ts';
import type { MailFactKind } from '../../journal/facts/mail.ts';
import { coverEvents, type EventsDescription } from '../../journal/record-fact.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { REPLY_TIMEOUT_MS } from '../../platform/smtp/smtp-submission.ts';
import { advancePeople } from '../advance-people.ts';
import {
  type InsertedMailEvent,
  insertMailEvents,
  lockMails,
  type MailHistory,
  type NewMailEvent,
  type PlaceStateChange,
  settleInFlight,
  updateStates,
} from './event-store.ts';
import { acceptedKinds, type MailState, mailState } from './mail-state.ts';

export type MailEventsInput = {
  readonly campaignId: string;
  readonly kind: MailFactKind;
  readonly at: Date;
  readonly actorId?: string | null;
  readonly events: readonly NewMailEvent[];
  /** States known to follow; places left out, or that have moved on, are derived from their events. */
  readonly changes?: readonly PlaceStateChange[];
};

/** Returns the events that were new; nothing is written when none was. */
export async function recordMailEvents(tx: Tx, input: MailEventsInput): Promise<readonly InsertedMailEvent[]> {
  const { campaignId, events, at } = input;
  if (events.length === 0) return [];
  const inserted = await insertMailEvents(tx, campaignId, events);
  const factId = inserted[0]?.factId;
  if (factId === undefined) return [];
  await coverEvents(tx, factId, {
    campaignId,
    kind: input.kind,
    occurredAt: at,
    actorId: input.actorId ?? null,
    rows: inserted,
    describe: describeEvents,
  });
  const touched = new Set(inserted.map((event) => event.assignmentId));
  // A place that would be open again is looked at with its history: a decision may have come while the mail was in flight.
  const known = (input.changes ?? []).filter(
    (change) => touched.has(change.assignmentId) && change.attempt <= 1 && change.state !== 'deferred',
  );
  const settled = known.length === 0 ? [] : await settleInFlight(tx, campaignId, known);
  for (const { assignmentId } of settled) touched.delete(assignmentId);
  const dueAt = new Map((input.changes ?? []).map((change) => [change.assignmentId, change.dueAt]));
  const moved = settled.filter((place) => !place.isTold).map((place) => place.personRef);
  await advancePeople(tx, campaignId, [...new Set([...moved, ...(await refreshStates(tx, [...touched], dueAt))])], at);
  return inserted;
}

/** The fact of a group of events: a mail is charged once per accepted attempt, however often its acceptance is reported. */
function describeEvents(rows: readonly InsertedMailEvent[]): EventsDescription<MailFactKind> {
  const isAccepted = (kind: string): boolean => (acceptedKinds as readonly string[]).includes(kind);
  const accepted = rows.filter((row) => isAccepted(row.kind) && !row.wasAccepted);
  const attempts = new Set(accepted.map((row) => `${row.assignmentId} ${row.attempt}`));
  const people = new Set(accepted.filter((row) => !row.wasTold).map((row) => row.assignmentId));
  return {
    events: rows.map((row): EventRow => [row.assignmentId, row.kind, row.attempt, row.at.toISOString(), row.code]),
    lines: [{ driver: 'mail.accepted', attributes: {}, count: attempts.size }],
    personsFirst: people.size,
    body: countKinds(rows),
  };
}

function countKinds(rows: readonly InsertedMailEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[row.kind] = (counts[row.kind] ?? 0) + 1;
  return counts;
}

/** Recomputes places from all their events. Returns the people behind them. */
async function refreshStates(
  tx: Tx,
  assignmentIds: readonly string[],
  dueAt: ReadonlyMap<string, Date | null>,
): Promise<string[]> {
  if (assignmentIds.length === 0) return [];
  const histories = await lockMails(tx, assignmentIds);
  const changes = histories.map((history): PlaceStateChange => {
    const { state, reason } = stoppedState(history, mailState(history.attempts, history.events));
    return {
      assignmentId: history.assignmentId,
      attempt: history.attempts,
      state,
      reason,
      dueAt: dueOf(history, state, dueAt),
    };
  });
  return await updateStates(tx, changes);
}

/** What would be sent again stays closed when it was closed before, and is closed when a decision has stopped the person. */
function stoppedState(history: MailHistory, found: MailState): MailState {
  if (found.state !== 'pending' && found.state !== 'deferred') return found;
  if (history.state === 'excluded') return { state: 'excluded', reason: history.reason };
  return history.stopReason === null ? found : { state: 'excluded', reason: history.stopReason };
}

/** A decided resend waits until no late reply to the first mail can come any more. */
function dueOf(history: MailHistory, state: string, dueAt: ReadonlyMap<string, Date | null>): Date | null {
  if (state === 'pending' && history.lastDeadlineAt)
    return new Date(history.lastDeadlineAt.getTime() + REPLY_TIMEOUT_MS);
  if (state !== 'deferred') return null;
  return dueAt.get(history.assignmentId) ?? history.dueAt;
}
