/** `owabi home take`: a named person says that this home sends for a campaign from now on, and no other does. */
import type { Run } from '../command.ts';

export const runHomeTake: Run = async ({ args, options, say, call }) => {
  const campaign = args[0] ?? '';
  const json = await call('take-home', { campaign, ...options });
  const { taken, generation, mails, letters } = json;
  const lines = [say(taken ? 'cli.home.take.done' : 'cli.home.take.known', { generation })];
  if (mails > 0) lines.push(say('cli.home.take.mails', { mails }));
  if (letters > 0) lines.push(say('cli.home.take.letters', { letters }));
  if (taken) lines.push(say('cli.home.take.next', { campaign }));
  return { json, text: lines.join('\n') };
};
