/** Keeps a vendor's file as it came, encrypted, with how many lines it had and how many told something new: no line is lost. */
import { sha256Hex } from '../../kernel/canonical.ts';
import { newRef } from '../../kernel/ids.ts';
import type { App } from '../../platform/app.ts';
import { transaction } from '../../platform/postgres/db.ts';
import { insertVendorFile, type VendorFile } from './vendor-store.ts';

export async function keepVendorFile(
  app: Pick<App, 'pool' | 'keys' | 'files' | 'clock'>,
  input: Pick<VendorFile, 'kind' | 'lines' | 'recorded' | 'problems'> & { campaignId: string; data: Uint8Array },
): Promise<void> {
  const { campaignId, data, ...counts } = input;
  const stored = await app.files.put(app.keys.open(campaignId).file, [data]);
  const file = { id: newRef(), sha256: sha256Hex(data), fileId: stored.id, loadedAt: app.clock(), ...counts };
  await transaction(app.pool, (tx) => insertVendorFile(tx, campaignId, file));
}
