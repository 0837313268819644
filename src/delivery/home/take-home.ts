/** A named person says that from now on this home sends for a campaign, and no other does. */
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import type { Campaign } from '../../campaign/campaign.ts';
import { getCampaign } from '../../campaign/find-campaign.ts';
import { writeHomeMark } from '../../campaign/home/home-mark.ts';
import { findCampaignHome, takeHomeRow } from '../../campaign/home/home-store.ts';
import { recordFact } from '../../journal/record-fact.ts';
import { databasePlace } from '../../platform/postgres/database-place.ts';
import { transaction } from '../../platform/postgres/db.ts';
import { countUncertain } from '../mail/trace-store.ts';
import { doubtPlaces } from './doubt-places.ts';
import { countDoubtedLetters } from './doubt-store.ts';
import { type HomeApp, judgeHome, keepHomes } from './keep-homes.ts';
import { suspendHome } from './suspend-home.ts';

export type TakenHome = {
  /** False when it was the home that sends already. */
  readonly taken: boolean;
  readonly generation: number;
  /** What another home may have sent, to be settled by log or by names. */
  readonly mails: number;
  readonly letters: number;
};

/** The campaign stays paused; `resume` is the next step. */
export async function takeHome(app: HomeApp, input: { campaign: Campaign; by: string }): Promise<TakenHome> {
  const campaignId = input.campaign.id;
  await keepHomes(app, { isWorking: false });
  const place = await databasePlace(app.pool, app.config);
  const known = await findCampaignHome(app.pool, campaignId);
  const verdict = known === null ? null : await judgeHome(app, known, place);
  const reason = verdict?.kind === 'stranger' ? verdict.reason : null;
  if (reason === 'unknown_host') await suspendHome(app, { campaignId, place: place.hash, reason });
  const actorId = await ensureActor(app, app.pool, { campaignId, name: input.by });
  const beat = await transaction(app.pool, async (tx) => {
    const taken = await takeHomeRow(tx, campaignId, place.hash);
    if (taken === null) return null;
    const body = { generation: taken.generation, reason: reason ?? 'none' };
    await recordFact(tx, { campaignId, kind: 'home.taken', occurredAt: app.clock(), actorId, body });
    return taken;
  });
  if (beat !== null) writeHomeMark(app.keys.dir, campaignId, beat);
  // Only what a kill left unmarked: what was settled since the suspension stays settled.
  if ((await findCampaignHome(app.pool, campaignId))?.isInDoubt)
    await doubtPlaces(app, await getCampaign(app.pool, campaignId));
  return {
    taken: beat !== null,
    generation: beat?.generation ?? known?.home?.generation ?? 1,
    mails: await countUncertain(app.pool, campaignId),
    letters: await countDoubtedLetters(app.pool, campaignId),
  };
}
