/** Who a bundle is for, and which files that reader gets: the least that answers their questions (promise 5). */

export const audiences = ['insurer', 'regulator', 'internal'] as const;
export type Audience = (typeof audiences)[number];

const REGULATOR_FILES = [
  'data/campaign.json',
  'data/accounting.json',
  'data/figures.json',
  'data/publications.csv',
  'data/contacts.csv',
  'data/approvals.csv',
  'data/people/merkle.json',
  'data/totals.csv',
];

/** Files of the snapshot that never leave the company in a bundle for others. */
const INTERNAL_FILES = ['data/reconcile.json'];

/** Whether a file of the snapshot goes into a bundle for this audience. The journal goes into every bundle. */
export function isForAudience(path: string, audience: Audience): boolean {
  if (audience === 'internal') return true;
  if (audience === 'regulator') return REGULATOR_FILES.includes(path);
  return !INTERNAL_FILES.includes(path);
}
