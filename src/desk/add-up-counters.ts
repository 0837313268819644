/** The sweep's part in the counters: their lines are added up when they have become many, and a number that never changes is kept. */
import type { Campaign } from '../campaign/campaign.ts';
import { deliveryTallies } from '../delivery/tally-store.ts';
import { listCountedVersions } from '../evidence/figures/count-accounting.ts';
import { keepListedCount } from '../intake/list/listed-store.ts';
import { settledTally } from '../intake/store.ts';
import { noticeTally } from '../notice/store.ts';
import type { Pool } from '../platform/postgres/db.ts';
import { foldTally } from '../platform/postgres/tally.ts';

/** Safe beside any work and any other sweep; changes no sum. */
export async function addUpCounters(pool: Pool, campaign: Campaign): Promise<void> {
  for (const tally of [...deliveryTallies, noticeTally, settledTally]) await foldTally(pool, tally, campaign.id);
  const versions = await listCountedVersions(pool, campaign);
  if (versions.length > 1) await keepListedCount(pool, campaign.id, versions);
}
