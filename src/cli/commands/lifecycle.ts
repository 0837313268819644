/** `owabi launch`, `pause`, `resume`, `stop`, `close`: the states of a campaign, one small command each. */

import type { Campaign } from '../../campaign/campaign.ts';
import type { CampaignState, StateReason } from '../../campaign/campaign-state.ts';
import { countLiveWorkers } from '../../delivery/mail/live-workers.ts';
import { campaignStatus } from '../../desk/campaign-status.ts';
import { closeCampaign } from '../../desk/close-campaign.ts';
import { describeCampaignPlan } from '../../desk/describe-plan.ts';
import { changeState, launchCampaign, type StateAnswer } from '../../desk/launch-campaign.ts';
import type { AppContext, AppRun, CommandContext, CommandResult } from '../command.ts';
import { effectsText } from '../render/plan-effects.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

type Act = (context: AppContext, campaign: Campaign, by: string | null) => Promise<StateAnswer>;

const stateCommand =
  (act: Act): AppRun =>
  async (context) => {
    const campaign = await resolveCampaign(context.app, context.args[0]);
    const by = typeof context.options.by === 'string' ? context.options.by : null;
    const answer = await act(context, campaign, by);
    const workers = await countLiveWorkers(context.app.pool);
    return toResult(context, answer, workers);
  };

function toResult({ say }: CommandContext, answer: StateAnswer, workers: number): CommandResult {
  const state = say(`status.state.${answer.state}`);
  if (answer.kind === 'refused') {
    const reasons = answer.reasons.map((reason) => `- ${say(`cli.refused.${reason}`)}`);
    return {
      json: { state: answer.state, refused: answer.reasons, workers },
      text: [say('cli.state.refused', { state }), ...reasons].join('\n'),
      exitCode: 1,
    };
  }
  const lines = [say('cli.state.done', { state })];
  if (answer.state === 'running' && workers === 0) lines.push(say('cli.state.noWorker'));
  return { json: { state: answer.state, workers }, text: lines.join('\n') };
}

const move =
  (to: CampaignState, reason: StateReason): Act =>
  ({ app }, campaign, by) =>
    changeState(app, { campaign, to, by, reason });

const launch = stateCommand(({ app, options }, campaign, by) =>
  launchCampaign(app, { campaign, by, withoutPublication: options.withoutPublication === true }),
);

/** Says before it starts what is about to happen to whom; with --dry-run it says so and starts nothing. */
export const runLaunch: AppRun = async (context) => {
  const { app, args, options, say } = context;
  const campaign = await resolveCampaign(app, args[0]);
  if (campaign.planId === null) return await launch(context);
  const effects = await describeCampaignPlan(app, campaign);
  if (options.dryRun === true) return { json: { state: campaign.state, effects }, text: effectsText(effects, say) };
  const result = await launch(context);
  const waits = (await campaignStatus(app, campaign.id)).waves.flatMap((wave) =>
    wave.waits
      .filter(({ code }) => code === 'consent' || code === 'stock')
      .map(({ code }) => `${wave.id}: ${say(`status.wait.${code}`)}`),
  );
  return {
    ...result,
    json: { ...(result.json as object), effects },
    text: [effectsText(effects, say), ...waits, '', result.text].join('\n'),
  };
};

/** `owabi plan`: what the newest plan does to whom, without approving or starting anything. */
export const runPlan: AppRun = async ({ app, args, say }) => {
  const effects = await describeCampaignPlan(app, await resolveCampaign(app, args[0]));
  return { json: effects, text: effectsText(effects, say) };
};
export const runPause = stateCommand(move('paused', 'paused'));
export const runResume = stateCommand(move('running', 'resumed'));
export const runStop = stateCommand(move('stopped', 'stopped'));
export const runClose = stateCommand(({ app }, campaign, by) => closeCampaign(app, { campaign, by }));
