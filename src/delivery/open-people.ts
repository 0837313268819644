/** Opens the people of notices for the moment of composing, each on the list version on which the notice reads them. */
import { getPeople } from '../intake/get-people.ts';
import type { PersonRecord } from '../intake/person.ts';
import type { RosterCampaign } from '../intake/roster-campaign.ts';
import type { Notice } from '../notice/store.ts';
import type { App } from '../platform/app.ts';

/**
 * People by reference as the plan's list version has them. Whom a later list dropped is opened for a retraction only, on the
 * version on which they were told; any other notice to them is left without its person and does not leave.
 */
export async function openPeople(
  app: Pick<App, 'pool' | 'keys'>,
  campaign: RosterCampaign,
  notices: readonly Pick<Notice, 'personRef' | 'purpose' | 'listVersion'>[],
  listVersion: number,
): Promise<Map<string, PersonRecord>> {
  const refs = notices.map((notice) => notice.personRef);
  const people = await getPeople(app, campaign, refs, { version: listVersion });
  const dropped = notices.filter((notice) => notice.purpose === 'retraction' && !people.has(notice.personRef));
  for (const version of new Set(dropped.map((notice) => notice.listVersion))) {
    const own = dropped.filter((notice) => notice.listVersion === version).map((notice) => notice.personRef);
    for (const [ref, record] of await getPeople(app, campaign, own, { version })) people.set(ref, record);
  }
  return people;
}
