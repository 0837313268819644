/**
 * Puts the audit log under the chain: one fact holds the digest over all events that no fact covered yet. Called before facts
 * are sealed and not once per read, so that ten thousand look-ups are one line of the journal.
 */
import { recordEvents } from '../../journal/record-fact.ts';
import type { App } from '../../platform/app.ts';
import { transaction } from '../../platform/postgres/db.ts';
import { lockUntilCommit } from '../../platform/postgres/locks.ts';
import { auditRow } from './audit-event.ts';
import { insertCover, listUncoveredEvents } from './audit-store.ts';

/** Events per fact: bounds the memory of a sweep. */
const EVENTS_PER_FACT = 10_000;

/** Idempotent. Returns how many events were covered now. */
export async function coverAudit(app: Pick<App, 'pool' | 'clock'>, campaignId: string): Promise<number> {
  let covered = 0;
  for (;;) {
    const now = await transaction(app.pool, async (tx) => {
      await lockUntilCommit(tx, { lock: 'audit', campaignId });
      const events = await listUncoveredEvents(tx, campaignId, EVENTS_PER_FACT);
      await recordEvents(tx, {
        campaignId,
        kind: 'audit.covered',
        occurredAt: app.clock(),
        insert: async (factId) => {
          const eventIds = events.map(({ id }) => id);
          if (eventIds.length > 0) await insertCover(tx, { campaignId, factId, eventIds });
          return events;
        },
        describe: (rows) => ({ events: rows.map(auditRow), lines: [], body: {} }),
      });
      return events.length;
    });
    covered += now;
    if (now < EVENTS_PER_FACT) return covered;
  }
}
