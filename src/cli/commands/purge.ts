/** `owabi purge`: destroys the keys of a closed campaign, under two names. */
import { purgeCampaign } from '../../desk/purge-campaign.ts';
import { AppError } from '../../kernel/errors.ts';
import type { AppRun } from '../command.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

export const runPurge: AppRun = async ({ app, args, options, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const { by, and } = options;
  if (typeof by !== 'string' || typeof and !== 'string') {
    throw new AppError('USAGE_WRONG.twoPeople');
  }
  const answer = await purgeCampaign(app, {
    campaign,
    by,
    and,
    scope: options.all === true ? 'all' : 'addresses',
    dryRun: options.dryRun === true,
  });
  if (answer.kind === 'refused') {
    const lines = answer.reasons.map((reason) => `- ${say(`cli.refused.${reason}`)}`);
    return { json: answer, text: [say('cli.purge.refused'), ...lines].join('\n'), exitCode: 1 };
  }
  const { keys, files, folders } = answer;
  return { json: answer, text: [say(`cli.purge.${answer.kind}`, { keys, files }), ...folders].join('\n') };
};
