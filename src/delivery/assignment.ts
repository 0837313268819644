/** One person's place in one wave, and which term of the wave equation its state belongs to. */

/** total = handedOver + failed + excluded + uncertain + pending. */
export const waveTerms = ['handedOver', 'failed', 'excluded', 'uncertain', 'pending'] as const;
export type WaveTerm = (typeof waveTerms)[number];

export const termOfState = {
  pending: 'pending',
  submitting: 'pending',
  deferred: 'pending',
  in_lot: 'pending',
  uncertain: 'uncertain',
  accepted: 'handedOver',
  posted: 'handedOver',
  failed: 'failed',
  excluded: 'excluded',
} as const satisfies Record<string, WaveTerm>;

export type AssignmentState = keyof typeof termOfState;
export const assignmentStates = Object.keys(termOfState) as [AssignmentState, ...AssignmentState[]];

/** Why a place in a wave failed or was excluded. `returned_*` follow the post's return reasons (返戻理由). */
export const assignmentReasons = [
  'refused',
  'bounced',
  'deferred_too_long',
  'complained',
  'returned_unknown',
  'returned_moved',
  'returned_incomplete',
  'returned_refused',
  'returned_unclaimed',
  'returned_deceased',
  'returned_expired',
  'returned_damaged',
  'returned_postage_due',
  'address_does_not_fit',
  'missing_glyph',
  'withdrawn',
  'person_excluded',
  'person_substituted',
  'person_told',
  'not_told',
  'holds_gift',
  'output_check',
] as const;
export type AssignmentReason = (typeof assignmentReasons)[number];
