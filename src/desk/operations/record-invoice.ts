/** Records a vendor's invoice of one line: invoices are what is claimed. The same invoice again changes nothing. */
import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { invoiceColumns, readInvoiceRows } from '../../ledger/invoice-file.ts';
import { recordInvoices } from '../../ledger/record-invoice.ts';
import { columns, isColumn, recordedInvoices, typedLine } from '../fields/invoice-fields.ts';
import { actingName } from '../fields/operation-field.ts';
import { fieldFault } from '../input-faults.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ ...typedLine, by: actingName.optional() }),
  output: recordedInvoices,
  run: async ({ app, campaign, actor, nameOf }, { by, ...line }) => {
    const cells = Object.fromEntries(columns.map((column) => [invoiceColumns[column][0], String(line[column] ?? '')]));
    const { invoices, problems } = readInvoiceRows('', [{ line: 0, cells }]);
    if (problems.length > 0) {
      const faults = problems.map(({ path, message }) =>
        fieldFault(nameOf, [path], isColumn(path) && line[path] === undefined ? { word: 'yaml.missing' } : message),
      );
      throw new AppError('INVOICE_INVALID.options', { faults });
    }
    const actorId = by === undefined ? null : await actor(by);
    return await recordInvoices(app, { campaign: campaign.id, invoices, actorId });
  },
});
