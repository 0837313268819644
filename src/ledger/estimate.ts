/** What a campaign will cost and what the insurer would pay, before anything has happened: a rate card's lines × people, through the policy. */
import { findPolicyCategory, type PolicyFile } from '../campaign/policy/policy-terms.ts';
import { multiply, parsePrice, roundYen } from '../kernel/yen.ts';
import { computePolicyClaim, type Heads } from './claim.ts';
import type { CostLine } from './eligible-cost.ts';
import type { EstimateRate, RateCard } from './rate-card.ts';

export type EstimateLine = {
  readonly what: string;
  readonly category: string;
  /** The policy's own words; "" when the policy does not name the category. */
  readonly label: string;
  readonly yen: number;
  /** The policy's rule; UNKNOWN when it says nothing: ask the insurer. */
  readonly priorApproval: string;
};

/** Whole yen. `payableNow` counts only what needs no answer of the insurer first. */
export type Estimate = {
  readonly lines: readonly EstimateLine[];
  readonly incurred: number;
  readonly payableNow: number;
  readonly payableIfConsented: number;
};

/** Estimates for `people` persons. A range counts with its middle; "as stated" lines carry no separate tax. */
export function estimateCampaign(card: RateCard, policy: PolicyFile, people: number): Estimate {
  const priced = card.estimate.map((rate) => ({ rate, yen: estimateYen(rate, people) }));
  const lines = priced.map(({ rate, yen }): EstimateLine => {
    const terms = findPolicyCategory(policy, rate.category);
    return {
      what: rate.what,
      category: rate.category,
      label: terms?.label ?? '',
      yen: Number(yen),
      priorApproval: terms?.priorApproval ?? 'UNKNOWN',
    };
  });
  const costs = priced.map(({ rate, yen }) => toCost(rate, yen, people));
  const count = BigInt(people);
  const heads: Heads = { PERSON: count, ADDRESSEE: count, RECORD: count, CORPORATION: 0n };
  const common = { policy, lines: costs, heads, discoveredOn: null };
  const now = computePolicyClaim({ ...common, consents: [] });
  const consented = computePolicyClaim({ ...common, consents: 'assumed' });
  return {
    lines,
    incurred: now.total.incurred,
    payableNow: now.total.payable,
    payableIfConsented: consented.total.payable,
  };
}

function estimateYen(rate: EstimateRate, people: number): bigint {
  if (rate.perPerson !== undefined) return roundYen(multiply(parsePrice(rate.perPerson), people));
  const { fixedYen = 0, lowYen = fixedYen, highYen = fixedYen } = rate;
  return (BigInt(lowYen) + BigInt(highYen)) / 2n;
}

function toCost(rate: EstimateRate, yen: bigint, people: number): CostLine {
  return {
    category: rate.category,
    serviceDate: null,
    vendor: null,
    quantity: rate.perPerson === undefined ? null : BigInt(people),
    grossYen: yen,
    taxYen: 0n,
    isFee: false,
  };
}
