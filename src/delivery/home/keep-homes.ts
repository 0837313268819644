/**
 * Asks for every campaign whether this database is the home that sends, gives a sign of life for those of which it is, and
 * suspends the others. Called before a process works, while it works, and before a campaign is launched or resumed.
 */
import { readHomeMarks, writeHomeMark } from '../../campaign/home/home-mark.ts';
import {
  beatHomes,
  type CampaignHome,
  findCampaignHome,
  insertHome,
  listCampaignHomes,
} from '../../campaign/home/home-store.ts';
import { type HomePlace, type HomeVerdict, homeVerdict } from '../../campaign/home/home-verdict.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { clearRestored, databasePlace, isJustRestored } from '../../platform/postgres/database-place.ts';
import { suspendHome } from './suspend-home.ts';

export type HomeApp = Pick<App, 'pool' | 'keys' | 'clock' | 'log' | 'config'>;

/**
 * With `isWorking` the running campaigns get a sign of life, and a host that may not work for one of them throws HOME_UNKNOWN:
 * the database may be the right one, so nothing in it is changed.
 */
export async function keepHomes(app: HomeApp, { isWorking }: { isWorking: boolean }): Promise<void> {
  const place = await databasePlace(app.pool, app.config);
  const wasRestored = await isJustRestored(app.pool);
  const sending: CampaignHome[] = [];
  const unknown: CampaignHome[] = [];
  for (const campaign of await listCampaignHomes(app.pool)) {
    const { campaignId } = campaign;
    if (wasRestored) {
      await suspendHome(app, { campaignId, place: place.hash, reason: 'restored' });
      continue;
    }
    const verdict = await judgeHome(app, campaign, place);
    if (verdict.kind === 'new') await beginHome(app, campaignId, place.hash);
    if (verdict.kind !== 'stranger') sending.push(campaign);
    else if (verdict.reason === 'unknown_host') unknown.push(campaign);
    else if (campaign.home?.suspended == null)
      await suspendHome(app, { campaignId, place: place.hash, reason: verdict.reason });
  }
  if (wasRestored) await clearRestored(app.pool);
  if (!isWorking) return;
  const running = sending.filter(({ state }) => state === 'running');
  await giveSign(app, running, { place: place.hash, isResting: false });
  const [stranger] = unknown.filter(({ state }) => state === 'running');
  if (stranger === undefined) return;
  throw new AppError('HOME_UNKNOWN', { campaign: stranger.slug });
}

/** The proper end of a worker: until another one begins, silence means nothing. */
export async function restHomes(app: HomeApp): Promise<void> {
  const place = await databasePlace(app.pool, app.config);
  const resting: CampaignHome[] = [];
  for (const campaign of await listCampaignHomes(app.pool))
    if ((await judgeHome(app, campaign, place)).kind === 'sender') resting.push(campaign);
  await giveSign(app, resting, { place: place.hash, isResting: true });
}

/** A mark that is ahead may have been written since the row was read: the row is read again before that is believed. */
export async function judgeHome(app: HomeApp, campaign: CampaignHome, place: HomePlace): Promise<HomeVerdict> {
  const marks = readHomeMarks(app.keys.dir, campaign.campaignId);
  const verdict = homeVerdict(campaign.home, marks, place);
  if (verdict.kind !== 'stranger') return verdict;
  const again = await findCampaignHome(app.pool, campaign.campaignId);
  return homeVerdict(again?.home ?? null, marks, place);
}

async function beginHome(app: HomeApp, campaignId: string, place: string): Promise<void> {
  await insertHome(app.pool, campaignId, place);
  writeHomeMark(app.keys.dir, campaignId, { generation: 1, beat: 0 });
}

async function giveSign(
  app: HomeApp,
  campaigns: readonly CampaignHome[],
  sign: { place: string; isResting: boolean },
): Promise<void> {
  if (campaigns.length === 0) return;
  const ids = campaigns.map(({ campaignId }) => campaignId);
  for (const { campaignId, generation, beat } of await beatHomes(app.pool, ids, sign))
    writeHomeMark(app.keys.dir, campaignId, { generation, beat });
}
