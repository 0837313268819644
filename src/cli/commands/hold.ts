/** `owabi hold set|release`: the legal hold, under two names. */
import { setLegalHold } from '../../campaign/set-legal-hold.ts';
import { AppError } from '../../kernel/errors.ts';
import type { AppContext, AppRun, CommandResult } from '../command.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

export const runHoldSet: AppRun = async (context) => await change(context, true);
export const runHoldRelease: AppRun = async (context) => await change(context, false);

async function change({ app, args, options, say }: AppContext, isHeld: boolean): Promise<CommandResult> {
  const campaign = await resolveCampaign(app, args[0]);
  const { by, and } = options;
  if (typeof by !== 'string' || typeof and !== 'string') throw new AppError('USAGE_WRONG.twoNames');
  const answer = await setLegalHold(app, { campaign, isHeld, by, and });
  if (answer.kind === 'refused') {
    const lines = answer.reasons.map((reason) => `- ${say(`cli.refused.${reason}`)}`);
    return { json: answer, text: [say('cli.hold.refused'), ...lines].join('\n'), exitCode: 1 };
  }
  return { json: { legalHold: isHeld }, text: say(isHeld ? 'cli.hold.held' : 'cli.hold.released') };
}
