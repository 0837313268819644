/** Records the invoices of a file. The same file again changes nothing. */
import { z } from 'zod';
import { readInvoiceFile } from '../../ledger/read-invoice-file.ts';
import { recordInvoices } from '../../ledger/record-invoice.ts';
import { recordedInvoices } from '../fields/invoice-fields.ts';
import { actingName } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ file: z.string(), by: actingName.optional() }),
  output: recordedInvoices,
  run: async ({ app, campaign, actor }, { file, by }) => {
    const invoices = await readInvoiceFile(file);
    const actorId = by === undefined ? null : await actor(by);
    return await recordInvoices(app, { campaign: campaign.id, invoices, actorId });
  },
});
