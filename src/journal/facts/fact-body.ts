/**
 * The form of a fact's body: a strict schema, and how a body of an older number becomes one of the newest. Bodies are written once
 * and hashed; a kind that needs another form gets an upgrade from the number before and a golden line in test/fixtures/formats.
 */
import { z } from 'zod';
import type { Upgrade } from '../../kernel/stored-format.ts';

export type BodyFormat = { readonly schema: z.ZodType; readonly upgrades: readonly Upgrade[] };

/** A kind whose body has had one form only. */
export function firstForm<S extends z.ZodRawShape>(shape: S) {
  return { schema: z.strictObject(shape), upgrades: [] as readonly Upgrade[] };
}

/** A body that counts by code: no names but those of a closed set of some room. */
export function countsByCode() {
  return { schema: z.record(code, count), upgrades: [] as readonly Upgrade[] };
}

export const ref = z.guid();
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A word of a closed set of the room that writes it. */
export const code = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,59}$/);
/** An id that the campaign's own files give: of a wave, a gift, the campaign. */
export const slug = z.string().min(1).max(80);
export const count = z.int().min(0);
/** Yen of an invoice; a credit note is negative. */
export const yen = z.int();
