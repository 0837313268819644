/** The facts that the ledger room writes: which prices count, what vendors billed. Closed union. */
export const ledgerFacts = ['rates.adopted', 'invoice.recorded'] as const;
