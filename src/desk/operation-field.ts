/** Fields that several operations take or answer, each written once. */
import { z } from 'zod';

/** The name of the person who acts: it goes to the audit log, and into the campaign's table of people who act. */
export const actingName = z.string().trim().min(1);

/** An instant as every answer gives it: ISO 8601, UTC. */
export const isoInstant = z.preprocess(
  (value) => (value instanceof Date ? value.toISOString() : value),
  z.iso.datetime(),
) as z.ZodType<string, Date | string>;

export const count = z.number().int();
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** One mistake in a file that a person wrote. */
export const problemFields = z.strictObject({
  file: z.string(),
  line: count,
  path: z.string(),
  message: z.string(),
});
