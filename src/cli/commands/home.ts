/** `owabi home take`: a named person says that this home sends for a campaign from now on, and no other does. */
import { takeHome } from '../../delivery/home/take-home.ts';
import { AppError } from '../../kernel/errors.ts';
import type { AppRun } from '../command.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

export const runHomeTake: AppRun = async ({ app, args, options, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  if (typeof options.by !== 'string') throw new AppError('USAGE_WRONG.homeBy');
  const done = await takeHome(app, { campaign, by: options.by });
  const { generation, mails, letters } = done;
  const lines = [say(done.taken ? 'cli.home.take.done' : 'cli.home.take.known', { generation })];
  if (mails > 0) lines.push(say('cli.home.take.mails', { mails }));
  if (letters > 0) lines.push(say('cli.home.take.letters', { letters }));
  if (done.taken) lines.push(say('cli.home.take.next', { campaign: campaign.slug }));
  return { json: done, text: lines.join('\n') };
};
