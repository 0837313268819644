/** The facts that the ledger room writes: which prices count, what vendors billed, what came back. Closed union. */
export const ledgerFacts = ['rates.adopted', 'invoice.recorded', 'recovery.recorded'] as const;
