/**
 * The per-person file of a full bundle, one line of JSON a person in the order of the list. It is only ever written into a
 * stream that is encrypted to its receiver (promise 5).
 */
import type { Campaign } from '../../campaign/campaign.ts';
import { getPeople } from '../../intake/get-people.ts';
import { exportListLeaves } from '../../intake/list/list-members.ts';
import type { App } from '../../platform/app.ts';

const PEOPLE_PER_PAGE = 500;

export async function* exportPeople(app: Pick<App, 'pool' | 'keys'>, campaign: Campaign): AsyncGenerator<string> {
  const version = campaign.listVersion;
  if (version === null) return;
  for (let afterRank = -1; ; ) {
    const page = await exportListLeaves(app.pool, campaign.id, version, { afterRank, limit: PEOPLE_PER_PAGE });
    const last = page.at(-1);
    if (last === undefined) return;
    const refs = page.map((member) => member.ref);
    const people = await getPeople(app, campaign, refs);
    yield page
      .map(
        ({ ref, rank, leaf }) => `${JSON.stringify({ position: rank, ref, leaf, person: people.get(ref) ?? null })}\n`,
      )
      .join('');
    afterRank = last.rank;
  }
}
