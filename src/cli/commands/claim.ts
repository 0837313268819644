/** `owabi claim`: what the insurer owes on the recorded invoices, and why each other yen is not covered. */

import { sumReasons } from '../../desk/fields/sum-reasons.ts';
import type { OperationOutput } from '../../desk/operations.ts';
import type { CommandContext, Run } from '../command.ts';
import { formatTable, yenText } from '../render/ledger-table.ts';
import { unpricedText } from '../render/unpriced.ts';

type Claim = OperationOutput<'compute-claim'>;

export const runClaim: Run = async (context) => {
  const { args, options, call } = context;
  const json = await call('compute-claim', { campaign: args[0], ...options });
  return { json, text: [renderClaim(context, json), ...unpricedText(context, json.unpriced)].join('\n') };
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
  const reasons = sumReasons(categories);
  const why = formatTable(
    [{ title: say('cli.claim.why') }, { title: say('ledger.column.yen'), align: right }],
    [
      ...reasons.map(({ code, yen }) => [say(`ledger.reason.${code}`), yenText(yen)]),
      null,
      [say('ledger.total'), yenText(total.uncovered)],
    ],
  );
  return `${table}\n\n${why}`;
}
