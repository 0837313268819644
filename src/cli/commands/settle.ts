/** `owabi settle`: uncertain mails by the relay's log, or mails and letters by two named people; without either it says how many are left. */
import type { Run } from '../command.ts';

export const runSettle: Run = async ({ args, options, say, call }) => {
  if (Object.keys(options).length === 0) {
    const { mails, letters } = await call('list-uncertain', { campaign: args[0] });
    const json = { settled: 0, left: mails, stopped: 0, withLetter: [], letters };
    return { json, text: say('cli.settle.done', { settled: 0, left: mails }) };
  }
  const json = await call('settle-uncertain', { campaign: args[0], ...options });
  const lines = [say('cli.settle.done', { settled: json.settled, left: json.left })];
  if (json.stopped > 0) lines.push(say('cli.settle.stopped', { count: json.stopped }));
  if (json.withLetter.length > 0)
    lines.push(say('cli.settle.withLetter', { count: json.withLetter.length }), ...json.withLetter);
  return { json, text: lines.join('\n') };
};
