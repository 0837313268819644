/** What leaked in the incident, from the campaign's folder as it is now: the words by which a roster names items. */

import { findCampaign, getCampaignFolder } from '../campaign/find-campaign.ts';
import { readCampaignFolder } from '../campaign/folder/campaign-folder.ts';
import type { IntakeApp, RosterCampaign } from './roster-campaign.ts';

type IncidentItem = { readonly code: string; readonly label: string; readonly labelEn?: string | undefined };

/** Empty when the folder is gone or has faults: rosters must then name items by their codes. */
export async function findIncidentItems(
  app: Pick<IntakeApp, 'pool' | 'keys'>,
  campaign: RosterCampaign,
): Promise<{ incidentItems?: readonly IncidentItem[] }> {
  if ((await findCampaign(app.pool, campaign.id)) === null) return {};
  const { folder } = await readCampaignFolder(await getCampaignFolder(app, campaign.id)).catch(() => ({
    folder: undefined,
  }));
  return folder === undefined ? {} : { incidentItems: folder.file.incident.items };
}
