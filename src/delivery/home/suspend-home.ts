/** A copy of a running campaign stops itself: paused, suspended with the reason, and what another home may have sent is uncertain. */
import { getCampaign } from '../../campaign/find-campaign.ts';
import { suspendHomeRow } from '../../campaign/home/home-store.ts';
import type { HomeReason } from '../../campaign/home/home-verdict.ts';
import { setState } from '../../campaign/set-state.ts';
import { recordFact } from '../../journal/record-fact.ts';
import type { App } from '../../platform/app.ts';
import { transaction } from '../../platform/postgres/db.ts';
import { doubtPlaces } from './doubt-places.ts';

/** Idempotent. The suspension is committed first, so that nothing can leave while places are marked. */
export async function suspendHome(
  app: Pick<App, 'pool' | 'clock' | 'log'>,
  { campaignId, place, reason }: { campaignId: string; place: string; reason: HomeReason },
): Promise<void> {
  const at = app.clock();
  await transaction(app.pool, async (tx) => {
    if (!(await suspendHomeRow(tx, campaignId, { place, reason }))) return;
    await recordFact(tx, { campaignId, kind: 'home.suspended', occurredAt: at, body: { reason } });
    const campaign = await getCampaign(tx, campaignId);
    if (campaign.state !== 'running') return;
    await setState(tx, { campaign, to: 'paused', actorId: null, reason: 'home_suspended', at });
  });
  app.log.warn({ campaignId, reason }, 'this home does not send');
  await doubtPlaces(app, await getCampaign(app.pool, campaignId));
}
