/** Closes a campaign: only when nobody is underway or undecided, no rejected row and no vendor's line is open and nothing is still to be handed over (promise 1). */

import type { Campaign } from '../../campaign/campaign.ts';
import { channelTable } from '../../campaign/wave/channel.ts';
import type { App } from '../../platform/app.ts';
import { campaignStatus } from '../overview/campaign-status.ts';
import { recountCampaign } from '../upkeep/recount-campaigns.ts';
import { changeState, type StateAnswer } from './launch-campaign.ts';

export async function closeCampaign(app: App, input: { campaign: Campaign; by: string | null }): Promise<StateAnswer> {
  const status = await campaignStatus(app, input.campaign.id);
  const reasons = [
    ...(status.persons.underway > 0 ? ['PEOPLE_UNDERWAY'] : []),
    ...(status.persons.undecided > 0 ? ['PEOPLE_UNDECIDED'] : []),
    ...(status.roster.open > 0 ? ['ROWS_OPEN'] : []),
    ...(status.decisions.some(({ code }) => code === 'lines_open') ? ['LINES_OPEN'] : []),
    ...(status.decisions.some(({ code }) => code === 'people_unlisted') ? ['PEOPLE_UNLISTED'] : []),
    // A letter that still lies in a lot would go out, or never, without anyone hearing of it. Gifts may wait for a consent that never comes.
    ...(status.waves.some((wave) => channelTable[wave.channel].tells && wave.pending > 0) ? ['PLACES_OPEN'] : []),
    ...(status.balanced ? [] : ['NOT_BALANCED']),
  ];
  if (reasons.length === 0 && !(await isProven(app, input.campaign.id))) reasons.push('NOT_BALANCED');
  if (reasons.length > 0) return { kind: 'refused', state: input.campaign.state, reasons };
  return await changeState(app, { campaign: input.campaign, to: 'closed', by: input.by, reason: 'closed' });
}

/** What is closed is not counted again: the counters must be what the rows and the events are, not only agree with one another. */
async function isProven(app: App, campaignId: string): Promise<boolean> {
  const { differences } = await recountCampaign(app, campaignId);
  return differences.every(({ right }) => right.from !== 'rows' && right.from !== 'events');
}
