/** Registers a campaign folder in the database and makes its keys, once. A second call only notes where the folder is now. */
import { resolve } from 'node:path';
import { recordFact } from '../journal/record-fact.ts';
import { AppError } from '../kernel/errors.ts';
import { newRef } from '../kernel/ids.ts';
import type { App } from '../platform/app.ts';
import { transaction } from '../platform/db.ts';
import { signingKey } from '../platform/sign.ts';
import type { Campaign } from './campaign.ts';
import type { CampaignFile } from './campaign-file.ts';
import { type CampaignFolder, readCampaignFolder } from './campaign-folder.ts';
import { getCampaign, getCampaignFolder, sealFolder, setCampaignFolder } from './find-campaign.ts';
import { findCampaignRow, insertCampaign } from './store.ts';

/**
 * Returns the campaign of the folder's id. The keys of a known campaign are never made anew: without them this throws
 * KEY_MISSING. A lost race leaves an unused key folder, which is destroyed at once.
 */
export async function ensureCampaign(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  folder: Pick<CampaignFolder, 'dir' | 'file'>,
): Promise<Campaign> {
  const slug = folder.file.id;
  const dir = resolve(folder.dir);
  const known = await findCampaignRow(app.pool, slug);
  if (known) {
    const before = await getCampaignFolder(app, known.id);
    if (before === dir) return known;
    await assertSameCampaign(before, folder.file);
    await setCampaignFolder(app, known.id, dir);
    return known;
  }
  const id = newRef();
  const keys = app.keys.create(id);
  const createdAt = app.clock();
  const inserted = await transaction(app.pool, async (tx) => {
    const isNew = await insertCampaign(tx, { id, slug, folderSealed: sealFolder(keys.proof, id, dir), createdAt });
    if (isNew)
      await recordFact(tx, { campaignId: id, kind: 'campaign.created', occurredAt: createdAt, body: { slug } });
    return isNew;
  });
  if (!inserted) app.keys.destroy(id, 'all');
  // Made with the campaign, so that its fingerprint can be noted before anything is signed with it.
  else signingKey(app.keys.dir, id);
  return await getCampaign(app.pool, slug);
}

/**
 * A folder may be moved or copied; another incident under an id that is taken may not reach the first one's people.
 * Throws CAMPAIGN_EXISTS.
 */
async function assertSameCampaign(before: string, file: CampaignFile): Promise<void> {
  const old = await readCampaignFolder(before).catch(() => null);
  if (!old?.file || old.file.id !== file.id) return;
  if (old.file.client === file.client && old.file.incident.knownAt === file.incident.knownAt) return;
  throw new AppError('CAMPAIGN_EXISTS', `the id ${file.id} belongs to another campaign folder, ${before}`, {
    hint: 'Give this campaign an id of its own in campaign.yaml.',
  });
}
