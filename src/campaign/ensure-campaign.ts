/** Registers a campaign folder in the database and makes its keys, once. A second call only notes where the folder is now. */
import { resolve } from 'node:path';
import { recordFact } from '../journal/record-fact.ts';
import { canonicalJson } from '../kernel/canonical.ts';
import { AppError } from '../kernel/errors.ts';
import { newRef } from '../kernel/ids.ts';
import type { App } from '../platform/app.ts';
import { signingKey } from '../platform/crypto/sign.ts';
import { transaction } from '../platform/postgres/db.ts';
import type { Campaign } from './campaign.ts';
import { type FolderRecord, getCampaign, getFolderRecord, sealFolder, setFolderRecord } from './find-campaign.ts';
import type { CampaignFile } from './folder/campaign-file.ts';
import type { CampaignFolder } from './folder/campaign-folder.ts';
import { isSampleText } from './folder/sample-values.ts';
import { findCampaignRow, insertCampaign } from './store.ts';

/**
 * Returns the campaign of the folder's id. The keys of a known campaign are never made anew: without them this throws
 * KEY_MISSING; CAMPAIGN_EXISTS, unless the folder remembers being taken from the campaign's own draft (`takenFrom`), when the id belongs to another client or incident. A lost race leaves an unused key folder, which
 * is destroyed at once.
 */
export async function ensureCampaign(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  folder: Pick<CampaignFolder, 'dir' | 'file'>,
  { takenFrom = null }: { takenFrom?: string | null } = {},
): Promise<Campaign> {
  const slug = folder.file.id;
  const now = folderRecord(resolve(folder.dir), folder.file);
  const known = await findCampaignRow(app.pool, slug);
  if (known) {
    const before = await getFolderRecord(app, known.id);
    if (canonicalJson(before) === canonicalJson(now)) return known;
    if (takenFrom !== known.id) assertSameCampaign(slug, before, now);
    await setFolderRecord(app, known.id, now);
    return known;
  }
  const id = newRef();
  const keys = app.keys.create(id);
  const createdAt = app.clock();
  const inserted = await transaction(app.pool, async (tx) => {
    const isNew = await insertCampaign(tx, { id, slug, folderSealed: sealFolder(keys.proof, id, now), createdAt });
    if (isNew)
      await recordFact(tx, { campaignId: id, kind: 'campaign.created', occurredAt: createdAt, body: { slug } });
    return isNew;
  });
  if (!inserted) app.keys.destroy(id, 'all');
  // Made with the campaign, so that its fingerprint can be noted before anything is signed with it.
  else signingKey(app.keys.dir, id);
  return await getCampaign(app.pool, slug);
}

function folderRecord(dir: string, { client, incident }: CampaignFile): FolderRecord {
  return { dir, client, knownAt: incident.knownAt };
}

/**
 * A folder may be moved or copied, and one of the two may be corrected where it stands; another incident under an id that is
 * taken may not reach the first one's people, whether or not the first folder is still there. Two folders that both still name
 * the sample's client say nothing about whose they are. Throws CAMPAIGN_EXISTS.
 */
function assertSameCampaign(slug: string, before: FolderRecord, now: FolderRecord): void {
  const isSameClient = before.client === now.client;
  const isSameIncident = before.knownAt === now.knownAt;
  const isSame =
    before.dir === now.dir
      ? isSameClient || isSameIncident
      : isSameClient && isSameIncident && !isSampleText(now.client);
  if (isSame) return;
  throw new AppError('CAMPAIGN_EXISTS', { id: slug, dir: before.dir });
}
