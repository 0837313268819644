/** `owabi plan`, `launch`, `pause`, `resume`, `stop`, `close`: what will happen, and the states of a campaign. */
import type { OperationOutput } from '../../desk/operations.ts';
import type { CommandContext, CommandResult, Run } from '../command.ts';
import { effectsText } from '../render/plan-effects.ts';

type StateAnswer = OperationOutput<'change-state'>;

function toResult({ say }: CommandContext, answer: StateAnswer): CommandResult {
  const state = say(`status.state.${answer.state}`);
  if (answer.refused !== undefined) {
    const reasons = answer.refused.map((reason) => `- ${say(`cli.refused.${reason}`)}`);
    return { json: answer, text: [say('cli.state.refused', { state }), ...reasons].join('\n'), exitCode: 1 };
  }
  const lines = [say('cli.state.done', { state })];
  if (answer.state === 'running' && answer.workers === 0) lines.push(say('cli.state.noWorker'));
  return { json: answer, text: lines.join('\n') };
}

const changeTo =
  (to: string): Run =>
  async (context) =>
    toResult(context, await context.call('change-state', { campaign: context.args[0], to, ...context.options }));

/** Says what happens to whom; with --dry-run it starts nothing. */
export const runLaunch: Run = async (context) => {
  const { args, options, say } = context;
  if (options.dryRun === true) {
    const effects = await context.call('describe-plan', { campaign: args[0] });
    return { json: { effects }, text: effectsText(effects, say) };
  }
  const { dryRun: _dryRun, ...input } = options;
  const answer = await context.call('launch-campaign', { campaign: args[0], ...input });
  const { json, text, exitCode = 0 } = toResult(context, answer);
  const effects = answer.effects === undefined ? [] : [effectsText(answer.effects, say)];
  return { json, text: [...effects, '', text].join('\n').trimStart(), exitCode };
};

export const runPlan: Run = async ({ args, say, call }) => {
  const effects = await call('describe-plan', { campaign: args[0] });
  return { json: effects, text: effectsText(effects, say) };
};
export const runPause = changeTo('paused');
export const runResume = changeTo('running');
export const runStop = changeTo('stopped');
export const runClose = changeTo('closed');
