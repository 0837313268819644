/** `owabi campaign new DIR`: a folder with the sample, and what to do next. */
import type { Run } from '../command.ts';

export const runCampaignNew: Run = async ({ args, options, say, call }) => {
  const json = await call('create-folder', { dir: args[0], ...options });
  const list = json.files.map((file) => `  ${file}`).join('\n');
  return { json, text: `${list}\n\n${say('cli.campaign.new.next', { dir: json.dir })}` };
};
