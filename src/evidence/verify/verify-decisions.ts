/** Holds the tables of lots and approvals against the facts: each row is one that the chain knows, and none is left out. */

import type { FactBody, FactKind } from '../../journal/facts/fact-kind.ts';
import { canonicalJson } from '../../kernel/canonical.ts';
import type { Report } from './bundle-problem.ts';
import { readBody } from './journal-lines.ts';
import { parseTable } from './table.ts';
import { type CoveredFact, FACTS_FILE } from './verify-journal.ts';

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
  const of = <K extends FactKind>(kind: K): Decision<K>[] =>
    facts
      .filter((fact) => fact.kind === kind)
      .flatMap((fact) => {
        const body = readBody(kind, fact.body);
        if (body === null)
          report('JOURNAL_INVALID', FACTS_FILE, { word: 'evidence.detail.fact', params: { fact: fact.id } });
        return body === null ? [] : [{ fact, body }];
      });
  if (approvals !== null) checkApprovals(readRecords(approvals), of('plan.approved'), report);
  if (lots !== null) checkLots(readRecords(lots), of, report);
}

type Decision<K extends FactKind> = { readonly fact: CoveredFact; readonly body: FactBody<K> };

type TableRecord = Readonly<Record<string, string>>;

function readRecords(text: string): TableRecord[] {
  const [header = [], ...records] = parseTable(text);
  return records.map((record) => Object.fromEntries(header.map((key, at) => [key, record[at] ?? ''])));
}

function checkApprovals(
  records: readonly TableRecord[],
  facts: readonly Decision<'plan.approved'>[],
  report: Report,
): void {
  const stated = records.map((row) => [row.approved_at, row.actor, row.proof, row.plan_sha256, row.journal_head]);
  const known = facts.map(({ fact, body }) => [
    fact.occurredAt,
    String(fact.actorId ?? ''),
    body.proof,
    body.planSha256,
    body.journalHead ?? '',
  ]);
  const ordered = (rows: readonly unknown[]) => rows.map((row) => canonicalJson(row)).sort();
  if (canonicalJson(ordered(stated)) !== canonicalJson(ordered(known)))
    report('DECISIONS_DIFFER', APPROVALS_FILE, {
      word: 'evidence.detail.approvals',
      params: { stated: stated.length, known: known.length },
    });
}

function checkLots(
  records: readonly TableRecord[],
  of: <K extends FactKind>(kind: K) => readonly Decision<K>[],
  report: Report,
): void {
  const formed = new Map(of('lot.formed').map(({ body }) => [String(body.number), body]));
  const prepared = new Map(of('lot.prepared').map(({ body }) => [String(body.number), body]));
  if (records.length !== formed.size)
    report('DECISIONS_DIFFER', LOTS_FILE, {
      word: 'evidence.detail.lots',
      params: { stated: records.length, known: formed.size },
    });
  for (const row of records) {
    const lot = row.lot ?? '';
    const facts = [formed.get(lot)?.waveId ?? '', formed.get(lot)?.pieces ?? ''];
    const hashes = [prepared.get(lot)?.lettersSha256 ?? '', prepared.get(lot)?.manifestSha256 ?? ''];
    const stated = [row.wave, row.manifest, row.letters_sha256, row.manifest_sha256];
    if (stated.join() !== [...facts, ...hashes].join())
      report('DECISIONS_DIFFER', LOTS_FILE, { word: 'evidence.detail.lot', params: { lot } });
  }
  for (const [column, kind] of Object.entries(pieceFacts)) {
    const counted = records.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
    const events = of(kind).reduce((sum, { fact }) => sum + fact.eventCount, 0);
    if (counted !== events)
      report('DECISIONS_DIFFER', LOTS_FILE, {
        word: 'evidence.detail.sum',
        params: { what: column, stated: counted, counted: events },
      });
  }
}
