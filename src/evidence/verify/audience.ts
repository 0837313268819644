/** Who a bundle is for, and which files that reader gets: the least that answers their questions (promise 5). */

export const audiences = ['insurer', 'regulator', 'internal'] as const;
export type Audience = (typeof audiences)[number];

const INSIDE: readonly Audience[] = ['internal'];
const INSURER: readonly Audience[] = ['internal', 'insurer'];
const EVERYBODY: readonly Audience[] = audiences;

/** Every file that a snapshot may have, and who gets it. */
export const readersOfFile: Readonly<Record<string, readonly Audience[]>> = {
  'data/accounting.json': EVERYBODY,
  'data/approvals.csv': EVERYBODY,
  'data/campaign.json': EVERYBODY,
  'data/claim.csv': INSURER,
  'data/claim.json': INSURER,
  'data/columns.csv': INSURER,
  'data/consents.csv': INSURER,
  'data/contacts.csv': EVERYBODY,
  'data/evidence_missing.csv': INSURER,
  'data/figures.json': EVERYBODY,
  'data/gifts.csv': INSURER,
  'data/invoices.csv': INSURER,
  'data/ledger.csv': INSURER,
  'data/ledger.xlsx': INSURER,
  'data/lots.csv': INSURER,
  'data/people/merkle.json': EVERYBODY,
  'data/postings.csv': INSURER,
  'data/publications.csv': EVERYBODY,
  'data/reconcile.json': INSIDE,
  'data/summary.pdf': INSURER,
  'data/totals.csv': EVERYBODY,
};

/**
 * Whether a file of the snapshot goes into a bundle for this audience; one that nobody was named for stays inside. The journal
 * goes into every bundle.
 */
export function isForAudience(path: string, audience: Audience): boolean {
  return (readersOfFile[path] ?? INSIDE).includes(audience);
}
