/** `owabi campaign new DIR`: a folder with the sample, and what to do next. Opens no database. */

import { basename, resolve } from 'node:path';
import { scaffoldCampaign } from '../../campaign/folder/scaffold-campaign.ts';
import { toDay } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ConfigRun } from '../command.ts';

export const runCampaignNew: ConfigRun = async ({ args, options, say }) => {
  const dir = args[0] ?? '';
  const id = typeof options.id === 'string' ? options.id : idOfFolder(dir);
  if (!isId(id)) throw new AppError('USAGE_WRONG', `${id} is not an id`, { hint: say('want.id') });
  const files = await scaffoldCampaign({ dir, today: toDay(new Date()), id, isTrial: options.trial === true });
  const list = files.map((file) => `  ${file}`).join('\n');
  return { json: { dir, id, files }, text: `${list}\n\n${say('cli.campaign.new.next', { dir })}` };
};

const isId = (text: string) => /^[a-z0-9][a-z0-9-]{1,39}$/.test(text);

/** The folder's own name when it can be an id, so that two new folders are two campaigns; else a dated one. */
function idOfFolder(dir: string): string {
  const name = basename(resolve(dir))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return isId(name) ? name : `campaign-${toDay(new Date())}`;
}
