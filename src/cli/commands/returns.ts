/** `owabi returns load`: the list of letters that the post brought back. */
import { recordReturns } from '../../delivery/letters/record-returns.ts';
import type { AppRun } from '../command.ts';
import { resolveCampaign } from '../resolve-campaign.ts';
import { describeProblems, readVendorFile } from './lots.ts';

export const runReturnsLoad: AppRun = async ({ app, args, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const result = await recordReturns(app, { campaign, data: await readVendorFile(args[1]) });
  const reasons = Object.entries(result.byReason).map(
    ([reason, count]) => `${say(`cli.returns.reason.${reason}`)} ${count}`,
  );
  const text = say('cli.returns.load.done', {
    returned: result.returned,
    known: result.known,
    cards: result.cardsBack,
    reasons: reasons.join(', ') || '-',
  });
  return {
    json: result,
    text: [text, ...describeProblems(result.problems, say)].join('\n'),
    exitCode: result.problems.length > 0 ? 1 : 0,
  };
};
