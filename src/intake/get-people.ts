/** Opens people's records for the moment of use: by reference in batches, or by an exact search through blind indexes. */
import type { PersonRecord } from './person.ts';
import type { IntakeApp, RosterCampaign } from './roster-campaign.ts';

/**
 * Opens the records of `refs` (any order, duplicates allowed); unknown references are left out. Reads them as frozen in
 * `version` (default: the campaign's running list version, so that nobody is sent what was not approved), else as they are now.
 */
export async function getPeople(
  _app: Pick<IntakeApp, 'pool' | 'keys'>,
  _campaign: RosterCampaign,
  _refs: readonly string[],
  _options?: { version?: number | null },
): Promise<Map<string, PersonRecord>> {
  throw new Error('in work');
}

/** References of everyone whose stored value is exactly this one, after the normalisation that serves matching. */
export async function findPersonBy(
  _app: Pick<IntakeApp, 'pool' | 'keys'>,
  _campaign: RosterCampaign,
  _query: { email: string } | { phone: string } | { kana: string } | { customerKey: string },
): Promise<string[]> {
  throw new Error('in work');
}
