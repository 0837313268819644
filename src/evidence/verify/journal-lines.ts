/**
 * The journal as lines of JSON: how blocks and facts stand in a bundle. Written so that anyone can hash them again with a
 * JSON library and SHA-256; `verify` does (promise 7).
 */

import { z } from 'zod';
import type { Block } from '../../journal/chain.ts';
import type { Fact } from '../../journal/fact.ts';
import { type FactBody, type FactKind, readFactBody } from '../../journal/facts/fact-kind.ts';
import { canonicalJson } from '../../kernel/canonical.ts';

export type SealedFact = {
  readonly block: number;
  readonly ordinal: number;
  readonly hash: string;
  readonly fact: Fact;
};

export function formatBlockLine(block: Block): string {
  return `${canonicalJson(block)}\n`;
}

export function formatFactLine(sealed: SealedFact): string {
  return `${canonicalJson(sealed)}\n`;
}

const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const blockLine = z.strictObject({
  campaignId: z.string(),
  number: z.int().min(1),
  previousHash: hash,
  hash,
  factCount: z.int().min(1),
  sealedAt: z.iso.datetime(),
});
export type BlockLine = z.output<typeof blockLine>;

export const factLine = z.strictObject({
  block: z.int().min(1),
  ordinal: z.int().min(0),
  hash,
  fact: z.looseObject({
    id: z.int(),
    campaignId: z.string(),
    kind: z.string(),
    occurredAt: z.iso.datetime(),
    recordedAt: z.iso.datetime(),
    lines: z.array(z.object({ driver: z.string(), attributes: z.record(z.string(), z.unknown()), count: z.int() })),
    actorId: z.string().nullish(),
    eventCount: z.int(),
    personsFirst: z.int(),
    body: z.unknown(),
  }),
});
export type SealedFactLine = z.output<typeof factLine>;

/** Totals per driver and attributes; the key is canonical JSON of both. */
export type DriverTotals = Map<string, number>;

export function driverKey(driver: string, attributes: unknown): string {
  return canonicalJson([driver, attributes]);
}

export type SnapshotBody = FactBody<'evidence.snapshot_taken'>;

/** The body of a fact in its kind's newest form; null when it is none of that kind. */
export function readBody<K extends FactKind>(kind: K, stored: unknown): FactBody<K> | null {
  try {
    return readFactBody(kind, stored);
  } catch {
    return null;
  }
}
