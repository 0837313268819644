/**
 * What a cap per corporation lets through. Gifts to corporations are few and mostly handed over by a visit, which no fact counts:
 * such a line is capped by the number of corporations that its own document states, what was posted to corporations by the facts.
 */
import type { PolicyCategory } from '../campaign/policy/policy-terms.ts';
import type { EligibleCost } from './eligible-cost.ts';

type Cap = Pick<NonNullable<PolicyCategory['cap']>, 'yen' | 'feeCountsInCap'>;

/** Whole yen; `posted` are corporations that got a card by post. Issuing fees use what the cap leaves. Pure. */
export function corporationLimit(
  { eligible, eligibleFee, stated }: Pick<EligibleCost, 'eligible' | 'eligibleFee' | 'stated'>,
  cap: Cap,
  posted: bigint,
): bigint {
  const perHead = BigInt(cap.yen);
  const counted = eligible - eligibleFee - sum(stated.map((line) => line.yen));
  const within =
    sum(stated.map((line) => smaller(line.yen, line.heads * perHead))) + smaller(counted, posted * perHead);
  const room = (sum(stated.map((line) => line.heads)) + posted) * perHead - within;
  return within + (cap.feeCountsInCap ? smaller(eligibleFee, room) : eligibleFee);
}

const smaller = (a: bigint, b: bigint) => (a < b ? a : b);
const sum = (parts: readonly bigint[]) => parts.reduce((total, part) => total + part, 0n);
