/** Every entry of the ledger and its total, after charging what is sealed. */
import { z } from 'zod';
import { entryKinds } from '../../journal/entry.ts';
import { type Ledger, listEntries } from '../../ledger/list-entries.ts';
import { listUnpriced, type UnpricedLine } from '../../ledger/list-unpriced.ts';
import { count, decimal, sha256, unpricedFields } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';
import { chargeJournal } from '../upkeep/charge-journal.ts';

const text = z.string();

export const operation = operationOf({
  // It charges first what the facts say: whoever asks first, the yen are the same.
  kind: 'read',
  input: z.strictObject({}),
  output: z.strictObject({
    entries: z.array(
      z.strictObject({
        sequence: count,
        kind: z.enum(entryKinds),
        serviceDate: z.iso.date(),
        category: text,
        vendor: text,
        description: text,
        driver: text.nullable(),
        quantity: z.number().nullable(),
        unitPrice: decimal.nullable(),
        netYen: count,
        taxYen: count,
        grossYen: count,
        rateId: text.nullable(),
        rateVersion: count.nullable(),
        block: count.nullable(),
        invoiceId: text.nullable(),
        invoiceLineNo: count.nullable(),
        postedAt: z.iso.datetime(),
        previousHash: sha256,
        hash: sha256,
      }),
    ),
    total: count,
    totals: z.strictObject({ net: count, tax: count, gross: count, openAccrual: count, invoiced: count }),
    unpriced: unpricedFields,
  }) satisfies z.ZodType<Ledger & { unpriced: readonly UnpricedLine[] }>,
  run: async ({ app, campaign }) => {
    await chargeJournal(app, { campaignId: campaign.id });
    const ledger = await listEntries(app, { campaign: campaign.id });
    return { ...ledger, unpriced: await listUnpriced(app, campaign.id) };
  },
});
