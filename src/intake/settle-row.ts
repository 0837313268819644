/** Settles a rejected row by name: it was not a person, or a substitute measure covers the person (promise 1). */
import type { IntakeApp, RosterCampaign } from './roster-campaign.ts';

export type RowSettlement = 'not_a_person' | 'substitute_measure';

/** Settles rows by their numbers in one import. Rows that are settled already are left as they are. Returns how many were settled. */
export async function settleRow(
  _app: Pick<IntakeApp, 'pool' | 'keys' | 'clock'>,
  _input: {
    campaign: RosterCampaign;
    rowIds: readonly string[];
    settlement: RowSettlement;
    actorId: string;
    note?: string;
  },
): Promise<{ settled: number; open: number }> {
  throw new Error('in work');
}
