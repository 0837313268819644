/** Settles a rejected row by name: it was not a person, or a substitute measure covers the person (promise 1). */
import { recordEvents } from '../../journal/record-fact.ts';
import { seal } from '../../platform/crypto/crypt.ts';
import { type Tx, transaction } from '../../platform/postgres/db.ts';
import type { IntakeApp, RosterCampaign } from '../roster-campaign.ts';
import { getRosterCount, insertSettlements } from '../store.ts';

/** `corrected` and `reloaded` come from loading a corrected report: the row became a person, or was rejected again as a newer row. */
export type RowSettlement = 'not_a_person' | 'substitute_measure' | 'corrected' | 'reloaded';

type Settlement = { rowId: string; code: RowSettlement; noteSealed?: Buffer };

/** Settles in the caller's transaction, with one fact for all that were open. Rows settled before stay as they are. */
export async function settleRows(
  tx: Tx,
  input: { campaignId: string; at: Date; actorId: string | null; settlements: readonly Settlement[] },
): Promise<number> {
  if (input.settlements.length === 0) return 0;
  const recorded = await recordEvents(tx, {
    campaignId: input.campaignId,
    kind: 'row.settled',
    occurredAt: input.at,
    actorId: input.actorId,
    insert: (factId) =>
      insertSettlements(tx, {
        campaignId: input.campaignId,
        factId,
        at: input.at,
        settlements: input.settlements.map(({ rowId, code, noteSealed }) => ({
          ref: rowId,
          code,
          noteSealed: noteSealed ?? null,
        })),
      }),
    describe: (settled) => ({
      events: settled.map(({ ref, code }) => [ref, 'settled', 1, input.at.toISOString(), code] as const),
      lines: [],
      body: countCodes(settled),
    }),
  });
  return recorded?.rows.length ?? 0;
}

function countCodes(settled: readonly { code: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of settled) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** A named person settles rows by their ids. Returns how many were open and are settled now, and how many stay open. */
export async function settleRow(
  app: Pick<IntakeApp, 'pool' | 'keys' | 'clock'>,
  input: {
    campaign: RosterCampaign;
    rowIds: readonly string[];
    settlement: 'not_a_person' | 'substitute_measure';
    actorId: string;
    note?: string;
  },
): Promise<{ settled: number; open: number }> {
  const { campaign, note } = input;
  // A note speaks of the person in the row: it goes with the addresses, not with the proof.
  const key = app.keys.open(campaign.id).address;
  const noteFor = (rowId: string) =>
    note === undefined ? {} : { noteSealed: seal(key, `${campaign.id}|${rowId}|note_sealed`, note) };
  const settled = await transaction(app.pool, (tx) =>
    settleRows(tx, {
      campaignId: campaign.id,
      at: app.clock(),
      actorId: input.actorId,
      settlements: input.rowIds.map((rowId) => ({ rowId, code: input.settlement, ...noteFor(rowId) })),
    }),
  );
  return { settled, open: (await getRosterCount(app.pool, campaign.id)).open };
}
