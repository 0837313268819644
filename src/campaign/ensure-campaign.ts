/** Registers a campaign folder in the database and makes its keys, once. A second call only notes where the folder is now. */
import { resolve } from 'node:path';
import { recordFact } from '../journal/record-fact.ts';
import { newRef } from '../kernel/ids.ts';
import type { App } from '../platform/app.ts';
import { transaction } from '../platform/db.ts';
import type { Campaign } from './campaign.ts';
import type { CampaignFolder } from './campaign-folder.ts';
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
    if ((await getCampaignFolder(app, known.id)) !== dir) await setCampaignFolder(app, known.id, dir);
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
  return await getCampaign(app.pool, slug);
}
