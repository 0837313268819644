/** What a caller calls CAMPAIGN: an id, or on this machine a folder with a campaign.yaml, which is registered on first use. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Campaign } from '../campaign/campaign.ts';
import { ensureCampaign } from '../campaign/ensure-campaign.ts';
import { findCampaign } from '../campaign/find-campaign.ts';
import { type CampaignFolder, readCampaignFolder } from '../campaign/folder/campaign-folder.ts';
import { AppError } from '../kernel/errors.ts';
import type { App } from '../platform/app.ts';
import type { Language } from '../platform/language.ts';
import { readTakenFrom } from './drafts/draft-folder.ts';
import type { Door } from './operation.ts';

export type OpenedCampaign = { readonly campaign: Campaign; readonly folder: string | null };

/** Throws CAMPAIGN_MISSING, or CAMPAIGN_INVALID with the folder's faults. A caller over the network names no folder. */
export async function openCampaign(
  app: App,
  text: string,
  { door, language }: { door: Door; language: Language },
): Promise<OpenedCampaign> {
  if (door !== 'http' && existsSync(join(text, 'campaign.yaml'))) {
    const folder = await loadCampaignFolder(text, language);
    const takenFrom = await readTakenFrom(text);
    return { campaign: await ensureCampaign(app, folder, { takenFrom }), folder: resolve(text) };
  }
  const campaign = await findCampaign(app.pool, text);
  if (campaign) return { campaign, folder: null };
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
