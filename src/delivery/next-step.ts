/**
 * The one state machine per person: e-mail → letter → corrected address → substitute measure, with a date for each step.
 * Pure: it looks at the person's places in the waves and at people's decisions, and says where the person stands today.
 */
import type { TellingChannel } from '../campaign/wave/channel.ts';
import { addDays, type Day, toDay } from '../kernel/calendar.ts';
import type { AssignmentReason, AssignmentState } from './assignment.ts';
import { type ExclusionReason, type Outcome, type PersonTerm, termOfOutcome } from './outcome.ts';

/** Days a step may take before the person moves on; from the approved plan. */
export type FallbackRules = {
  readonly uncertainDays: number;
  readonly returnedDays: number;
  readonly undecidedDays: number;
  /** The plan names a substitute measure for people whom no wave can reach. */
  readonly hasSubstitute: boolean;
};

/** A place in an e-mail or letter wave that tells the person of the incident (purpose initial or resend). */
export type Place = {
  readonly channel: TellingChannel;
  readonly state: AssignmentState;
  readonly reason: AssignmentReason | null;
  readonly latestOn: Day;
  readonly changedAt: Date;
};

/** The newest decision of a named person about this person, if any still stands. */
export type Decision =
  | { readonly kind: 'substituted' }
  | { readonly kind: 'excluded'; readonly reason: ExclusionReason };

export type PersonHistory = {
  readonly places: readonly Place[];
  readonly decision: Decision | null;
  /** Card or health data leaked: an e-mail alone does not do, unless a lawyer's name released it. */
  readonly letterRequired: boolean;
  readonly hasAddress: boolean;
  /** Latest day of the letter wave that takes people over, or null when the plan has none. */
  readonly letterLatestOn: Day | null;
  /** Why the plan has no place for the person; it counts as long as no place of theirs was kept or begun. */
  readonly unplaced: Outcome | null;
};

export type Step = 'email' | 'letter' | 'settle' | 'corrected_address' | 'decide';
export type Standing = {
  readonly term: PersonTerm;
  readonly outcome: Outcome;
  /** What happens next; null when nothing is left to do. */
  readonly step: Step | null;
  readonly dueOn: Day | null;
};

const done = (outcome: Outcome): Standing => ({ term: termOfOutcome[outcome], outcome, step: null, dueOn: null });
const next = (outcome: Outcome, step: Step, dueOn: Day): Standing => ({
  term: termOfOutcome[outcome],
  outcome,
  step,
  dueOn,
});

/**
 * Standings that wait for a mail and for nothing else. One accepted mail ends them with `toldByMail` unless a letter is required:
 * a test holds this shortcut, which the mail store takes set-wise, against `nextStep` on random histories.
 */
export const awaitingMail = [
  'mail_waiting',
  'mail_submitting',
  'mail_deferred',
  'mail_uncertain',
] as const satisfies readonly Outcome[];
export const toldByMail: Standing = done('mail_accepted');

/** Where the person stands on `today`. Total: every history has exactly one standing. */
export function nextStep(history: PersonHistory, rules: FallbackRules, today: Day): Standing {
  if (history.decision) return done(history.decision.kind === 'excluded' ? history.decision.reason : 'substituted');
  const undecided = (outcome: Outcome) => next(outcome, 'decide', addDays(today, rules.undecidedDays));
  if (
    history.places.every((place) => place.state === 'excluded') &&
    (history.unplaced !== null || history.places.length === 0)
  ) {
    const reason = history.unplaced ?? 'no_segment';
    if (reason === 'no_channel' && isBeyondReach(history, rules)) return done('substituted');
    return termOfOutcome[reason] === 'undecided' ? undecided(reason) : done(reason);
  }
  const { email: mails, letter: letters } = placesByChannel(history.places);
  if (letters.some((place) => place.state === 'posted')) return done('letter_posted');
  if (mails.some((place) => place.state === 'accepted') && !history.letterRequired) return done('mail_accepted');
  return (
    standingOfLetters(letters, rules, today) ??
    standingOfMails(mails, history, rules, today) ??
    letterOrDecide(history, rules, undecided)
  );
}

/** A channel that nobody decided about must not compile: its places would be as if they were not there. */
function placesByChannel(places: readonly Place[]) {
  const by = (channel: TellingChannel) => places.filter((place) => place.channel === channel);
  return { email: by('email'), letter: by('letter') } satisfies Record<TellingChannel, Place[]>;
}

function standingOfLetters(letters: readonly Place[], rules: FallbackRules, today: Day): Standing | null {
  const open = letters.find((place) => place.state === 'in_lot') ?? letters.find((place) => place.state === 'pending');
  if (open) return next(open.state === 'in_lot' ? 'letter_in_lot' : 'letter_waiting', 'letter', open.latestOn);
  const doubted = letters.find((place) => place.state === 'uncertain');
  if (doubted) return next('letter_uncertain', 'settle', doubted.latestOn);
  const failed = letters.filter((place) => place.state === 'failed').at(-1);
  if (!failed) return null;
  if (failed.reason === 'returned_refused') return done('letter_refused');
  if (failed.reason === 'returned_deceased') return done('deceased');
  const decide = (outcome: Outcome) => next(outcome, 'decide', addDays(today, rules.undecidedDays));
  if (failed.reason === 'missing_glyph' || failed.reason === 'address_does_not_fit') return decide('missing_glyph');
  const dueOn = addDays(toDay(failed.changedAt), rules.returnedDays);
  if (today <= dueOn) return next('letter_returned', 'corrected_address', dueOn);
  return decide('unreachable');
}

function standingOfMails(
  mails: readonly Place[],
  history: PersonHistory,
  rules: FallbackRules,
  today: Day,
): Standing | null {
  const open = mails.find(
    (place) => place.state === 'submitting' || place.state === 'pending' || place.state === 'deferred',
  );
  if (open) {
    const outcome =
      open.state === 'submitting' ? 'mail_submitting' : open.state === 'deferred' ? 'mail_deferred' : 'mail_waiting';
    return next(outcome, 'email', open.latestOn);
  }
  const uncertain = mails.find((place) => place.state === 'uncertain');
  if (!uncertain) return null;
  // Not told until settled; past its date the person goes on to the letter (promise 2).
  const dueOn = addDays(toDay(uncertain.changedAt), rules.uncertainDays);
  const canWait = today <= dueOn || !history.hasAddress || history.letterLatestOn === null;
  return canWait ? next('mail_uncertain', 'settle', dueOn) : null;
}

/** Nothing is left that could reach the person, and two people approved what the law accepts instead. */
function isBeyondReach(history: PersonHistory, rules: FallbackRules): boolean {
  return rules.hasSubstitute && !history.hasAddress;
}

function letterOrDecide(
  history: PersonHistory,
  rules: FallbackRules,
  undecided: (outcome: Outcome) => Standing,
): Standing {
  // A letter that was pulled is not made again by itself: who pulled it knows why, and a named person decides.
  // One that was left out because a mail had told the person is, when that mail comes back after all.
  const hadLetter = history.places.some((place) => place.channel === 'letter' && place.reason !== 'person_told');
  if (history.hasAddress && history.letterLatestOn !== null && !hadLetter)
    return next('letter_due', 'letter', history.letterLatestOn);
  return isBeyondReach(history, rules) ? done('substituted') : undecided('unreachable');
}
