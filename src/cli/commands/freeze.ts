/** `owabi freeze`: the people imported so far become list version n, the one that is approved and sent to. */
import type { Run } from '../command.ts';

export const runFreeze: Run = async ({ args, options, say, call }) => {
  const json = await call('freeze-list', { campaign: args[0], ...options });
  const { version, people, sha256, isNew, changes, cases } = json;
  const lines = [say(isNew ? 'cli.freeze.done' : 'cli.freeze.unchanged', { version, people, sha256 })];
  for (const [change, count] of Object.entries(changes ?? {}))
    if (count > 0) lines.push(`  ${say(`intake.change.${change}`)}: ${count}`);
  if (cases.checked > 0) lines.push(say('cli.freeze.cases', cases));
  return { json, text: lines.join('\n') };
};
