/** `owabi cost add | load | list`: vendors' invoices, which are what is claimed. */
import type { OperationOutput } from '../../desk/operations.ts';
import type { CommandContext, Run } from '../command.ts';
import { formatTable, yenText } from '../render/ledger-table.ts';

export const runCostAdd: Run = async (context) => {
  const json = await context.call('record-invoice', { campaign: context.args[0], ...context.options });
  return { json, text: renderRecorded(context, json) };
};

export const runCostLoad: Run = async (context) => {
  const { args, options, call } = context;
  const json = await call('load-invoices', { campaign: args[0], file: args[1], ...options });
  return { json, text: renderRecorded(context, json) };
};

export const runCostList: Run = async ({ args, say, call }) => {
  const json = await call('list-invoices', { campaign: args[0] });
  if (json.invoices.length === 0) return { json, text: say('cli.cost.empty') };
  const rows = json.invoices.flatMap(({ vendor, invoiceNo, lines }) =>
    lines.map((line) => [
      vendor,
      invoiceNo,
      line.serviceDate,
      say(`ledger.category.${line.category}`),
      line.description,
      yenText(line.grossYen),
    ]),
  );
  const titles = ['vendor', 'invoice_no', 'date', 'category', 'description'].map((name) => ({
    title: say(`ledger.column.${name}`),
  }));
  const table = formatTable(
    [...titles, { title: say('ledger.column.gross'), align: 'right' }],
    [...rows, null, [say('ledger.total'), '', '', '', '', yenText(json.total)]],
  );
  return { json, text: table };
};

function renderRecorded({ say }: CommandContext, { invoices }: OperationOutput<'record-invoice'>): string {
  const lines = invoices.map(({ isNew, vendor, invoiceNo, grossYen }) =>
    say(isNew ? 'cli.cost.recorded' : 'cli.cost.unchanged', { vendor, invoiceNo, yen: yenText(grossYen) }),
  );
  return lines.join('\n');
}
