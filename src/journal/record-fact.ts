/**
 * Writes facts. `recordEvents` lets the room insert its event rows and then writes the one fact that covers exactly those
 * which were new: a vendor's file loaded twice, or a cumulative one, therefore yields only what is new (mechanism 1).
 */
import type { Tx } from '../platform/postgres/db.ts';
import { type EventRow, hashEvents } from './fact.ts';
import { assertLine, type FactLine, mergeLines } from './fact-line.ts';
import { type FactBody, type FactKind, writeFactBody } from './facts/fact-kind.ts';
import { insertFact, reserveFactId } from './store.ts';

type FactHead<K extends FactKind> = {
  readonly campaignId: string;
  readonly kind: K;
  readonly occurredAt: Date;
  readonly actorId?: string | null;
  /** The fact that this one corrects because it was a mistake; never for a later event such as a return. */
  readonly reverses?: number | null;
};

export type EventsDescription<K extends FactKind> = {
  readonly events: readonly EventRow[];
  readonly lines: readonly FactLine[];
  readonly personsFirst?: number;
  readonly body: FactBody<K>;
};

/**
 * Inserts events and their fact in the caller's transaction. `insert` gets the fact's id for the rows' `fact_id` and returns
 * the rows that were really inserted (`on conflict do nothing returning`). Returns null, and writes no fact, when none was.
 */
export async function recordEvents<R, K extends FactKind>(
  tx: Tx,
  input: FactHead<K> & {
    readonly insert: (factId: string) => Promise<readonly R[]>;
    readonly describe: (rows: readonly R[]) => EventsDescription<K>;
  },
): Promise<{ factId: string; rows: readonly R[] } | null> {
  const factId = await reserveFactId(tx);
  const inserted = await input.insert(factId);
  if (inserted.length === 0) return null;
  await coverEvents(tx, factId, { ...input, rows: inserted });
  return { factId, rows: inserted };
}

/**
 * The fact of rows that are already inserted: for hot paths whose statement takes the fact's id itself (`nextval`) instead of
 * asking for it first. `rows` are all the rows with that `fact_id`, at least one.
 */
export async function coverEvents<R, K extends FactKind>(
  tx: Tx,
  factId: string,
  input: FactHead<K> & {
    readonly rows: readonly R[];
    readonly describe: (rows: readonly R[]) => EventsDescription<K>;
  },
): Promise<void> {
  const { events, lines, personsFirst = 0, body } = input.describe(input.rows);
  if (events.length !== input.rows.length) throw new TypeError('a fact must cover every event row of its commit');
  await insertFact(tx, factId, {
    campaignId: input.campaignId,
    kind: input.kind,
    occurredAt: input.occurredAt,
    actorId: input.actorId ?? null,
    lines: checkedLines(lines),
    personsFirst,
    eventCount: events.length,
    eventsSha256: hashEvents(events),
    body: writeFactBody(input.kind, body),
    reverses: input.reverses ?? null,
  });
}

/** Writes a fact without event rows: an approval, a consent, an invoice, a publication. Returns its id. */
export async function recordFact<K extends FactKind>(
  tx: Tx,
  input: FactHead<K> & {
    readonly lines?: readonly FactLine[];
    readonly personsFirst?: number;
    readonly body: FactBody<K>;
  },
): Promise<string> {
  const factId = await reserveFactId(tx);
  await insertFact(tx, factId, {
    campaignId: input.campaignId,
    kind: input.kind,
    occurredAt: input.occurredAt,
    actorId: input.actorId ?? null,
    lines: checkedLines(input.lines ?? []),
    personsFirst: input.personsFirst ?? 0,
    eventCount: 0,
    eventsSha256: hashEvents([]),
    body: writeFactBody(input.kind, input.body),
    reverses: input.reverses ?? null,
  });
  return factId;
}

function checkedLines(lines: readonly FactLine[]): FactLine[] {
  const merged = mergeLines(lines);
  for (const line of merged) assertLine(line);
  return merged;
}
