/**
 * Which part of an incurred cost the policy looks at at all: line by line, in the fixed precedence not covered → outside
 * period → no consent → tax. What is left is eligible; the steps of the policy then work on it (claim.ts).
 */
import {
  findPolicyCategory,
  type PolicyCategory,
  type PolicyFile,
  type PriorApproval,
} from '../campaign/policy/policy-terms.ts';
import { addDays, type Day } from '../kernel/calendar.ts';
import type { CostCategory } from '../kernel/cost-category.ts';
import { addReason, type ReasonAmounts } from './uncovered-reason.ts';

/** A cost to be claimed: a line of an invoice (or of an estimate). Yen; gross includes tax; a credit note is negative. */
export type CostLine = {
  readonly category: CostCategory;
  /** When the service was given, not when it was billed; null = not known yet (estimates), then no period is checked. */
  readonly serviceDate: Day | null;
  /** Null: not known yet; a consent to one vendor then covers it. */
  readonly vendor: string | null;
  readonly quantity: bigint | null;
  readonly grossYen: bigint;
  readonly taxYen: bigint;
  /** The issuing fee of a gift card: outside the cap when the policy says so. */
  readonly isFee: boolean;
  /** Its units are counted by facts; otherwise only its document says for how many it was. */
  readonly isCounted?: boolean;
};

/** What a line was for, as its own document states it: the yen that are eligible, and for how many heads. */
export type StatedHeads = { readonly yen: bigint; readonly heads: bigint };

/** The insurer's answer, as far as a claim needs it. Null caps are "no cap". */
export type ClaimConsent = {
  readonly category: CostCategory;
  readonly vendor: string | null;
  readonly answer: 'asked' | 'granted' | 'granted_with_conditions' | 'denied' | 'withdrawn';
  readonly form: 'oral' | 'email' | 'written' | 'unknown';
  readonly validTo: Day | null;
  readonly unitPriceCapYen: bigint | null;
  readonly quantityCap: bigint | null;
  readonly amountCapYen: bigint | null;
};

/** What a category brings to the policy's steps. All in whole yen; incurred = eligible + Σ reasons. */
export type EligibleCost = {
  readonly category: CostCategory;
  readonly terms: PolicyCategory | null;
  readonly incurred: bigint;
  readonly eligible: bigint;
  /** The part of `eligible` that is issuing fees. */
  readonly eligibleFee: bigint;
  /** The lines that no fact counts, issuing fees aside. */
  readonly stated: readonly StatedHeads[];
  readonly reasons: ReasonAmounts;
};

export type EligibilityInput = {
  readonly policy: PolicyFile;
  readonly lines: readonly CostLine[];
  /** 'assumed': what would be payable if the insurer consented to everything (estimates). */
  readonly consents: readonly ClaimConsent[] | 'assumed';
  /** The day on which the incident was discovered; null = do not check any period. */
  readonly discoveredOn: Day | null;
};

const nothingYet = { incurred: 0n, eligible: 0n, eligibleFee: 0n };

/** The costs by category, in the order of first appearance. Consents are used up in the order of the lines. */
export function computeEligibleCosts({ policy, lines, consents, discoveredOn }: EligibilityInput): EligibleCost[] {
  const budgets = consents === 'assumed' ? null : consents.map(openBudget);
  const byCategory = new Map<
    CostCategory,
    { incurred: bigint; eligible: bigint; eligibleFee: bigint; stated: StatedHeads[]; reasons: ReasonAmounts }
  >();
  for (const line of settleCredits(lines)) {
    const sum = byCategory.get(line.category) ?? { ...nothingYet, stated: [], reasons: {} };
    byCategory.set(line.category, sum);
    sum.incurred += line.grossYen;
    const terms = findPolicyCategory(policy, line.category);
    if (terms === null) addReason(sum.reasons, 'not_covered', line.grossYen);
    else if (!isInsidePeriod(policy, line.serviceDate, discoveredOn))
      addReason(sum.reasons, 'outside_period', line.grossYen);
    else {
      const basis = terms.taxBasis === 'NET' ? line.grossYen - line.taxYen : line.grossYen;
      const consented = budgets === null ? basis : useConsents(terms.priorApproval, line, basis, budgets);
      const taxLost = basis === 0n ? 0n : ((line.grossYen - basis) * (basis - consented)) / basis;
      addReason(sum.reasons, 'no_consent', basis - consented + taxLost);
      addReason(sum.reasons, 'tax', line.grossYen - basis - taxLost);
      sum.eligible += consented;
      if (line.isFee) sum.eligibleFee += consented;
      // A lump sum without a quantity was for somebody: one head.
      else if (!line.isCounted) sum.stated.push({ yen: consented, heads: line.quantity ?? 1n });
    }
  }
  return [...byCategory].map(([category, sum]) => ({ category, terms: findPolicyCategory(policy, category), ...sum }));
}

/** The incident must be discovered within the policy's period, and the cost arise within the response period after it. */
function isInsidePeriod(policy: PolicyFile, serviceDate: Day | null, discoveredOn: Day | null): boolean {
  if (discoveredOn === null) return true;
  if (discoveredOn < policy.period.from || discoveredOn > policy.period.to) return false;
  if (serviceDate === null) return true;
  if (serviceDate < discoveredOn) return false;
  const days = policy.incidentResponsePeriodDays;
  return days === undefined || serviceDate <= addDays(discoveredOn, days);
}

type Budget = ClaimConsent & { amountLeft: bigint | null; quantityLeft: bigint | null };

function openBudget(consent: ClaimConsent): Budget {
  return { ...consent, amountLeft: consent.amountCapYen, quantityLeft: consent.quantityCap };
}

/** How much of `basis` is covered by consents. "Unknown" needs none here; the estimate and the status page warn about it. */
function useConsents(needs: PriorApproval, line: CostLine, basis: bigint, budgets: readonly Budget[]): bigint {
  if (needs === 'NONE' || needs === 'UNKNOWN') return basis;
  let left = basis;
  let quantityLeft = line.quantity;
  for (const budget of budgets) {
    if (left === 0n) break;
    if (budget.category !== line.category || !isAnswerEnough(needs, budget)) continue;
    if (budget.vendor !== null && line.vendor !== null && budget.vendor !== line.vendor) continue;
    if (budget.validTo !== null && line.serviceDate !== null && line.serviceDate > budget.validTo) continue;
    const taken = takeFrom(budget, left, quantityLeft);
    left -= taken.yen;
    if (quantityLeft !== null) quantityLeft -= taken.quantity;
  }
  return basis - left;
}

function isAnswerEnough(needs: PriorApproval, { answer, form }: ClaimConsent): boolean {
  if (answer === 'denied' || answer === 'withdrawn') return false;
  if (needs === 'NOTICE') return true;
  if (answer === 'asked') return false;
  return needs === 'CONSENT' || form === 'written';
}

function takeFrom(budget: Budget, basis: bigint, quantity: bigint | null): { yen: bigint; quantity: bigint } {
  let yen = basis;
  let pieces = quantity ?? 0n;
  if (quantity !== null && quantity > 0n) {
    if (budget.quantityLeft !== null && quantity > budget.quantityLeft) {
      pieces = budget.quantityLeft;
      yen = (basis * pieces) / quantity;
    }
    if (budget.unitPriceCapYen !== null) yen = smaller(yen, budget.unitPriceCapYen * pieces);
  }
  if (budget.amountLeft !== null) {
    yen = smaller(yen, budget.amountLeft);
    budget.amountLeft -= yen;
  }
  if (budget.quantityLeft !== null) budget.quantityLeft -= pieces;
  return { yen, quantity: pieces };
}

const smaller = (a: bigint, b: bigint) => (a < b ? a : b);

/**
 * Credit notes take from the invoice lines of their category, the same vendor's last line first, so that what remains is a list of
 * real costs. A credit beyond everything billed in its category is not the insurer's and is left out.
 */
export function settleCredits(lines: readonly CostLine[]): CostLine[] {
  const costs = lines.filter((line) => line.grossYen >= 0n).map((line) => ({ ...line }));
  for (const credit of lines.filter((line) => line.grossYen < 0n)) {
    let open = -credit.grossYen;
    const candidates = costs.filter((cost) => cost.category === credit.category).reverse();
    candidates.sort((a, b) => Number(b.vendor === credit.vendor) - Number(a.vendor === credit.vendor));
    for (const cost of candidates) {
      const taken = smaller(open, cost.grossYen);
      if (taken === 0n) continue;
      const left = cost.grossYen - taken;
      Object.assign(cost, { taxYen: (cost.taxYen * left) / cost.grossYen, grossYen: left });
      open -= taken;
    }
  }
  return costs;
}
