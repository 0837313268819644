/**
 * Fills the waves that follow: supplements, corrections and retractions go to those who were told, by the way they were told; a
 * card that follows waits there for consent and stock, because the law is never held back by money (promise 4).
 */
import { getCampaign } from '../campaign/find-campaign.ts';
import { getPlanSnapshot } from '../campaign/plan/create-plan.ts';
import type { PlanSnapshot } from '../campaign/plan/plan.ts';
import { channelTable } from '../campaign/wave/channel.ts';
import { takingOf, textForPlace } from '../campaign/wave/wave.ts';
import { recordFact } from '../journal/record-fact.ts';
import type { App } from '../platform/app.ts';
import { transaction } from '../platform/postgres/db.ts';
import { type FollowUpQuery, findLastRank, listFollowUpDue, updateLookedRank } from './follow-up-store.ts';
import { insertPlaces } from './insert-places.ts';
import { toldOutcome } from './outcome.ts';
import { listWaves, type WaveRecord } from './wave-store.ts';

/** Ranks that one look covers: 20 ms of the server's time, whatever the size of the campaign. */
const RANKS_PER_WINDOW = 10_000;
/** Windows per wave and sweep while each finds somebody: a million people get their places in a few sweeps. */
const WINDOWS_PER_SWEEP = 20;

type PlaceApp = Pick<App, 'pool' | 'files' | 'keys' | 'clock'>;

/** Returns how many people got a place in a wave that follows and has begun. */
export async function placeFollowUps(app: PlaceApp, { campaignId }: { campaignId: string }): Promise<number> {
  const { planId } = await getCampaign(app.pool, campaignId);
  if (planId === null) return 0;
  const now = app.clock();
  const waves = (await listWaves(app.pool, campaignId)).filter((wave) => wave.planId === planId);
  const begun = waves.filter((wave) => takingOf(wave).kind === 'told' && wave.startAt <= now);
  if (begun.length === 0) return 0;
  const snapshot = await getPlanSnapshot(app, planId);
  const lastRank = await findLastRank(app.pool, campaignId);
  let placed = 0;
  for (const wave of begun) placed += await fillWave(app, { campaignId, planId, waves, wave, snapshot, lastRank });
  return placed;
}

type Filling = {
  campaignId: string;
  planId: string;
  waves: readonly WaveRecord[];
  wave: WaveRecord;
  snapshot: PlanSnapshot;
  lastRank: number;
};

/**
 * Goes on where the last sweep stopped and round again, so that whoever is told later gets their place too. A window that finds
 * nobody is the last of its sweep: a wave at rest costs one look, however large the campaign is.
 */
async function fillWave(app: PlaceApp, filling: Filling): Promise<number> {
  const { wave, lastRank } = filling;
  let placed = 0;
  let afterRank = wave.lookedRank >= lastRank ? -1 : wave.lookedRank;
  for (let window = 0; window < WINDOWS_PER_SWEEP && afterRank < lastRank; window++) {
    const toRank = Math.min(afterRank + RANKS_PER_WINDOW, lastRank);
    const found = await fillWindow(app, filling, { afterRank, toRank });
    placed += found;
    afterRank = toRank;
    if (found === 0) break;
  }
  return placed;
}

async function fillWindow(
  app: PlaceApp,
  { campaignId, planId, waves, wave, snapshot }: Filling,
  window: { afterRank: number; toRank: number },
): Promise<number> {
  const query = queryOf(wave, snapshot.listVersion);
  return await transaction(app.pool, async (tx) => {
    const due = query === null ? [] : await listFollowUpDue(tx, campaignId, query, window);
    const places = due.map((person) => ({
      member: person,
      waveId: wave.waveId,
      listVersion: query?.removed ? (person.listedVersion ?? snapshot.listVersion) : snapshot.listVersion,
      text: textForPlace(snapshot.campaignFile, wave.waveId, person.segment),
    }));
    const inserted = await insertPlaces(tx, { campaignId, planId, waves }, places);
    if (inserted > 0) {
      await recordFact(tx, {
        campaignId,
        kind: 'wave.filled',
        occurredAt: app.clock(),
        body: { waveId: wave.waveId, people: inserted },
      });
    }
    if (wave.lookedRank !== window.toRank) await updateLookedRank(tx, campaignId, wave.waveId, window.toRank);
    return inserted;
  });
}

/** Whom the wave takes, as the store asks for it; null for a wave that takes nobody this way. */
function queryOf(wave: WaveRecord, listVersion: number): FollowUpQuery | null {
  const taking = takingOf(wave);
  if (taking.kind !== 'told') return null;
  const { reach, gift } = channelTable[wave.channel];
  return {
    waveId: wave.waveId,
    segments: wave.segments,
    outcomes: taking.by.map((channel) => toldOutcome[channel]),
    failedIn: taking.failedIn,
    reach,
    giftless: gift === 'must',
    listVersion,
    removed: taking.removed,
  };
}
