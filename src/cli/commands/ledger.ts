/** `owabi ledger`: every entry and its total, after charging what is sealed. */
import { chargeJournal } from '../../desk/charge-journal.ts';
import { type Ledger, listEntries } from '../../ledger/list-entries.ts';
import { listUnpriced } from '../../ledger/list-unpriced.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { formatTable, yenText } from '../render/ledger-table.ts';
import { unpricedLines } from '../render/unpriced.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

export const runLedger: AppRun = async (context) => {
  const { app, args } = context;
  const campaign = await resolveCampaign(app, args[0]);
  await chargeJournal(app, { campaignId: campaign.id });
  const ledger = await listEntries(app, { campaign: campaign.id });
  const unpriced = await listUnpriced(app, campaign.id);
  const text = [renderLedger(context, ledger), ...unpricedLines(context, unpriced)].join('\n');
  return { json: { ...ledger, unpriced }, text };
};

function renderLedger({ say }: CommandContext, { entries, totals }: Ledger): string {
  if (entries.length === 0) return say('cli.ledger.empty');
  const rows = entries.map((entry) => [
    String(entry.sequence),
    entry.serviceDate,
    say(`ledger.kind.${entry.kind}`),
    say(`ledger.category.${entry.category}`),
    entry.description,
    entry.quantity === null ? '' : yenText(entry.quantity),
    priceText(entry.unitPrice),
    yenText(entry.grossYen),
  ]);
  const right = 'right' as const;
  const table = formatTable(
    [
      { title: '#', align: right },
      { title: say('ledger.column.date') },
      { title: say('ledger.column.kind') },
      { title: say('ledger.column.category') },
      { title: say('ledger.column.description') },
      { title: say('ledger.column.quantity'), align: right },
      { title: say('ledger.column.unit_price'), align: right },
      { title: say('ledger.column.gross'), align: right },
    ],
    [...rows, null, [say('ledger.total'), '', '', '', '', '', '', yenText(totals.gross)]],
  );
  const split = say('cli.ledger.split', {
    invoiced: yenText(totals.invoiced),
    accrual: yenText(totals.openAccrual),
  });
  return `${table}\n\n${split}`;
}

/** `500000` → `500,000`, `106.7` as it is: separators in the whole part only. */
function priceText(price: string | null): string {
  const [whole = '', rest] = (price ?? '').split('.');
  const yen = whole === '' ? '' : yenText(BigInt(whole));
  return rest === undefined ? yen : `${yen}.${rest}`;
}
