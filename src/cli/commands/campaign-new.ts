/** `owabi campaign new DIR`: a folder with the sample, and what to do next. Opens no database. */

import { basename, resolve } from 'node:path';
import { idOfFolder, isCampaignId } from '../../campaign/folder/folder-id.ts';
import { scaffoldCampaign } from '../../campaign/folder/scaffold-campaign.ts';
import { toDay } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ConfigRun } from '../command.ts';

export const runCampaignNew: ConfigRun = async ({ args, options, say }) => {
  const dir = args[0] ?? '';
  const today = toDay(new Date());
  const id = typeof options.id === 'string' ? options.id : idOfFolder(basename(resolve(dir)), today);
  if (!isCampaignId(id)) throw new AppError('USAGE_WRONG.id', { id, wanted: { word: 'want.id' } });
  const files = await scaffoldCampaign({ dir, today, id, isTrial: options.trial === true });
  const list = files.map((file) => `  ${file}`).join('\n');
  return { json: { dir, id, files }, text: `${list}\n\n${say('cli.campaign.new.next', { dir })}` };
};
