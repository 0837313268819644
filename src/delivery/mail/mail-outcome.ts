/** What a worker saw of one attempt, and which events, state and due time follow from it. Pure. */
import type { SubmissionOutcome } from '../../platform/smtp/smtp-submission.ts';
import type { AssignmentReason, AssignmentState } from '../assignment.ts';
import type { MailEventKind } from './mail-state.ts';

export type MailOutcome = {
  readonly assignmentId: string;
  readonly attempt: number;
  readonly outcome: SubmissionOutcome | { readonly kind: 'blocked'; readonly code: string };
};

export type OutcomeEffect = {
  readonly events: readonly { readonly kind: MailEventKind; readonly code: string }[];
  readonly state: AssignmentState;
  readonly reason: AssignmentReason | null;
  readonly retryMs: number | null;
};

/** Greylisting servers want some minutes; RFC 5321 4.5.4.1 says 30, and most senders begin at five. */
export const FIRST_RETRY_MS = 5 * 60_000;
const LONGEST_RETRY_MS = 2 * 3_600_000;
/** Lost connections and missed deadlines say nothing about the recipient. */
const LOCAL_RETRY_MS = 15_000;

/** `isOld`: the first attempt is older than the plan's deferral hours, so that a further deferral gives up. */
export function outcomeEffect(mail: MailOutcome, isOld: boolean, firstRetryMs = FIRST_RETRY_MS): OutcomeEffect {
  const { outcome } = mail;
  switch (outcome.kind) {
    case 'accepted':
      return {
        events: [{ kind: `${outcome.by}_accepted`, code: words(outcome.code, outcome.status) }],
        state: 'accepted',
        reason: null,
        retryMs: null,
      };
    case 'refused':
      return {
        events: [
          { kind: 'refused', code: words(outcome.code, outcome.status, outcome.stage, outcome.hard ? 'dead' : '') },
        ],
        state: 'failed',
        reason: 'refused',
        retryMs: null,
      };
    case 'uncertain':
      return { events: [{ kind: 'uncertain', code: outcome.reason }], state: 'uncertain', reason: null, retryMs: null };
    case 'blocked':
      return {
        events: [{ kind: 'blocked', code: outcome.code }],
        state: 'failed',
        reason: 'output_check',
        retryMs: null,
      };
    case 'deferred': {
      const deferral = {
        kind: 'deferred',
        code: words(outcome.code, outcome.status, outcome.reason, outcome.stage),
      } as const;
      // Our own stop is no sign that the mail cannot be had.
      if (isOld && outcome.reason !== 'stopped') {
        return {
          events: [deferral, { kind: 'gave_up', code: 'deferred_too_long' }],
          state: 'failed',
          reason: 'deferred_too_long',
          retryMs: null,
        };
      }
      return {
        events: [deferral],
        state: 'deferred',
        reason: null,
        retryMs: retryDelayMs(outcome.reason, mail.attempt, firstRetryMs),
      };
    }
  }
}

function retryDelayMs(reason: string, attempt: number, firstRetryMs: number): number {
  if (reason === 'stopped') return 0;
  const base = reason === 'server' || reason === 'sender' ? firstRetryMs : Math.min(LOCAL_RETRY_MS, firstRetryMs);
  return Math.min(LONGEST_RETRY_MS, base * 2 ** Math.min(attempt - 1, 10));
}

function words(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
