/** The days that a campaign can speak of: what outsiders say of other days is a question. */
import { toDay } from '../kernel/calendar.ts';
import type { CampaignSpan } from '../kernel/outside-day.ts';
import type { App } from '../platform/app.ts';
import { getFolderRecord } from './find-campaign.ts';
import { dayOf } from './folder/local-time.ts';
import { findClosedAt } from './store.ts';

/** From the day on which the incident was known to the day of closing, null while it is open. Needs the campaign's keys. */
export async function campaignSpan(app: Pick<App, 'pool' | 'keys'>, campaignId: string): Promise<CampaignSpan> {
  const { knownAt } = await getFolderRecord(app, campaignId);
  const closedAt = await findClosedAt(app.pool, campaignId);
  return { from: dayOf(knownAt), to: closedAt === null ? null : toDay(closedAt) };
}

/** The same for what goes on when our part is over: letters come back, people call and vendors bill after the closing. */
export async function campaignAftermath(app: Pick<App, 'pool' | 'keys'>, campaignId: string): Promise<CampaignSpan> {
  return { from: dayOf((await getFolderRecord(app, campaignId)).knownAt), to: null };
}
