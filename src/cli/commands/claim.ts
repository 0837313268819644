/** `owabi claim`: what the insurer owes on the recorded invoices, and why each other yen is not covered. */
import type { Claim } from '../../ledger/claim.ts';
import { computeClaim, computeClaimUnder } from '../../ledger/compute-claim.ts';
import { listUnpriced } from '../../ledger/list-unpriced.ts';
import { readPolicy } from '../../ledger/read-terms.ts';
import { uncoveredReasons } from '../../ledger/uncovered-reason.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { formatTable, yenText } from '../render/ledger-table.ts';
import { unpricedLines } from '../render/unpriced.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

export const runClaim: AppRun = async (context) => {
  const { app, args, options } = context;
  const campaign = await resolveCampaign(app, args[0]);
  const claim =
    typeof options.policy === 'string'
      ? await computeClaimUnder(app, { campaign: campaign.id, policy: await readPolicy(options.policy) })
      : await computeClaim(app, { campaign: campaign.id });
  const unpriced = await listUnpriced(app, campaign.id);
  const text = [renderClaim(context, claim), ...unpricedLines(context, unpriced)].join('\n');
  return { json: { ...claim, unpriced }, text };
};

function renderClaim({ say }: CommandContext, { categories, total }: Claim): string {
  if (categories.length === 0) return say('cli.claim.empty');
  const right = 'right' as const;
  const money = (row: { incurred: number; eligible: number; payable: number; uncovered: number }) =>
    [row.incurred, row.eligible, row.payable, row.uncovered].map(yenText);
  const table = formatTable(
    [
      { title: say('ledger.column.category') },
      { title: say('ledger.column.label') },
      { title: say('ledger.column.incurred'), align: right },
      { title: say('ledger.column.eligible'), align: right },
      { title: say('ledger.column.payable'), align: right },
      { title: say('ledger.column.uncovered'), align: right },
    ],
    [
      ...categories.map((item) => [
        say(`ledger.category.${item.category}`),
        item.label === '' ? say('ledger.no_label') : item.label,
        ...money(item),
      ]),
      null,
      [say('ledger.total'), '', ...money(total)],
    ],
  );
  if (total.uncovered === 0) return `${table}\n\n${say('cli.claim.covered')}`;
  const reasons = uncoveredReasons
    .map((code) => {
      const of = categories.map((item) => item.reasons.find((reason) => reason.code === code)?.yen ?? 0);
      return { code, yen: of.reduce((a, b) => a + b, 0) };
    })
    .filter((reason) => reason.yen > 0);
  const why = formatTable(
    [{ title: say('cli.claim.why') }, { title: say('ledger.column.yen'), align: right }],
    [
      ...reasons.map((item) => [say(`ledger.reason.${item.code}`), yenText(item.yen)]),
      null,
      [say('ledger.total'), yenText(total.uncovered)],
    ],
  );
  return `${table}\n\n${why}`;
}
