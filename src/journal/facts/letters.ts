/** The facts that the letters of the delivery room writes. Closed union: a kind that is not listed here cannot be recorded. */
export const letterFacts = ['letters.posted'] as const;
