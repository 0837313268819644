/**
 * The gift follows as its own wave: people whose letter went without the promised card, because the law is never held back
 * by money (promise 4), get a place in the gift wave and wait there for the insurer's consent.
 */

import { getCampaign } from '../campaign/find-campaign.ts';
import { getPlanSnapshot } from '../campaign/plan/create-plan.ts';
import { recordFact } from '../journal/record-fact.ts';
import type { App } from '../platform/app.ts';
import { transaction } from '../platform/postgres/db.ts';
import { listGiftDue } from './gift-due-store.ts';
import { insertPlaces } from './plan-waves.ts';
import { listWaves } from './wave-store.ts';

const PEOPLE_PER_BATCH = 1_000;

/** Returns how many people got a place in a gift wave. */
export async function placeGifts(
  app: Pick<App, 'pool' | 'files' | 'keys' | 'clock'>,
  { campaignId }: { campaignId: string },
): Promise<number> {
  const { planId } = await getCampaign(app.pool, campaignId);
  if (planId === null) return 0;
  const waves = await listWaves(app.pool, campaignId);
  const { listVersion, campaignFile } = await getPlanSnapshot(app, planId);
  const { language } = campaignFile;
  let placed = 0;
  for (const wave of waves) {
    const gift = wave.gift;
    if (wave.channel !== 'gift' || gift === null) continue;
    for (;;) {
      const batch = await transaction(app.pool, async (tx) => {
        const due = await listGiftDue(tx, campaignId, { ...wave, gift }, PEOPLE_PER_BATCH);
        const places = due.map((person) => ({
          member: { ...person, siteKey: null },
          waveId: wave.waveId,
          variant: person.variant,
        }));
        const inserted = await insertPlaces(tx, { campaignId, planId, listVersion, language, waves }, places);
        if (inserted > 0) {
          await recordFact(tx, {
            campaignId,
            kind: 'gifts.due',
            occurredAt: app.clock(),
            body: { people: inserted, gift },
          });
        }
        return inserted;
      });
      if (batch === 0) break;
      placed += batch;
    }
  }
  return placed;
}
