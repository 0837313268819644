/** Why a yen is not payable. Every uncovered yen has exactly one reason; the order is the precedence (domain: claims are read so). */
export const uncoveredReasons = [
  'not_covered',
  'outside_period',
  'no_consent',
  'tax',
  'cap',
  'deductible',
  'ratio',
  'sublimit',
  'limit',
  'other_insurance',
] as const;
export type UncoveredReason = (typeof uncoveredReasons)[number];

/** Amounts by reason, zero where absent. The unit is the holder's. */
export type ReasonAmounts = { [reason in UncoveredReason]?: bigint };

export function addReason(amounts: ReasonAmounts, reason: UncoveredReason, amount: bigint): void {
  if (amount !== 0n) amounts[reason] = (amounts[reason] ?? 0n) + amount;
}
