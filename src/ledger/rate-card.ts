/**
 * Rate cards: prices as data, each with its source and its days of validity. Decides which rate prices a fact's line; a line
 * that no rate matches stays unpriced and is shown, never guessed.
 */
import { z } from 'zod';
import { costCategorySchema } from '../campaign/policy/policy-terms.ts';
import type { FactLine } from '../journal/fact.ts';
import type { Day } from '../kernel/calendar.ts';
import { hashJson } from '../kernel/canonical.ts';
import { type Price, parsePrice } from '../kernel/yen.ts';

const yen = z.int().nonnegative();
const price = z.string().regex(/^\d{1,9}(\.\d{1,4})?$/, 'want.price');
const day = z.iso.date();

const rateSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,59}$/, 'want.rateId'),
  label: z.string().min(1),
  /** What is counted: a driver of fact lines (letter.posted, gift.posted, call.answered …). */
  driver: z.string().regex(/^[a-z]+\.[a-z_]+$/, 'want.driver'),
  /** Attributes that a fact's line must have; {} matches every line of the driver. */
  match: z.record(z.string(), z.union([z.string(), z.number().int(), z.boolean()])).default({}),
  unitPrice: price,
  /** included: 10 % tax is inside the price (postage); excluded: it is added; none: 非課税・不課税 (cards). */
  tax: z.enum(['included', 'excluded', 'none']),
  taxPercent: z.int().min(0).max(30).default(10),
  category: costCategorySchema,
  vendor: z.string().min(1),
  unit: z.string().default(''),
  validFrom: day.optional(),
  validTo: day.optional(),
  source: z.string().min(1),
  checkedOn: day,
});

const estimateLineSchema = z
  .strictObject({
    /** What it is, in Japanese (the form in --json), and in English. */
    what: z.string().min(1),
    en: z.string().min(1),
    category: costCategorySchema,
    fixedYen: yen.optional(),
    lowYen: yen.optional(),
    highYen: yen.optional(),
    perPerson: price.optional(),
    note: z.string().optional(),
  })
  .refine(
    (line) =>
      [line.fixedYen, line.perPerson, line.lowYen].filter((given) => given !== undefined).length === 1 &&
      (line.lowYen === undefined) === (line.highYen === undefined) &&
      (line.lowYen ?? 0) <= (line.highYen ?? 0),
    'rates.fault.estimate',
  );

export const rateCardSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,59}$/, 'want.rateId'),
    title: z.string().min(1),
    source: z.string().min(1),
    validFrom: day,
    validTo: day.optional(),
    checkedOn: day,
    rates: z.array(rateSchema).default([]),
    estimate: z.array(estimateLineSchema).default([]),
  })
  .superRefine((card, context) => {
    const seen = new Set<string>();
    card.rates.forEach((rate, index) => {
      if (seen.has(rate.id))
        context.addIssue({
          code: 'custom',
          path: ['rates', index, 'id'],
          message: 'rates.fault.twice',
          params: { id: rate.id },
        });
      seen.add(rate.id);
    });
    if (card.rates.length + card.estimate.length === 0) {
      context.addIssue({
        code: 'custom',
        path: ['rates'],
        message: 'rates.fault.empty',
      });
    }
  });

export type RateCard = z.output<typeof rateCardSchema>;
export type Rate = RateCard['rates'][number];
export type EstimateRate = RateCard['estimate'][number];

/** SHA-256 of the card's content, so that a comment or a reordered key does not make a new version. */
export function hashRateCard(card: RateCard): string {
  return hashJson(card);
}

export function unitPriceOf(rate: Pick<Rate, 'unitPrice'>): Price {
  return parsePrice(rate.unitPrice);
}

/**
 * The rate for a line on a day: the driver's rate whose `match` holds and which is valid, the one with most attributes first,
 * then the later `validFrom`, then the earlier in the card. Null when none prices it.
 */
export function findRate(card: RateCard, line: Pick<FactLine, 'driver' | 'attributes'>, on: Day): Rate | null {
  const fits = card.rates.filter(
    (rate) =>
      rate.driver === line.driver &&
      (rate.validFrom ?? card.validFrom) <= on &&
      on <= (rate.validTo ?? card.validTo ?? '9999-12-31') &&
      Object.entries(rate.match).every(([name, value]) => line.attributes[name] === value),
  );
  fits.sort(
    (a, b) =>
      Object.keys(b.match).length - Object.keys(a.match).length ||
      (b.validFrom ?? card.validFrom).localeCompare(a.validFrom ?? card.validFrom),
  );
  return fits[0] ?? null;
}
