/**
 * The lines of facts: what happened how often. They are written by the closed table of drivers only, and read back as they were
 * stored, because a fact's hash covers its bytes; what an older line lacks is filled in on reading.
 */
import { z } from 'zod';
import { canonicalJson } from '../kernel/canonical.ts';
import { type Attributes, attributesOf, type Driver, driverSchema } from './driver.ts';

/** What happened how often, for the rate card: `count` may be negative when a fact takes back. */
export type FactLine = {
  [D in Driver]: { readonly driver: D; readonly attributes: Attributes<D>; readonly count: number };
}[Driver];

/** A line as an earlier version may have stored it. */
export const storedLineSchema = z.object({
  driver: z.string(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  count: z.int(),
});
export type StoredLine = {
  readonly driver: string;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly count: number;
};

/** Until cards told persons and corporations apart, all of them were counted as persons'. */
const filledIn: Partial<Record<Driver, StoredLine['attributes']>> = {
  'gift.posted': { recipient: 'person' },
  'gift.spoiled': { recipient: 'person' },
  'gift.returned': { recipient: 'person' },
};

type Uncounted = Pick<StoredLine, 'driver' | 'attributes'>;

/** Refuses a line that the table of drivers does not know: a fault of the program, found before it is on record for ever. */
export function assertLine(line: Uncounted): void {
  if (readAttributes(line, {}) === null)
    throw new TypeError(`no driver has this line: ${canonicalJson([line.driver, line.attributes])}`);
}

/** The line with every attribute of its driver, or null when its driver or attributes are none of today's. */
export function readLine(line: StoredLine): FactLine | null {
  const attributes = readAttributes(line);
  return attributes === null ? null : ({ ...line, attributes } as FactLine);
}

/** The attributes of a line, what an older one lacks filled in; null when they are none of its driver's. */
export function readAttributes(line: Uncounted, missing = filledIn): StoredLine['attributes'] | null {
  const driver = driverSchema.safeParse(line.driver);
  if (!driver.success) return null;
  const attributes = { ...missing[driver.data], ...line.attributes };
  return z.strictObject(attributesOf(driver.data)).safeParse(attributes).data ?? null;
}

/** Equal drivers and attributes become one line; lines of zero vanish; sorted, so that equal facts have equal bytes. */
export function mergeLines(lines: readonly FactLine[]): FactLine[] {
  const merged = new Map<string, FactLine>();
  for (const line of lines) {
    const key = canonicalJson([line.driver, line.attributes]);
    const before = merged.get(key);
    merged.set(key, before ? { ...before, count: before.count + line.count } : line);
  }
  return [...merged.entries()]
    .filter(([, line]) => line.count !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, line]) => line);
}
