/** The campaign that a command names, for commands that are not words over an operation yet. */
import type { Campaign } from '../campaign/campaign.ts';
import { openCampaign } from '../desk/open-campaign.ts';
import type { App } from '../platform/app.ts';

export { loadCampaignFolder } from '../desk/open-campaign.ts';

/** Throws CAMPAIGN_MISSING, or CAMPAIGN_INVALID with the folder's faults. */
export async function resolveCampaign(app: App, argument: string | undefined): Promise<Campaign> {
  return (await openCampaign(app, argument ?? '', { door: 'cli', language: app.config.language })).campaign;
}
