/** Records the invoices of a file. The same file again changes nothing. */
import { z } from 'zod';
import { readInvoiceFile } from '../../ledger/read-invoice-file.ts';
import { recordInvoices } from '../../ledger/record-invoice.ts';
import { recordedInvoices } from '../invoice-fields.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ file: z.string() }),
  output: recordedInvoices,
  run: async ({ app, campaign }, { file }) =>
    await recordInvoices(app, { campaign: campaign.id, invoices: await readInvoiceFile(file) }),
});
