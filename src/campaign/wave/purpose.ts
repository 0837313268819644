/** What a notice is for, one row each: whether it tells people of the incident, and whom a wave with it takes. */

export const noticePurposes = ['initial', 'supplement', 'correction', 'retraction', 'resend'] as const;
export type NoticePurpose = (typeof noticePurposes)[number];

/**
 * Whom a wave takes. `listed`: everybody of its segments on the frozen list. `named`: only people whom a named person puts into it,
 * because their first notice is known to have failed. `told`: people who were told and are on the list still. `told_and_removed`:
 * people who were told and whom a later list version no longer holds.
 */
export type WaveAudience = 'listed' | 'named' | 'told' | 'told_and_removed';

type PurposeFacts = {
  /** True when the notice tells of the incident: whoever gets one counts as told. */
  readonly tells: boolean;
  readonly takes: WaveAudience;
};

export const purposeTable = {
  initial: { tells: true, takes: 'listed' },
  supplement: { tells: false, takes: 'told' },
  correction: { tells: false, takes: 'told' },
  retraction: { tells: false, takes: 'told_and_removed' },
  resend: { tells: true, takes: 'named' },
} as const satisfies Record<NoticePurpose, PurposeFacts>;

/** Purposes whose notices tell of the incident. */
export const tellingPurposes: readonly NoticePurpose[] = noticePurposes.filter(
  (purpose) => purposeTable[purpose].tells,
);
