/** Why yen of a claim are not paid, over all kinds of cost, in the order in which the policy's steps take them off. */
import { type UncoveredReason, uncoveredReasons } from '../../ledger/uncovered-reason.ts';

type Reasons = { readonly reasons: readonly { readonly code: UncoveredReason; readonly yen: number }[] };

/** Only reasons that took something. */
export function sumReasons(categories: readonly Reasons[]): { code: UncoveredReason; yen: number }[] {
  const all = categories.flatMap(({ reasons }) => reasons);
  const sumOf = (code: UncoveredReason) =>
    all.reduce((sum, reason) => sum + (reason.code === code ? reason.yen : 0), 0);
  return uncoveredReasons.map((code) => ({ code, yen: sumOf(code) })).filter(({ yen }) => yen > 0);
}
