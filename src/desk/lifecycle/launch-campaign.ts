/** Starts, pauses, resumes, stops: the state is a row that every worker asks before it acts; the queue is only woken. */
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import type { Campaign } from '../../campaign/campaign.ts';
import type { CampaignState, StateReason } from '../../campaign/campaign-state.ts';
import { listPublications } from '../../campaign/publications/record-publication.ts';
import { setState } from '../../campaign/set-state.ts';
import { keepHomes } from '../../delivery/home/keep-homes.ts';
import { errorCodeOf } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { transaction } from '../../platform/postgres/db.ts';

export type StateAnswer =
  | { readonly kind: 'done'; readonly state: CampaignState }
  | { readonly kind: 'refused'; readonly state: CampaignState; readonly reasons: readonly string[] };

/** Why a launch is refused: codes, empty when nothing stands against it. */
async function listLaunchObstacles(app: Pick<App, 'pool'>, campaign: Campaign): Promise<string[]> {
  const obstacles: string[] = [];
  if (campaign.planId === null) obstacles.push('PLAN_NOT_APPROVED');
  if ((await listPublications(app.pool, campaign.id)).length === 0) obstacles.push('PUBLICATION_MISSING');
  return obstacles;
}

/**
 * Launches the approved plan. `withoutPublication` is a named person's override of the wish for a live publication.
 * Idempotent: a second launch of a running campaign changes nothing.
 */
export async function launchCampaign(
  app: App,
  input: { campaign: Campaign; by: string | null; withoutPublication?: boolean },
): Promise<StateAnswer> {
  const { campaign } = input;
  if (campaign.state === 'running') return { kind: 'done', state: 'running' };
  const obstacles = (await listLaunchObstacles(app, campaign)).filter(
    (obstacle) => !(obstacle === 'PUBLICATION_MISSING' && input.withoutPublication === true && input.by !== null),
  );
  if (obstacles.length > 0) return { kind: 'refused', state: campaign.state, reasons: obstacles };
  const answer = await changeState(app, { campaign, to: 'running', by: input.by, reason: 'launched' });
  if (answer.kind === 'done') await wakePlanning(app, campaign.id);
  return answer;
}

/** The launch is on record: while the queues are down the sweep wakes the planning later. */
async function wakePlanning(app: App, campaignId: string): Promise<void> {
  try {
    await app.queues.enqueue('plan-waves', { campaignId });
  } catch (error) {
    if (errorCodeOf(error) !== 'QUEUE_DOWN') throw error;
    app.log.warn({ campaignId, err: error }, 'the queues are down: the sweep wakes the planning later');
  }
}

/** Pause, resume and stop. Workers see the row before their next window of mails and before each lot. */
export async function changeState(
  app: Pick<App, 'pool' | 'keys' | 'clock' | 'log' | 'config'>,
  input: { campaign: Campaign; to: CampaignState; by: string | null; reason: StateReason },
): Promise<StateAnswer> {
  const { campaign, to, by, reason } = input;
  if (to === 'running') await keepHomes(app, { isWorking: false });
  const actorId = by === null ? null : await ensureActor(app, app.pool, { campaignId: campaign.id, name: by });
  const change = await transaction(app.pool, (tx) => setState(tx, { campaign, to, actorId, reason, at: app.clock() }));
  if (change.kind === 'refused') {
    return {
      kind: 'refused',
      state: change.state,
      reasons: [change.why === 'home' ? 'HOME_SUSPENDED' : 'STATE_FORBIDS'],
    };
  }
  return { kind: 'done', state: change.kind === 'changed' ? change.to : change.state };
}
