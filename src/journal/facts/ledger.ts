/** The facts that the ledger room writes: which prices count, what vendors billed. Closed table. */
import { z } from 'zod';
import { type BodyFormat, count, firstForm, ref, sha256, slug, yen } from './fact-body.ts';

export const ledgerFacts = {
  'rates.adopted': firstForm({ cardId: slug, rateVersionId: ref, ratesSha256: sha256, replaces: sha256.nullable() }),
  'invoice.recorded': firstForm({
    invoiceId: ref,
    invoiceSha256: sha256,
    invoiceDate: z.iso.date(),
    lines: count,
    netYen: yen,
    taxYen: yen,
    grossYen: yen,
  }),
} as const satisfies Record<string, BodyFormat>;
