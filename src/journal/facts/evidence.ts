/** The facts that the evidence room writes. Closed union: a kind that is not listed here cannot be recorded. */
export const evidenceFacts = ['bundle.built'] as const;
