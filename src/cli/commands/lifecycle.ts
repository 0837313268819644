/** `owabi launch`, `pause`, `resume`, `stop`, `close`: the states of a campaign, one small command each. */

import type { Campaign } from '../../campaign/campaign.ts';
import type { CampaignState, StateReason } from '../../campaign/campaign-state.ts';
import { countLiveWorkers } from '../../delivery/mail/live-workers.ts';
import { closeCampaign } from '../../desk/close-campaign.ts';
import { changeState, launchCampaign, type StateAnswer } from '../../desk/launch-campaign.ts';
import type { App } from '../../platform/app.ts';
import type { CliCommand, CommandContext, CommandResult } from '../command.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

const byOption = ['--by <name>', 'cli.option.by'] as const;

type Act = (context: CommandContext & { app: App }, campaign: Campaign, by: string | null) => Promise<StateAnswer>;

function stateCommand(name: string, act: Act, options: CliCommand['options'] = []): CliCommand {
  return {
    name,
    args: '<campaign>',
    summary: `cli.${name}.summary`,
    options: [byOption, ...options],
    needs: 'app',
    run: async (context): Promise<CommandResult> => {
      const campaign = await resolveCampaign(context.app, context.args[0]);
      const by = typeof context.options.by === 'string' ? context.options.by : null;
      const answer = await act(context, campaign, by);
      const workers = await countLiveWorkers(context.app.pool);
      return toResult(context, answer, workers);
    },
  };
}

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

export const launchCommand = stateCommand(
  'launch',
  ({ app, options }, campaign, by) =>
    launchCampaign(app, { campaign, by, withoutPublication: options.withoutPublication === true }),
  [['--without-publication', 'cli.launch.withoutPublication']],
);
export const pauseCommand = stateCommand('pause', move('paused', 'paused'));
export const resumeCommand = stateCommand('resume', move('running', 'resumed'));
export const stopCommand = stateCommand('stop', move('stopped', 'stopped'));
export const closeCommand = stateCommand('close', ({ app }, campaign, by) => closeCampaign(app, { campaign, by }));
