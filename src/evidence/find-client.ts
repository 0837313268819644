/** The client's name for the first page of a bundle. */
import type { Campaign } from '../campaign/campaign.ts';
import type { Db } from '../platform/db.ts';

/** Until a plan names the client, the campaign's own id stands in. */
export async function findClient(_db: Db, campaign: Campaign): Promise<string> {
  return campaign.slug;
}
