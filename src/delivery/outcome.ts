/**
 * The outcome words of a person, each mapped to exactly one term of the person equation (promise 1). A word that is missing
 * here does not compile; a person without a word does not exist.
 */

import type { TellingChannel } from '../campaign/wave/channel.ts';

/** total = told + underway + substitute + excluded + undecided. */
export const personTerms = ['told', 'underway', 'substitute', 'excluded', 'undecided'] as const;
export type PersonTerm = (typeof personTerms)[number];

export const termOfOutcome = {
  /** The mail system took the mail; relay and receiver are shown apart by the events. */
  mail_accepted: 'told',
  letter_posted: 'told',

  mail_waiting: 'underway',
  mail_submitting: 'underway',
  mail_deferred: 'underway',
  mail_uncertain: 'underway',
  /** The mail failed, stayed uncertain past its date, or is not enough: a letter is next. */
  letter_due: 'underway',
  letter_waiting: 'underway',
  letter_in_lot: 'underway',
  /** Another home of this campaign may have posted it: two named people say whether it did. */
  letter_uncertain: 'underway',
  /** Returned by the post: a corrected address is looked for until the due date. */
  letter_returned: 'underway',

  substituted: 'substitute',

  deceased: 'excluded',
  not_affected: 'excluded',
  told_otherwise: 'excluded',
  /** The addressee refused the letter (受取拒絶): the attempt counts, nothing is sent again. */
  letter_refused: 'excluded',

  no_segment: 'undecided',
  no_channel: 'undecided',
  /** Risk manager first: a letter to a protected address can endanger. */
  protected_address: 'undecided',
  /** A character of the name or address that the font does not have and no approved substitute covers. */
  missing_glyph: 'undecided',
  /** Every way was tried: a named person decides on the substitute measure. */
  unreachable: 'undecided',
} as const satisfies Record<string, PersonTerm>;
export const outcomes = Object.keys(termOfOutcome) as [Outcome, ...Outcome[]];

export type Outcome = keyof typeof termOfOutcome;

/** The word at which a person stands whom a channel told. */
export const toldOutcome = { email: 'mail_accepted', letter: 'letter_posted' } as const satisfies Record<
  TellingChannel,
  Outcome
>;

/** Why a person is excluded from a campaign by a named person's decision. */
export const exclusionReasons = ['deceased', 'not_affected', 'told_otherwise'] as const satisfies readonly Outcome[];
export type ExclusionReason = (typeof exclusionReasons)[number];
