/**
 * Statement lines: everything charged under one rate and category, rounded once. Says which entries are still to be posted so
 * that accruals equal the rounded sum of charges, and reversals the part of it that invoices have settled.
 */

import type { EntryDraft } from '../journal/entry.ts';
import { type Day, toDay } from '../kernel/calendar.ts';
import type { CostCategory } from '../kernel/cost-category.ts';
import { multiply, type Price } from '../kernel/yen.ts';
import { formatPrice, type Money, nothing, plus, postingDifference } from './charge.ts';
import { type Rate, type RateCard, unitPriceOf } from './rate-card.ts';

export type RateVersion = {
  readonly id: string;
  readonly number: number;
  readonly sha256: string;
  readonly card: RateCard;
  readonly adoptedAt: Date;
};

/** Sums of charges (reversed ones taken off) under one rate of one version. */
export type ChargeSum = {
  readonly rateVersionId: string;
  readonly rateId: string;
  readonly quantity: bigint;
  readonly exact: Price;
};

/** Accruals with their adjustments, and what invoices replaced of them. */
export const statementSides = ['accrual', 'reversal'] as const;

/** What entries say already, by statement line and side. */
export type PostedSum = {
  readonly rateId: string;
  readonly category: CostCategory;
  readonly side: (typeof statementSides)[number];
  readonly quantity: bigint;
  readonly exact: Price;
  readonly money: Money;
};

/** What lines of invoices ask to settle of a rate; null quantity = all of it. */
export type Settlement = { readonly rateId: string; readonly quantity: bigint | null };

export type StatementState = {
  readonly versions: readonly RateVersion[];
  readonly charges: readonly ChargeSum[];
  readonly posted: readonly PostedSum[];
  readonly settlements: readonly Settlement[];
};

/** Where the entries come from: a sealed block, or a line of an invoice. */
export type PostingOrigin = {
  readonly kind: 'accrual' | 'adjustment';
  readonly block: number | null;
  readonly invoiceId: string | null;
  readonly invoiceLineNo: number | null;
  readonly at: Date;
};

type StatementLine = {
  readonly rate: Rate;
  readonly version: RateVersion;
  quantity: bigint;
  exact: Price;
};

/** The entries that bring the ledger to the state of charges and settlements; none when it is there already. */
export function draftPostings(state: StatementState, origin: PostingOrigin): EntryDraft[] {
  const lines = collectLines(state);
  const drafts: EntryDraft[] = [];
  for (const line of lines.values()) {
    const accrued = postedOn(state, line.rate, 'accrual');
    drafts.push(...draft(line, origin.kind, origin, accrued, { quantity: line.quantity, exact: line.exact }));
    const settled = settledPart(state.settlements, line);
    const reversed = postedOn(state, line.rate, 'reversal');
    drafts.push(...draft(line, 'reversal', origin, reversed, { quantity: -settled.quantity, exact: -settled.exact }));
  }
  return drafts;
}

const keyOf = (rateId: string, category: CostCategory) => `${rateId}|${category}`;

/** One line per rate and category ever charged or posted; its terms are those of the newest version that has the rate. */
function collectLines({ versions, charges, posted }: StatementState): Map<string, StatementLine> {
  const lines = new Map<string, StatementLine>();
  const newestFirst = [...versions].sort((a, b) => b.number - a.number);
  const open = (rateId: string, category: CostCategory) => {
    const key = keyOf(rateId, category);
    const known = lines.get(key);
    if (known) return known;
    for (const version of newestFirst) {
      const rate = version.card.rates.find((item) => item.id === rateId && item.category === category);
      if (!rate) continue;
      const line = { rate, version, quantity: 0n, exact: 0n };
      lines.set(key, line);
      return line;
    }
    throw new RangeError(`no rate version prices ${rateId} as ${category}`);
  };
  for (const charge of charges) {
    const version = versions.find((item) => item.id === charge.rateVersionId);
    const rate = version?.card.rates.find((item) => item.id === charge.rateId);
    if (!rate) throw new RangeError(`a charge names the unknown rate ${charge.rateId}`);
    const line = open(rate.id, rate.category);
    line.quantity += charge.quantity;
    line.exact += charge.exact;
  }
  for (const sum of posted) open(sum.rateId, sum.category);
  return new Map([...lines].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function postedOn({ posted }: StatementState, rate: Rate, side: PostedSum['side']) {
  const sums = posted.filter(
    (item) => item.rateId === rate.id && item.category === rate.category && item.side === side,
  );
  return {
    quantity: sums.reduce((total, item) => total + item.quantity, 0n),
    exact: sums.reduce((total, item) => total + item.exact, 0n),
    money: sums.reduce((total, item) => plus(total, item.money), nothing),
  };
}

/** How much of a line invoices have settled: never more than was accrued, and exactly all of it when the quantities meet. */
function settledPart(settlements: readonly Settlement[], line: StatementLine): { quantity: bigint; exact: Price } {
  const asked = settlements.filter((item) => item.rateId === line.rate.id);
  if (asked.length === 0) return { quantity: 0n, exact: 0n };
  const takesAll = asked.some((item) => item.quantity === null);
  const wanted = asked.reduce((total, item) => total + (item.quantity ?? 0n), 0n);
  if (takesAll || wanted >= line.quantity) return { quantity: line.quantity, exact: line.exact };
  return { quantity: wanted, exact: multiply(unitPriceOf(line.rate), wanted) };
}

function draft(
  line: StatementLine,
  kind: EntryDraft['kind'],
  origin: PostingOrigin,
  posted: { quantity: bigint; exact: Price; money: Money },
  target: { quantity: bigint; exact: Price },
): EntryDraft[] {
  const difference = postingDifference(line.rate, target.exact, posted.money);
  const quantity = target.quantity - posted.quantity;
  const exactAmount = target.exact - posted.exact;
  const isNothing = quantity === 0n && exactAmount === 0n && difference.gross === 0n && difference.tax === 0n;
  if (isNothing) return [];
  const serviceDate: Day = toDay(origin.at);
  return [
    {
      kind,
      category: line.rate.category,
      vendor: line.rate.vendor,
      description: line.rate.label,
      driver: line.rate.driver,
      rateVersionId: line.version.id,
      rateId: line.rate.id,
      block: origin.block,
      invoiceId: origin.invoiceId,
      invoiceLineNo: origin.invoiceLineNo,
      factId: null,
      serviceDate,
      quantity,
      unitPrice: formatPrice(unitPriceOf(line.rate)),
      exactAmount,
      netYen: difference.net,
      taxYen: difference.tax,
      grossYen: difference.gross,
    },
  ];
}

/** Accruals that no invoice has replaced yet: the forecast part of the ledger. */
export function openAccrual(posted: readonly PostedSum[]): Money {
  return posted.reduce((total, item) => plus(total, item.money), nothing);
}
