/**
 * Charges: fact lines × rates, kept exactly. Rounding happens once per statement line over everything charged so far, so any
 * batching of the same events, and any kill, gives the same yen (promise 6).
 */
import type { StoredLine } from '../journal/fact-line.ts';
import { type Day, toDay } from '../kernel/calendar.ts';
import { multiply, PRICE_SCALE, type Price, roundYen } from '../kernel/yen.ts';
import { findRate, isFree, type Rate, type RateCard, unitPriceOf } from './rate-card.ts';

/** One line of one fact under one rate. `exact` is quantity × unit price in 1/10,000 yen, before any tax is added. */
export type Charge = {
  readonly factId: number;
  readonly lineNo: number;
  readonly rateId: string;
  readonly quantity: bigint;
  readonly exact: Price;
};

/** Net, tax and gross in whole yen; gross = net + tax. */
export type Money = { readonly net: bigint; readonly tax: bigint; readonly gross: bigint };

export const nothing: Money = { net: 0n, tax: 0n, gross: 0n };

export const plus = (a: Money, b: Money): Money => ({
  net: a.net + b.net,
  tax: a.tax + b.tax,
  gross: a.gross + b.gross,
});
export const minus = (a: Money, b: Money): Money => ({
  net: a.net - b.net,
  tax: a.tax - b.tax,
  gross: a.gross - b.gross,
});

type ChargeableFact = { readonly id: number; readonly occurredAt: Date; readonly lines: readonly StoredLine[] };

/** Prices every line of a fact. `unpriced` are the lines for which the card has no rate on that day and which it does not call free. */
export function chargeFact(card: RateCard, fact: ChargeableFact): { charges: Charge[]; unpriced: StoredLine[] } {
  const charges: Charge[] = [];
  const unpriced: StoredLine[] = [];
  const on: Day = toDay(fact.occurredAt);
  fact.lines.forEach((line, lineNo) => {
    const rate = findRate(card, line, on);
    if (rate === null) {
      if (!isFree(card, line.driver)) unpriced.push(line);
      return;
    }
    const quantity = BigInt(line.count);
    charges.push({ factId: fact.id, lineNo, rateId: rate.id, quantity, exact: multiply(unitPriceOf(rate), quantity) });
  });
  return { charges, unpriced };
}

/**
 * The yen of a statement line whose exact sum is `exact`: one rounding to the yen, and tax cut to the yen once (切捨て), inside
 * the price or on top of it. Odd in `exact`, so that a reversal mirrors its original.
 */
export function roundStatement(rate: Pick<Rate, 'tax' | 'taxPercent'>, exact: Price): Money {
  if (exact < 0n) {
    const mirrored = roundStatement(rate, -exact);
    return { net: -mirrored.net, tax: -mirrored.tax, gross: -mirrored.gross };
  }
  const rounded = roundYen(exact);
  const percent = BigInt(rate.taxPercent);
  switch (rate.tax) {
    case 'none':
      return { net: rounded, tax: 0n, gross: rounded };
    case 'included': {
      const tax = (rounded * percent) / (100n + percent);
      return { net: rounded - tax, tax, gross: rounded };
    }
    case 'excluded': {
      const tax = (rounded * percent) / 100n;
      return { net: rounded, tax, gross: rounded + tax };
    }
  }
}

/** What lines would cost by themselves, in whole yen with tax, and how many the card has no rate for. For showing: statements round their sums. */
export function quoteLines(
  card: RateCard,
  lines: readonly StoredLine[],
  occurredAt: Date,
): { grossYen: number; unpriced: number } {
  const { charges, unpriced } = chargeFact(card, { id: 0, occurredAt, lines });
  const rates = new Map(card.rates.map((rate) => [rate.id, rate]));
  const gross = charges.reduce((sum, charge) => {
    const rate = rates.get(charge.rateId);
    return rate ? sum + roundStatement(rate, charge.exact).gross : sum;
  }, 0n);
  return { grossYen: Number(gross), unpriced: unpriced.length };
}

/** What is still to be posted on a statement line: round(everything charged) − what is already posted. */
export function postingDifference(
  rate: Pick<Rate, 'tax' | 'taxPercent'>,
  cumulativeExact: Price,
  posted: Money,
): Money {
  return minus(roundStatement(rate, cumulativeExact), posted);
}

/** A scaled amount as text without loss: 1067000n → "106.7". */
export function formatPrice(price: Price): string {
  const whole = price / PRICE_SCALE;
  const rest = (price < 0n ? -price : price) % PRICE_SCALE;
  const sign = price < 0n && whole === 0n ? '-' : '';
  return rest === 0n ? `${sign}${whole}` : `${sign}${whole}.${String(rest).padStart(4, '0').replace(/0+$/, '')}`;
}
