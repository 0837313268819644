/** `owabi hold set|release`: the legal hold, under two names. */
import type { Run } from '../command.ts';

const holdTo =
  (isHeld: boolean): Run =>
  async ({ args, options, say, call }) => {
    const json = await call('hold-campaign', { campaign: args[0], isHeld, ...options });
    if ('kind' in json) {
      const lines = json.reasons.map((reason) => `- ${say(`cli.refused.${reason}`)}`);
      return { json, text: [say('cli.hold.refused'), ...lines].join('\n'), exitCode: 1 };
    }
    return { json, text: say(isHeld ? 'cli.hold.held' : 'cli.hold.released') };
  };

export const runHoldSet = holdTo(true);
export const runHoldRelease = holdTo(false);
