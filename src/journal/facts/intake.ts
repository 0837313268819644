/** The facts that the intake room writes. Closed union: a kind that is not listed here cannot be recorded. */
export const intakeFacts = ['list.frozen'] as const;
