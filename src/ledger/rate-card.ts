/**
 * Rate cards: prices as data, each with its source and its days of validity. Decides which rate prices a fact's line; a line
 * that no rate matches stays unpriced and is shown, never guessed.
 */
import { z } from 'zod';
import { costCategorySchema } from '../campaign/policy/policy-terms.ts';
import { attributesOf, driverSchema } from '../journal/driver.ts';
import { readAttributes, type StoredLine } from '../journal/fact-line.ts';
import type { Day } from '../kernel/calendar.ts';
import { hashJson } from '../kernel/canonical.ts';
import { nearestWord } from '../kernel/nearest-word.ts';
import { type Upgrade, upgradeStored } from '../kernel/stored-format.ts';
import { type Price, parsePrice } from '../kernel/yen.ts';

const yen = z.int().nonnegative();
const price = z.string().regex(/^\d{1,9}(\.\d{1,4})?$/, 'want.price');
const day = z.iso.date();

const storedRateSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,59}$/, 'want.rateId'),
  label: z.string().min(1),
  /** What is counted. */
  driver: z.string(),
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

/** As a card is written today: every driver, attribute and value in it is one that facts really have. */
const rateSchema = storedRateSchema.extend({ driver: driverSchema }).superRefine((rate, context) => {
  const attributes = attributesOf(rate.driver);
  for (const [name, value] of Object.entries(rate.match)) {
    const path = ['match', name];
    const schema = attributes[name];
    if (schema === undefined) {
      context.addIssue({ code: 'custom', path, ...unknownAttribute(name, Object.keys(attributes)) });
      continue;
    }
    for (const issue of schema.safeParse(value).error?.issues ?? [])
      context.addIssue({ ...issue, path } as Parameters<typeof context.addIssue>[0]);
  }
});

function unknownAttribute(key: string, known: readonly string[]) {
  const near = nearestWord(key, known);
  if (near !== null) return { message: 'yaml.unknownKeyNear', params: { key, near } };
  if (known.length === 0) return { message: 'yaml.unknownKey', params: { key } };
  return { message: 'yaml.unknownKeyList', params: { key, known: known.join(', ') } };
}

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

const cardFields = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,59}$/, 'want.rateId'),
  title: z.string().min(1),
  source: z.string().min(1),
  validFrom: day,
  validTo: day.optional(),
  checkedOn: day,
  estimate: z.array(estimateLineSchema).default([]),
};

export const rateCardSchema = z
  .strictObject({
    ...cardFields,
    rates: z.array(rateSchema).default([]),
    /** Drivers that cost nothing under these contracts; what is neither priced nor named here is shown as unpriced. */
    free: z.array(driverSchema).optional(),
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

/** A card that was approved before drivers were a closed table may name one that never was: it prices nothing, and still reads. */
export const storedRateCardSchema = z.strictObject({
  ...cardFields,
  rates: z.array(storedRateSchema).default([]),
  free: z.array(z.string()).optional(),
});

export type RateCard = z.output<typeof storedRateCardSchema>;

const upgrades: readonly Upgrade[] = [];

/** Reads an adopted card of any format. Throws FORMAT_NEWER. */
export function readRateVersion(stored: unknown): RateCard {
  return storedRateCardSchema.parse(upgradeStored({ word: 'stored.rate-version' }, stored, upgrades));
}
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
export function findRate(card: RateCard, line: Pick<StoredLine, 'driver' | 'attributes'>, on: Day): Rate | null {
  const attributes = readAttributes(line) ?? line.attributes;
  const fits = card.rates.filter(
    (rate) =>
      rate.driver === line.driver &&
      (rate.validFrom ?? card.validFrom) <= on &&
      on <= (rate.validTo ?? card.validTo ?? '9999-12-31') &&
      Object.entries(rate.match).every(([name, value]) => attributes[name] === value),
  );
  fits.sort(
    (a, b) =>
      Object.keys(b.match).length - Object.keys(a.match).length ||
      (b.validFrom ?? card.validFrom).localeCompare(a.validFrom ?? card.validFrom),
  );
  return fits[0] ?? null;
}

/** Whether the card says that this driver costs nothing. */
export function isFree(card: RateCard, driver: string): boolean {
  return card.free?.includes(driver) ?? false;
}
