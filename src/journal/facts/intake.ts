/** The facts that the intake room writes. Closed union: a kind that is not listed here cannot be recorded. */
export const intakeFacts = ['roster.imported', 'row.settled', 'merge.undone', 'list.frozen'] as const;
