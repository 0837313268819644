/** CAMPAIGN on the command line is a campaign folder or an id; a folder is registered the first time it is named. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Campaign } from '../campaign/campaign.ts';
import { ensureCampaign } from '../campaign/ensure-campaign.ts';
import { findCampaign } from '../campaign/find-campaign.ts';
import { type CampaignFolder, readCampaignFolder } from '../campaign/folder/campaign-folder.ts';
import { AppError } from '../kernel/errors.ts';
import type { App } from '../platform/app.ts';
import type { Language } from '../platform/language.ts';

/** The campaign that the argument names. Throws CAMPAIGN_MISSING, or CAMPAIGN_INVALID with the folder's faults. */
export async function resolveCampaign(app: App, argument: string | undefined): Promise<Campaign> {
  const text = argument ?? '';
  if (existsSync(join(text, 'campaign.yaml')))
    return await ensureCampaign(app, await loadCampaignFolder(text, app.config.language));
  const found = await findCampaign(app.pool, text);
  if (found) return found;
  throw new AppError('CAMPAIGN_MISSING.argument', { text: JSON.stringify(text) });
}

/** Reads a folder that must be free of faults. */
export async function loadCampaignFolder(path: string, language: Language): Promise<CampaignFolder> {
  if (!existsSync(path) || !statSync(path).isDirectory()) throw new AppError('CAMPAIGN_MISSING.folder', { dir: path });
  const { folder, problems } = await readCampaignFolder(resolve(path), language);
  if (folder && problems.length === 0) return folder;
  const lines = problems.map((problem) => `${problem.file}:${problem.line}: ${problem.path} ${problem.message}`);
  throw new AppError('CAMPAIGN_INVALID.faults', { dir: path, count: problems.length, faults: lines });
}
