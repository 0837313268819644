/**
 * What an assignment's events say about its state. The state column is a cache of this function; a test recomputes it.
 * A mail that was taken once is never sent again, whatever later attempts came to.
 */
import type { AssignmentReason, AssignmentState } from '../assignment.ts';

/** Words for what came of an attempt; the database refuses any other. */
export const mailEventKinds = [
  'relay_accepted',
  'receiver_accepted',
  'assumed_accepted',
  'refused',
  'deferred',
  'gave_up',
  'uncertain',
  'bounced',
  'delayed',
  'complained',
  'auto_replied',
  'resend_decided',
  'blocked',
] as const;
export type MailEventKind = (typeof mailEventKinds)[number];

export const acceptedKinds = ['relay_accepted', 'receiver_accepted', 'assumed_accepted'] as const;

export type MailEventMark = { readonly kind: MailEventKind; readonly cycle: number };
export type MailState = { readonly state: AssignmentState; readonly reason: AssignmentReason | null };

type Fate = 'accepted' | 'bounced' | 'refused' | 'gave_up' | 'resend' | 'uncertain' | 'deferred' | 'submitting';

/**
 * The first word that applies decides. A bounce proves that the relay had taken the mail and then failed; a complaint or an
 * automatic reply proves that it arrived.
 */
const fates: readonly (readonly [Fate, readonly MailEventKind[]])[] = [
  ['bounced', ['bounced']],
  ['accepted', [...acceptedKinds, 'complained', 'auto_replied']],
  ['refused', ['refused']],
  ['gave_up', ['gave_up']],
  ['resend', ['resend_decided']],
  ['uncertain', ['uncertain']],
  ['deferred', ['deferred']],
  // A delay report alone: the relay has the mail and still tries.
  ['accepted', ['delayed']],
];

function fateOf(kinds: ReadonlySet<MailEventKind>): Fate {
  return fates.find(([, words]) => words.some((word) => kinds.has(word)))?.[0] ?? 'submitting';
}

const states: Record<Fate, MailState> = {
  accepted: { state: 'accepted', reason: null },
  bounced: { state: 'failed', reason: 'bounced' },
  refused: { state: 'failed', reason: 'refused' },
  gave_up: { state: 'failed', reason: 'deferred_too_long' },
  resend: { state: 'pending', reason: null },
  uncertain: { state: 'uncertain', reason: null },
  deferred: { state: 'deferred', reason: null },
  submitting: { state: 'submitting', reason: null },
};

/** `attempts` is the number of intentions on record. Total: every history has exactly one state. */
export function mailState(attempts: number, events: readonly MailEventMark[]): MailState {
  if (events.some((event) => event.kind === 'blocked')) return { state: 'failed', reason: 'output_check' };
  if (attempts === 0) return { state: 'pending', reason: null };
  const kindsOf = (cycle: number): ReadonlySet<MailEventKind> =>
    new Set(events.filter((event) => event.cycle === cycle).map((event) => event.kind));
  const last = fateOf(kindsOf(attempts));
  // A mail in flight cannot be called back: it keeps its worker until its own outcome is known.
  if (last === 'submitting') return states.submitting;
  for (let cycle = 1; cycle <= attempts; cycle++) {
    if (fateOf(kindsOf(cycle)) === 'accepted') return states.accepted;
  }
  return states[last];
}
