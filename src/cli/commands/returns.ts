/** `owabi returns load`: the list of letters that the post brought back. */
import type { Run } from '../command.ts';
import { lineProblems } from '../render/line-problems.ts';

export const runReturnsLoad: Run = async ({ args, say, call }) => {
  const json = await call('load-returns', { campaign: args[0], file: args[1] });
  const { returned, known, cardsBack, byReason, problems } = json;
  const reasons = Object.entries(byReason).map(([reason, count]) => `${say(`cli.returns.reason.${reason}`)} ${count}`);
  const text = say('cli.returns.load.done', { returned, known, cards: cardsBack, reasons: reasons.join(', ') || '-' });
  return { json, text: [text, ...lineProblems(problems, say)].join('\n'), exitCode: problems.length > 0 ? 1 : 0 };
};
