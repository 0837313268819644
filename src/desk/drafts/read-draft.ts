/**
 * What a campaign's draft says now. Named by its folder, the folder as it is; named by id, the newest revision in the database,
 * and while nobody has pushed one, the folder as it was last seen.
 */
import { getCampaignFolder } from '../../campaign/find-campaign.ts';
import {
  type FolderReading,
  readCampaignDocuments,
  readCampaignFolder,
} from '../../campaign/folder/campaign-folder.ts';
import type { App } from '../../platform/app.ts';
import type { Language } from '../../platform/language.ts';
import { findDraft } from './push-draft.ts';

export async function readDraft(
  app: Pick<App, 'pool' | 'keys'>,
  { campaignId, folder, language }: { campaignId: string; folder: string | null; language?: Language },
): Promise<FolderReading> {
  if (folder !== null) return await readCampaignFolder(folder, language);
  const draft = await findDraft(app, app.pool, { campaignId });
  const dir = await getCampaignFolder(app, campaignId);
  return draft === null
    ? await readCampaignFolder(dir, language)
    : readCampaignDocuments(dir, draft.documents, language);
}
