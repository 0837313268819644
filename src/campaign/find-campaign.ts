/** Finds campaigns, and guards what may only happen while one runs. */
import { AppError } from '../kernel/errors.ts';
import type { App } from '../platform/app.ts';
import { open, seal } from '../platform/crypto/crypt.ts';
import type { Db, Tx } from '../platform/postgres/db.ts';
import type { Campaign } from './campaign.ts';
import { findCampaignHome } from './home/home-store.ts';
import {
  findCampaignRow,
  getFolderSealed,
  listCampaignRows,
  lockCampaign,
  updateFolder,
  updateListVersion,
} from './store.ts';

/** By slug (the id in campaign.yaml) or uuid; null when there is none. */
export async function findCampaign(db: Db, slugOrId: string): Promise<Campaign | null> {
  return await findCampaignRow(db, slugOrId);
}

/** As `findCampaign`, but throws CAMPAIGN_MISSING. */
export async function getCampaign(db: Db, slugOrId: string): Promise<Campaign> {
  const campaign = await findCampaignRow(db, slugOrId);
  if (campaign) return campaign;
  throw new AppError('CAMPAIGN_MISSING.id', { id: slugOrId });
}

/** Every campaign, oldest first. */
export async function listCampaigns(db: Db): Promise<Campaign[]> {
  return await listCampaignRows(db);
}

/** Throws CAMPAIGN_NOT_RUNNING unless the campaign runs at this moment, in the home that sends. */
export async function assertRunning(db: Db, campaignId: string): Promise<Campaign> {
  const campaign = await getCampaign(db, campaignId);
  const found = await findCampaignHome(db, campaignId);
  const isSender = found?.home?.suspended == null && found?.isInDoubt !== true;
  if (campaign.state === 'running' && isSender) return campaign;
  throw new AppError('CAMPAIGN_NOT_RUNNING', { state: { word: `status.state.${campaign.state}` } });
}

/** Records the newest frozen list version; called by the freezing transaction. Never goes back to an earlier one. */
export async function setListVersion(tx: Tx, campaignId: string, version: number): Promise<void> {
  await lockCampaign(tx, campaignId);
  await updateListVersion(tx, campaignId, version);
}

const folderAad = (campaignId: string) => `${campaignId}|campaign|folder_sealed`;

/** Where the campaign's folder was last seen, and whose incident it tells: what makes a folder this campaign's. */
export type FolderRecord = { readonly dir: string; readonly client: string; readonly knownAt: string };

/** Sealed at rest, because a path may hold the name of whoever works there. */
export async function getFolderRecord(app: Pick<App, 'pool' | 'keys'>, campaignId: string): Promise<FolderRecord> {
  const sealed = await getFolderSealed(app.pool, campaignId);
  return JSON.parse(open(app.keys.open(campaignId).proof, folderAad(campaignId), sealed).toString('utf8'));
}

/** The folder as last seen. */
export async function getCampaignFolder(app: Pick<App, 'pool' | 'keys'>, campaignId: string): Promise<string> {
  return (await getFolderRecord(app, campaignId)).dir;
}

/** Remembers where the folder is now and what it says. */
export async function setFolderRecord(
  app: Pick<App, 'pool' | 'keys'>,
  campaignId: string,
  record: FolderRecord,
): Promise<void> {
  await updateFolder(app.pool, campaignId, sealFolder(app.keys.open(campaignId).proof, campaignId, record));
}

/** The record sealed for the campaign's first row. */
export function sealFolder(proofKey: Uint8Array, campaignId: string, record: FolderRecord): Buffer {
  return seal(proofKey, folderAad(campaignId), JSON.stringify(record));
}
