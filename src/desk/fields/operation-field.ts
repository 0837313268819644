/** Fields that several operations take or answer, each written once. */
import { z } from 'zod';

/** The name of the person who acts: it goes to the audit log, and into the campaign's table of people who act. */
export const actingName = z.string().trim().min(1);

/** Whether a list opens the names behind it; whoever looks is on record then. */
export const withNames = z.boolean().default(false);

/** Name by reference, of the first fifty; absent when nobody asked. */
export const namesByRef = z.record(z.string(), z.string()).optional();

/** An instant as every answer gives it: ISO 8601, UTC. */
export const isoInstant = z.preprocess(
  (value) => (value instanceof Date ? value.toISOString() : value),
  z.iso.datetime(),
) as z.ZodType<string, Date | string>;

export const count = z.number().int();

/** A whole number from `from` to `to`, also as it was typed. */
export const numberWithin = (from: number, to: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value),
    z.number().int().min(from).max(to),
  ) as z.ZodType<number, number | string>;
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** One mistake in a file that a person wrote. */
export const problemFields = z.strictObject({
  file: z.string(),
  line: count,
  path: z.string(),
  message: z.string(),
});

/** Whole, not negative; a door may hand it over as digits. */
export const wholeNumber = z.coerce.number().int().min(0).max(1_000_000_000_000);

/** Digits as a person types them, separators allowed: `5,000`. */
export function typedNumber(from: number, to: number): z.ZodType<number, number | string> {
  const digits = (value: unknown) =>
    typeof value === 'string' && /^\d[\d,_]*$/.test(value) ? Number(value.replace(/[,_]/g, '')) : value;
  return z.preprocess(digits, z.int().min(from).max(to)) as z.ZodType<number, number | string>;
}

/** An exact decimal number: yen with their parts. */
export const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);

export const bilingual = z.strictObject({ ja: z.string(), en: z.string() });

/** A word of a closed set, in any spelling that people use; what comes out is our own code. */
export function wordOf<T extends string>(codes: Readonly<Record<string, T>>) {
  return z.enum(Object.keys(codes) as [string, ...string[]]).transform((word) => codes[word] as T);
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the fields that were not given: a room that knows "absent" need not know "undefined". */
export function definedOnly<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}

/** What happened and no rate prices, in both languages. */
export const unpricedFields = z.array(
  z.strictObject({
    driver: z.string(),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    count,
    what: z.string(),
    en: z.string(),
  }),
);
