/** The care of the counters: the sweep adds their lines up when they have become many; a named person has them counted anew. */
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import type { Campaign } from '../../campaign/campaign.ts';
import { deliveryTallies } from '../../delivery/tally-store.ts';
import { listCountedVersions } from '../../evidence/figures/count-accounting.ts';
import { keepListedCount } from '../../intake/list/listed-store.ts';
import { settledTally } from '../../intake/store.ts';
import { recordFact } from '../../journal/record-fact.ts';
import { ledgerTallies } from '../../ledger/sum-store.ts';
import { noticeTally } from '../../notice/store.ts';
import type { App } from '../../platform/app.ts';
import type { Pool } from '../../platform/postgres/db.ts';
import { foldTally, rebuildTallies } from '../../platform/postgres/tally.ts';

/** In the order in which transactions touch the rows that are counted. */
const tallies = [...deliveryTallies, noticeTally, settledTally, ...ledgerTallies];

/** Safe beside any work and any other sweep; changes no sum. */
export async function addUpCounters(pool: Pool, campaign: Campaign): Promise<void> {
  for (const tally of tallies) await foldTally(pool, tally, campaign.id);
  const versions = await listCountedVersions(pool, campaign);
  if (versions.length > 1) await keepListedCount(pool, campaign.id, versions);
}

/** Replaces the counters by a count of the rows, on record under a name: a counter that was wrong must never go unseen. */
export async function rebuildCounters(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  { campaignId, by }: { campaignId: string; by: string },
): Promise<void> {
  const actorId = await ensureActor(app, app.pool, { campaignId, name: by });
  await rebuildTallies(app.pool, tallies, campaignId, (tx) =>
    recordFact(tx, { campaignId, kind: 'counters.rebuilt', occurredAt: app.clock(), actorId, body: {} }),
  );
}
