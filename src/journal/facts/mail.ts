/** The facts that the mails of the delivery room writes. Closed union: a kind that is not listed here cannot be recorded. */
export const mailFacts = ['mails.accepted'] as const;
