/**
 * What the insurer owes: the policy's ordered steps applied to eligible costs. The payable yen are cut once, at the end;
 * every uncovered yen has exactly one reason, per category and in total, so an adjuster can follow each of them (mechanism 8).
 */
import { type CapHead, type PolicyFile, type PolicyStep, perMille } from '../campaign/policy/policy-terms.ts';
import { type CostCategory, costCategories } from '../kernel/cost-category.ts';
import { allocate } from '../kernel/yen.ts';
import { corporationLimit } from './corporation-limit.ts';
import { computeEligibleCosts, type EligibilityInput, type EligibleCost } from './eligible-cost.ts';
import { roundReasons, SCALE, splitPayable } from './round-claim.ts';
import { addReason, type ReasonAmounts, type UncoveredReason, uncoveredReasons } from './uncovered-reason.ts';

/** How many heads a per-head cap is counted by; null = not known, then the persons count stands in. */
export type Heads = { readonly [head in CapHead]: bigint | null };

export type ClaimInput = EligibilityInput & { readonly heads: Heads };

export type ClaimCategory = {
  readonly category: CostCategory;
  readonly label: string;
  readonly incurred: number;
  readonly eligible: number;
  readonly payable: number;
  readonly uncovered: number;
  readonly reasons: readonly { readonly code: UncoveredReason; readonly yen: number }[];
};

/** Whole yen. uncovered = incurred − payable = Σ reasons, in each category and in total. */
export type Claim = {
  readonly categories: readonly ClaimCategory[];
  readonly total: {
    readonly incurred: number;
    readonly eligible: number;
    readonly payable: number;
    readonly uncovered: number;
  };
};

type Standing = { readonly cost: EligibleCost; amount: bigint; fee: bigint; readonly lost: ReasonAmounts };

/** Computes the claim. Categories come in the neutral order of policy-terms. Pure; the same input gives the same yen. */
export function computePolicyClaim(input: ClaimInput): Claim {
  const costs = computeEligibleCosts(input);
  const standings = costs.map(
    (cost): Standing => ({ cost, amount: cost.eligible * SCALE, fee: cost.eligibleFee * SCALE, lost: {} }),
  );
  for (const step of input.policy.steps) applyStep(step, input, standings);
  const payables = splitPayable(standings.map((standing) => standing.amount));
  const lost = roundReasons(standings, payables);
  const categories = standings.map((standing, index) =>
    toCategory(standing.cost, payables[index] ?? 0n, lost[index] ?? []),
  );
  categories.sort((a, b) => costCategories.indexOf(a.category) - costCategories.indexOf(b.category));
  const sum = (key: 'incurred' | 'eligible' | 'payable' | 'uncovered') =>
    categories.reduce((total, item) => total + item[key], 0);
  return {
    categories,
    total: {
      incurred: sum('incurred'),
      eligible: sum('eligible'),
      payable: sum('payable'),
      uncovered: sum('uncovered'),
    },
  };
}

/** What is still to be paid after the insurer's part payments (内払). Never negative. */
export function outstandingYen(policy: PolicyFile, claim: Claim): number {
  const paid = policy.steps.includes('lessPaid') ? (policy.paidYen ?? 0) : 0;
  return Math.max(0, claim.total.payable - paid);
}

function applyStep(step: PolicyStep, { policy, heads }: ClaimInput, standings: readonly Standing[]): void {
  switch (step) {
    case 'categoryCap':
      for (const item of standings) applyCap(item, heads);
      return;
    case 'categoryDeductible':
      for (const item of standings) lose(item, 'deductible', item.amount - scaled(item.cost.terms?.deductibleYen ?? 0));
      return;
    case 'categoryRatio':
      for (const item of standings) lose(item, 'ratio', share(item.amount, item.cost.terms?.ratio));
      return;
    case 'categorySublimit':
      for (const item of standings)
        lose(item, 'sublimit', scaled(item.cost.terms?.sublimitYen ?? Number.MAX_SAFE_INTEGER));
      return;
    case 'groupSublimit':
      for (const group of policy.groups) {
        const members = standings.filter((item) => item.cost.terms?.group === group.id);
        reduceTogether(members, 'sublimit', () => scaled(group.sublimitYen));
      }
      return;
    case 'policyDeductible': {
      const open = Math.max(0, (policy.deductibleYen ?? 0) - (policy.occurrence?.deductibleUsedYen ?? 0));
      reduceTogether(standings, 'deductible', (total) => total - scaled(open));
      return;
    }
    case 'policyRatio':
      reduceTogether(standings, 'ratio', (total) => share(total, policy.ratio));
      return;
    case 'costLimit':
      if (policy.costLimitYen === undefined) return;
      limitTogether(standings, policy.costLimitYen - (policy.occurrence?.costLimitUsedYen ?? 0));
      return;
    case 'sharedLimit':
      if (policy.sharedLimit === undefined) return;
      limitTogether(standings, policy.sharedLimit.limitYen - policy.sharedLimit.usedYen);
      return;
    case 'otherInsurance':
      applyOtherInsurance(policy, standings);
      return;
    case 'lessPaid':
      // A part payment changes what is outstanding, not what is payable: it leaves no yen uncovered.
      return;
  }
}

const scaled = (yen: number): bigint => BigInt(yen) * SCALE;
const share = (amount: bigint, ratio: string | undefined): bigint =>
  ratio === undefined ? amount : (amount * perMille(ratio)) / 1000n;

/** Lowers a category to `to` (never below zero, never up) and notes why. */
function lose(item: Standing, reason: UncoveredReason, to: bigint): void {
  const target = to < 0n ? 0n : to;
  if (target >= item.amount) return;
  addReason(item.lost, reason, item.amount - target);
  item.amount = target;
  if (item.fee > target) item.fee = target;
}

function applyCap(item: Standing, heads: Heads): void {
  const cap = item.cost.terms?.cap;
  if (cap === undefined) return;
  if (cap.per === 'CORPORATION') {
    lose(item, 'cap', corporationLimit(item.cost, cap, heads.CORPORATION ?? 0n) * SCALE);
    return;
  }
  const count = heads[cap.per] ?? heads.PERSON ?? 0n;
  const limit = count * scaled(cap.yen);
  lose(
    item,
    'cap',
    cap.feeCountsInCap ? limit : (item.amount - item.fee < limit ? item.amount - item.fee : limit) + item.fee,
  );
}

/** Lowers several categories to a common total, each in proportion to what it still has. */
function reduceTogether(items: readonly Standing[], reason: UncoveredReason, target: (total: bigint) => bigint): void {
  const total = items.reduce((sum, item) => sum + item.amount, 0n);
  const wanted = target(total);
  const to = wanted < 0n ? 0n : wanted;
  if (to >= total) return;
  const parts = allocate(
    to,
    items.map((item) => item.amount),
  );
  for (const [index, item] of items.entries()) lose(item, reason, parts[index] ?? 0n);
}

function limitTogether(items: readonly Standing[], limitYen: number): void {
  reduceTogether(items, 'limit', () => scaled(Math.max(0, limitYen)));
}

function applyOtherInsurance(policy: PolicyFile, items: readonly Standing[]): void {
  if (policy.otherInsurance === undefined) return;
  const { rule, contracts } = policy.otherInsurance;
  const others = contracts.reduce((sum, contract) => sum + scaled(contract.paysYen), 0n);
  const loss = items.reduce((sum, item) => sum + item.cost.eligible * SCALE, 0n);
  reduceTogether(items, 'other_insurance', (total) => (rule === 'DEDUCT' ? total - others : loss - others));
}

function toCategory(cost: EligibleCost, payable: bigint, lost: readonly bigint[]): ClaimCategory {
  const reasons = uncoveredReasons
    .map((code, index) => ({ code, yen: Number((cost.reasons[code] ?? 0n) + (lost[index] ?? 0n)) }))
    .filter((reason) => reason.yen !== 0);
  return {
    category: cost.category,
    label: cost.terms?.label ?? '',
    incurred: Number(cost.incurred),
    eligible: Number(cost.eligible),
    payable: Number(payable),
    uncovered: Number(cost.incurred - payable),
    reasons,
  };
}
