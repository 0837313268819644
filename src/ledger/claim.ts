/**
 * What the insurer owes: the policy's ordered steps applied to eligible costs. The payable yen are cut once, at the end;
 * every uncovered yen has exactly one reason, per category and in total, so an adjuster can follow each of them (mechanism 8).
 */
import {
  type CapHead,
  type CostCategory,
  costCategories,
  type PolicyFile,
  type PolicyStep,
  perMille,
} from '../campaign/policy/policy-terms.ts';
import { allocate } from '../kernel/yen.ts';
import { corporationLimit } from './corporation-limit.ts';
import { computeEligibleCosts, type EligibilityInput, type EligibleCost } from './eligible-cost.ts';
import { roundMatrix } from './round-matrix.ts';
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

/** Exact amounts are carried in 1/10⁹ yen: two ratios in per mille need 10⁶, the rest is room for shares of a category. */
const SCALE = 1_000_000_000n;

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

/** Cuts the total to whole yen once, and gives each category its whole yen by largest remainder. */
function splitPayable(amounts: readonly bigint[]): bigint[] {
  const total = amounts.reduce((a, b) => a + b, 0n) / SCALE;
  const parts = amounts.map((amount) => amount / SCALE);
  let left = total - parts.reduce((a, b) => a + b, 0n);
  const order = amounts
    .map((amount, index) => ({ index, rest: amount % SCALE }))
    .sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (const { index } of order) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts;
}

/**
 * The steps' reasons in whole yen per category: each category's reasons sum to eligible − payable, and each reason's total is
 * the exact one cut or raised to the yen (the exact one where it is whole).
 */
function roundReasons(standings: readonly Standing[], payables: readonly bigint[]): bigint[][] {
  const totals = new Map(
    uncoveredReasons.map((code) => [code, standings.reduce((sum, item) => sum + (item.lost[code] ?? 0n), 0n)]),
  );
  // A reason whose total is whole (a deductible of 100,000 yen) must stay whole: the others take up fractions first.
  const isWhole = (code: UncoveredReason) => (totals.get(code) ?? 0n) % SCALE === 0n;
  const order = [...uncoveredReasons].sort(
    (a, b) => Number(isWhole(a)) - Number(isWhole(b)) || Number((totals.get(b) ?? 0n) - (totals.get(a) ?? 0n)),
  );
  const rows = standings.map((item, index) => {
    // The fraction that this category's payable yen was cut or raised by moves into its reasons.
    let move = item.amount - (payables[index] ?? 0n) * SCALE;
    const row = { ...item.lost };
    for (const reason of order) {
      const before = row[reason];
      if (move === 0n || before === undefined) continue;
      const after = before + move < 0n ? 0n : before + move;
      row[reason] = after;
      move -= after - before;
    }
    return row;
  });
  for (const code of order.filter(isWhole)) giveBack(rows, code, totals.get(code) ?? 0n, order);
  const cells = rows.map((row) => uncoveredReasons.map((reason) => row[reason] ?? 0n));
  return roundMatrix(cells, SCALE);
}

/**
 * A category of a yen or two may have had nothing but the whole reason to take its fraction from: another category that has
 * both takes the fraction over, within its own sum.
 */
function giveBack(
  rows: Partial<Record<UncoveredReason, bigint>>[],
  code: UncoveredReason,
  total: bigint,
  order: readonly UncoveredReason[],
): void {
  const missing = total - rows.reduce((sum, row) => sum + (row[code] ?? 0n), 0n);
  if (missing === 0n) return;
  for (const row of rows) {
    const own = row[code];
    if (own === undefined || own + missing < 0n) continue;
    const other = order.find((reason) => reason !== code && (row[reason] ?? 0n) >= (missing > 0n ? missing : 1n));
    if (other === undefined) continue;
    row[code] = own + missing;
    row[other] = (row[other] ?? 0n) - missing;
    return;
  }
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
