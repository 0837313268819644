/** The recorded invoices with their lines, and what they come to. */
import { z } from 'zod';
import { listInvoices } from '../../ledger/compute-claim.ts';
import { invoiceFields } from '../fields/invoice-fields.ts';
import { count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({}),
  output: z.strictObject({ invoices: z.array(invoiceFields), total: count }),
  run: async ({ app, campaign }) => {
    const invoices = await listInvoices(app, campaign.id);
    return {
      invoices: invoices.map(({ fileId: _, recordedAt, lines, ...invoice }) => ({
        ...invoice,
        recordedAt: recordedAt.toISOString(),
        lines: lines.map(({ quantity, netYen, taxYen, grossYen, ...line }) => ({
          ...line,
          quantity: quantity === null ? null : Number(quantity),
          netYen: Number(netYen),
          taxYen: Number(taxYen),
          grossYen: Number(grossYen),
        })),
      })),
      total: invoices.reduce((sum, { grossYen }) => sum + grossYen, 0),
    };
  },
});
