/** `owabi purge`: destroys the keys of a closed campaign, under two names. */
import type { Run } from '../command.ts';

export const runPurge: Run = async ({ args, options, say, call }) => {
  const json = await call('purge-campaign', { campaign: args[0], ...options });
  if (json.kind === 'refused') {
    const lines = json.reasons.map((reason) => `- ${say(`cli.refused.${reason}`)}`);
    return { json, text: [say('cli.purge.refused'), ...lines].join('\n'), exitCode: 1 };
  }
  const { keys, files, folders } = json;
  return { json, text: [say(`cli.purge.${json.kind}`, { keys, files }), ...folders].join('\n') };
};
