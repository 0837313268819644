/** Holds the tables of lots and approvals against the facts: each row is one that the chain knows, and none is left out. */
import { canonicalJson } from '../../kernel/canonical.ts';
import type { Report } from './bundle-problem.ts';
import { parseTable } from './table.ts';
import type { CoveredFact } from './verify-journal.ts';

export const LOTS_FILE = 'data/lots.csv';
export const APPROVALS_FILE = 'data/approvals.csv';

/** Events of pieces, by the column that counts them. */
const pieceFacts = {
  posted: 'letters.posted',
  spoiled: 'letters.spoiled',
  withdrawn: 'letters.withdrawn',
  returned: 'letters.returned',
} as const;

/** The facts that the tables repeat. */
export const decisionKinds: ReadonlySet<string> = new Set([
  'plan.approved',
  'lot.formed',
  'lot.prepared',
  ...Object.values(pieceFacts),
]);

/** The tables' texts; null where the audience does not get one. */
export function checkDecisions(
  { lots, approvals }: { lots: string | null; approvals: string | null },
  facts: readonly CoveredFact[],
  report: Report,
): void {
  const of = (kind: string) => facts.filter((fact) => fact.kind === kind);
  if (approvals !== null) checkApprovals(readRecords(approvals), of('plan.approved'), report);
  if (lots !== null) checkLots(readRecords(lots), of, report);
}

type TableRecord = Readonly<Record<string, string>>;

function readRecords(text: string): TableRecord[] {
  const [header = [], ...records] = parseTable(text);
  return records.map((record) => Object.fromEntries(header.map((key, at) => [key, record[at] ?? ''])));
}

/** A field of a fact's body as a table writes it; '' for none. */
function field(fact: CoveredFact | undefined, key: string): string {
  const value = (fact?.body as Readonly<Record<string, unknown>> | undefined)?.[key];
  return value === undefined || value === null ? '' : String(value);
}

function checkApprovals(records: readonly TableRecord[], facts: readonly CoveredFact[], report: Report): void {
  const stated = records.map((row) => [row.approved_at, row.actor, row.proof, row.plan_sha256, row.journal_head]);
  const known = facts.map((fact) => [
    fact.occurredAt,
    String(fact.actorId ?? ''),
    field(fact, 'proof'),
    field(fact, 'planSha256'),
    field(fact, 'journalHead'),
  ]);
  const ordered = (rows: readonly unknown[]) => rows.map((row) => canonicalJson(row)).sort();
  if (canonicalJson(ordered(stated)) !== canonicalJson(ordered(known)))
    report('DECISIONS_DIFFER', APPROVALS_FILE, `${stated.length} approvals are not the ${known.length} of the journal`);
}

function checkLots(
  records: readonly TableRecord[],
  of: (kind: string) => readonly CoveredFact[],
  report: Report,
): void {
  const formed = new Map(of('lot.formed').map((fact) => [field(fact, 'number'), fact]));
  const prepared = new Map(of('lot.prepared').map((fact) => [field(fact, 'number'), fact]));
  if (records.length !== formed.size)
    report('DECISIONS_DIFFER', LOTS_FILE, `${records.length} lots, the journal has ${formed.size}`);
  for (const row of records) {
    const lot = row.lot ?? '';
    const facts = [field(formed.get(lot), 'waveId'), field(formed.get(lot), 'pieces')];
    const hashes = [field(prepared.get(lot), 'lettersSha256'), field(prepared.get(lot), 'manifestSha256')];
    const stated = [row.wave, row.manifest, row.letters_sha256, row.manifest_sha256];
    if (stated.join() !== [...facts, ...hashes].join())
      report('DECISIONS_DIFFER', LOTS_FILE, `lot ${lot} is not what the journal has of it`);
  }
  for (const [column, kind] of Object.entries(pieceFacts)) {
    const counted = records.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
    const events = of(kind).reduce((sum, fact) => sum + Number(fact.eventCount), 0);
    if (counted !== events)
      report('DECISIONS_DIFFER', LOTS_FILE, `${column}: ${counted}, the facts add up to ${events}`);
  }
}
