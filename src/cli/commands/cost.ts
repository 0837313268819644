/** `owabi cost add | load | list`: vendors' invoices, which are what is claimed. */
import { AppError } from '../../kernel/errors.ts';
import { listInvoices } from '../../ledger/compute-claim.ts';
import { type InvoiceColumn, invoiceColumns, readInvoiceRows } from '../../ledger/invoice-file.ts';
import { readInvoiceFile } from '../../ledger/read-invoice-file.ts';
import { type RecordedInvoices, recordInvoices } from '../../ledger/record-invoice.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { optionFault } from '../read-options.ts';
import { formatTable, yenText } from '../render/ledger-table.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

const columns = Object.keys(invoiceColumns) as InvoiceColumn[];

export const runCostAdd: AppRun = async (context) => {
  const { app, args, options } = context;
  const campaign = await resolveCampaign(app, args[0]);
  const cells = Object.fromEntries(
    columns.map((column) => [invoiceColumns[column][0], options[column] === undefined ? '' : String(options[column])]),
  );
  const { invoices, problems } = readInvoiceRows('', [{ line: 0, cells }]);
  if (problems.length > 0) {
    const faults = problems.map(({ path, message }) => optionFault(path, message));
    throw new AppError('INVOICE_INVALID.options', { faults });
  }
  const done = await recordInvoices(app, { campaign: campaign.id, invoices });
  return { json: done, text: renderRecorded(context, done) };
};

export const runCostLoad: AppRun = async (context) => {
  const { app, args } = context;
  const campaign = await resolveCampaign(app, args[0]);
  const invoices = await readInvoiceFile(args[1] ?? '');
  const done = await recordInvoices(app, { campaign: campaign.id, invoices });
  return { json: done, text: renderRecorded(context, done) };
};

export const runCostList: AppRun = async ({ app, args, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const invoices = await listInvoices(app, campaign.id);
  const json = {
    invoices: invoices.map(({ fileId: _, ...invoice }) => ({
      ...invoice,
      lines: invoice.lines.map((line) => ({
        ...line,
        quantity: line.quantity === null ? null : Number(line.quantity),
      })),
    })),
    total: invoices.reduce((sum, invoice) => sum + invoice.grossYen, 0),
  };
  if (invoices.length === 0) return { json, text: say('cli.cost.empty') };
  const rows = invoices.flatMap((invoice) =>
    invoice.lines.map((line) => [
      invoice.vendor,
      invoice.invoiceNo,
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

function renderRecorded({ say }: CommandContext, done: RecordedInvoices): string {
  const lines = done.invoices.map((invoice) =>
    say(invoice.isNew ? 'cli.cost.recorded' : 'cli.cost.unchanged', {
      vendor: invoice.vendor,
      invoiceNo: invoice.invoiceNo,
      yen: yenText(invoice.grossYen),
    }),
  );
  return lines.join('\n');
}
