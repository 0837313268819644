/** Ends questions about lines in the caller's transaction, with one fact for all that were open; settled ones stay as they are. */
import { recordEvents } from '../../journal/record-fact.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { insertLineSettlements, type NewSettlement } from './line-store.ts';

export async function settleQuestions(
  tx: Tx,
  act: { campaignId: string; actorId: string | null; at: Date },
  settlements: readonly NewSettlement[],
): Promise<number> {
  if (settlements.length === 0) return 0;
  const { campaignId, actorId, at } = act;
  const recorded = await recordEvents(tx, {
    campaignId,
    kind: 'lines.settled',
    occurredAt: at,
    actorId,
    insert: (factId) => insertLineSettlements(tx, { ...act, factId }, settlements),
    describe: (rows) => ({
      events: rows.map((row) => [row.ref, 'settled', 1, at.toISOString(), row.verdict]),
      lines: [],
      body: { lines: rows.length },
    }),
  });
  return recorded?.rows.length ?? 0;
}
