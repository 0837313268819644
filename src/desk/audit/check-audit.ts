/** Holds the audit log against the digests in the journal: an event that was changed or taken away no longer fits its fact. */
import { hashEvents } from '../../journal/fact.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { type AuditEvent, auditRow } from './audit-event.ts';
import { listAuditDigests, listAuditEvents } from './audit-store.ts';

const PAGE = 10_000;

export type CheckedAudit = {
  readonly events: readonly (AuditEvent & { readonly factId: number | null })[];
  /** Events that no fact covers yet; the next sealing does. */
  readonly uncovered: number;
  /** Facts whose digest no longer fits the events they cover. */
  readonly broken: readonly number[];
};

export async function checkAudit(db: Db, campaignId: string): Promise<CheckedAudit> {
  const events: CheckedAudit['events'][number][] = [];
  for (let after = 0; ; ) {
    const page = await listAuditEvents(db, campaignId, { after, limit: PAGE });
    events.push(...page);
    after = page.at(-1)?.id ?? after;
    if (page.length < PAGE) break;
  }
  const byFact = new Map<number | null, AuditEvent[]>();
  for (const event of events) {
    const group = byFact.get(event.factId);
    if (group) group.push(event);
    else byFact.set(event.factId, [event]);
  }
  const digests = await listAuditDigests(db, campaignId);
  const broken = digests.filter(({ factId, events: count, sha256 }) => {
    const covered = byFact.get(factId) ?? [];
    return covered.length !== count || hashEvents(covered.map(auditRow)) !== sha256;
  });
  return { events, uncovered: byFact.get(null)?.length ?? 0, broken: broken.map(({ factId }) => factId) };
}
