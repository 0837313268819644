/**
 * The sweep: asks the tables what is to be done and wakes the queue. A timer in every worker process under one advisory lock;
 * it makes nothing that the queue holds necessary, so emptying the queue at any moment loses nothing (mechanism 3).
 */
import type { Campaign } from '../../campaign/campaign.ts';
import { listCampaigns } from '../../campaign/find-campaign.ts';
import { findCampaignHome } from '../../campaign/home/home-store.ts';
import { channelTable, type Medium } from '../../campaign/wave/channel.ts';
import { isDue, waitsForFullLot } from '../../campaign/wave/wave-opening.ts';
import { doubtPlaces } from '../../delivery/home/doubt-places.ts';
import { listOpenLots, planLots } from '../../delivery/letters/plan-lots.ts';
import { listDueChunks, planChunks } from '../../delivery/mail/plan-chunks.ts';
import { sweepUncertain } from '../../delivery/mail/sweep-uncertain.ts';
import { placeFollowUps } from '../../delivery/place-follow-ups.ts';
import { placeLetters } from '../../delivery/place-letters.ts';
import { findPlannedList } from '../../delivery/plan-store.ts';
import { countWaves, listWaves, type WaveRecord } from '../../delivery/wave-store.ts';
import { errorCodeOf } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { tryUnderLock } from '../../platform/postgres/locks.ts';
import { addUpCounters } from './add-up-counters.ts';

/** One pass over all campaigns; returns false when another process is sweeping at the moment. */
export async function resumeWork(app: App): Promise<boolean> {
  const swept = await tryUnderLock(app.pool, { lock: 'sweep' }, async () => {
    for (const campaign of await listCampaigns(app.pool)) await resumeSafely(app, campaign);
  });
  return swept.kind === 'done';
}

/** One campaign's trouble (a missing key, say) must not stop the others. */
async function resumeSafely(app: App, campaign: Campaign): Promise<void> {
  try {
    await resumeCampaign(app, campaign);
  } catch (error) {
    app.log.error({ campaignId: campaign.id, code: errorCodeOf(error), err: error }, 'sweep failed');
  }
}

async function resumeCampaign(app: App, campaign: Campaign): Promise<void> {
  const campaignId = campaign.id;
  if (campaign.planId === null) return;
  await sweepUncertain(app, { campaignId });
  await addUpCounters(app.pool, campaign);
  if (campaign.state === 'running') {
    const waves = await listWaves(app.pool, campaignId);
    if (
      waves.length === 0 ||
      waves.some((wave) => wave.planId === campaign.planId && wave.plannedAt === null) ||
      (await findPlannedList(app.pool, campaignId, campaign.planId)) === null
    ) {
      await app.queues.enqueue('plan-waves', { campaignId });
      return;
    }
    const home = await findCampaignHome(app.pool, campaignId);
    if (home?.isInDoubt && !(await doubtPlaces(app, campaign))) return;
    await placeLetters(app, { campaignId });
    await placeFollowUps(app, { campaignId });
    await openWaves(app, campaignId, waves);
    const chunks = await listDueChunks(app.pool, campaignId, app.clock());
    await app.queues.enqueueAll(
      'send-mails',
      chunks.map((chunk) => ({ campaignId, chunkId: chunk.id, epoch: chunk.epoch })),
    );
    const lots = await listOpenLots(app.pool, campaignId);
    await app.queues.enqueueAll(
      'prepare-lot',
      lots.map((lot) => ({ campaignId, lotId: lot.id, epoch: lot.epoch })),
    );
  }
  await app.queues.enqueue('post-charges', { campaignId });
}

type Opening = { readonly campaignId: string; readonly waveId: string; readonly onlyFull: boolean };

/** How the notices of a wave that is due become units of work. */
const openers = { email: planChunks, letter: planLots } satisfies Record<
  Medium,
  (app: App, opening: Opening) => Promise<unknown>
>;

async function openWaves(app: App, campaignId: string, waves: readonly WaveRecord[]): Promise<void> {
  const now = app.clock();
  const counts = await countWaves(app.pool, campaignId);
  for (const wave of waves) {
    if (!isDue(wave, now) || (counts.get(wave.waveId)?.pending ?? 0) === 0) continue;
    const source = wave.fallbackOf === null ? undefined : counts.get(wave.fallbackOf);
    const sourceOpen = source === undefined ? 0 : source.pending + source.uncertain;
    const onlyFull = waitsForFullLot({ ...wave, takesOver: wave.fallbackOf !== null }, { sourceOpen, now });
    await openers[channelTable[wave.channel].medium](app, { campaignId, waveId: wave.waveId, onlyFull });
  }
}
