/** `owabi campaign new DIR`: a folder with a valid sample, and what to do next. Opens no database. */

import { scaffoldCampaign } from '../campaign/scaffold-campaign.ts';
import { toDay } from '../kernel/calendar.ts';
import { AppError } from '../kernel/errors.ts';
import type { CliCommand } from './command.ts';

export const campaignNewCommand: CliCommand = {
  name: 'campaign new',
  args: '<dir>',
  summary: 'cli.campaign.new.summary',
  options: [['--id <id>', 'cli.campaign.new.id']],
  needs: 'config',
  run: async ({ args, options, say }) => {
    const dir = args[0] ?? '';
    const id = typeof options.id === 'string' ? options.id : undefined;
    if (id !== undefined && !/^[a-z0-9][a-z0-9-]{1,39}$/.test(id)) {
      throw new AppError('USAGE_WRONG', `${id} is not an id`, { hint: 'Lower-case letters, digits and hyphens.' });
    }
    const files = await scaffoldCampaign({ dir, today: toDay(new Date()), ...(id === undefined ? {} : { id }) });
    const list = files.map((file) => `  ${file}`).join('\n');
    return { json: { dir, files }, text: `${list}\n\n${say('cli.campaign.new.next', { dir })}` };
  },
};
