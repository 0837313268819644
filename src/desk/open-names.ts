/**
 * The names behind a work list, and the cells of rejected rows. Who looks at whom is on record before anything is shown (promise 5),
 * so a list opens no more of them than a person reads at once.
 */
import type { Campaign } from '../campaign/campaign.ts';
import { getPeople } from '../intake/get-people.ts';
import { listOpenRows, type OpenRow } from '../intake/rejected/list-open-rows.ts';
import { AppError } from '../kernel/errors.ts';
import type { ReadContext } from './operation.ts';

/** A screenful or two; the rest is shown by reference. */
export const MAX_NAMED = 50;

type Looking = Pick<ReadContext, 'app' | 'concerns'> & { readonly campaign: Campaign };

/** Names of the first `MAX_NAMED` of `refs`, as the newest list version has them; none when the keys were destroyed. */
export async function openNames(
  { app, campaign, concerns }: Looking,
  refs: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const shown = [...new Set(refs)].slice(0, MAX_NAMED);
  try {
    const people = await getPeople(app, campaign, shown);
    await concerns([...people.keys()]);
    return Object.fromEntries([...people].map(([ref, person]) => [ref, person.name]));
  } catch (error) {
    // After a purge the work that is left is still listed, by reference.
    if (error instanceof AppError && error.code === 'KEY_MISSING') return {};
    throw error;
  }
}

/** The open rows, the first `MAX_NAMED` with their cells. */
export async function openRejectedRows({ app, campaign, concerns }: Looking): Promise<readonly OpenRow[]> {
  const rows = await listOpenRows(app, { campaign, withCells: app.keys.has(campaign.id) });
  const shown = rows.slice(0, MAX_NAMED);
  await concerns(shown.flatMap(({ id, cells }) => (cells === undefined ? [] : [id])));
  return [...shown, ...rows.slice(MAX_NAMED).map(({ cells: _, ...row }) => row)];
}
