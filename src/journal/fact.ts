/**
 * A fact: what one commit did, without naming anyone. Its hash covers everything it says, so the chain of blocks proves the
 * whole journal to whoever holds a later head (README: what the chain proves and what it does not).
 */
import { canonicalJson, hashJson, type Json, sha256Hex } from '../kernel/canonical.ts';
import type { StoredLine } from './fact-line.ts';
import type { FactKind } from './facts/fact-kind.ts';

/** An event row in the form that is hashed: reference, kind, attempt or cycle, instant (ISO 8601 UTC), code. */
export type EventRow = readonly [ref: string, kind: string, cycle: number, at: string, code: string];

export type Fact = {
  readonly id: number;
  readonly campaignId: string;
  readonly kind: FactKind;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  readonly actorId: string | null;
  readonly lines: readonly StoredLine[];
  /** Persons who are covered by a fact of this kind for the first time. */
  readonly personsFirst: number;
  readonly eventCount: number;
  readonly eventsSha256: string;
  readonly body: Json;
  readonly reverses: number | null;
};

/** SHA-256 over the event rows in canonical form, sorted, so that the order of insertion does not matter. */
export function hashEvents(events: readonly EventRow[]): string {
  const lines = events.map((event) => canonicalJson(event)).sort();
  return sha256Hex(lines.join('\n'));
}

/** SHA-256 over the whole fact. Works on what a bundle exports (dates as ISO strings) as well as on rows. */
export function hashFact(fact: Fact): string {
  return hashJson({ ...fact, occurredAt: fact.occurredAt.toISOString(), recordedAt: fact.recordedAt.toISOString() });
}
