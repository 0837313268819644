/** `owabi ledger`: every entry and its total, after charging what is sealed. */
import type { OperationOutput } from '../../desk/operations.ts';
import type { CommandContext, Run } from '../command.ts';
import { formatTable, yenText } from '../render/ledger-table.ts';
import { unpricedText } from '../render/unpriced.ts';

type Ledger = OperationOutput<'list-ledger'>;

export const runLedger: Run = async (context) => {
  const json = await context.call('list-ledger', { campaign: context.args[0] });
  return { json, text: [renderLedger(context, json), ...unpricedText(context, json.unpriced)].join('\n') };
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
