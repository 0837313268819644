/**
 * The facts that the evidence room writes: what the totals were at a point of the chain, which bundle left the company,
 * who looked at one person's data, and who had the counters counted anew. Closed union: a kind that is not listed here cannot be recorded.
 */
export const evidenceFacts = ['evidence.snapshot_taken', 'bundle.built', 'person.viewed', 'counters.rebuilt'] as const;
