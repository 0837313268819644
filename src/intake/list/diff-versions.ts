/** What changed from one frozen list version to another, each person with the purpose of the wave that it calls for. */
import type { NoticePurpose } from '../../campaign/wave/purpose.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { listDifferences } from './store.ts';

export type ListChange = 'added' | 'removed' | 'items_changed' | 'address_changed' | 'record_changed';

export type ListDifference = {
  readonly ref: string;
  readonly changes: readonly ListChange[];
  /** Added: initial. Removed: retraction. Items: supplement. Address: resend, for those not yet told. Anything else: correction. */
  readonly proposed: NoticePurpose;
};

const purposeOf: Readonly<Record<ListChange, NoticePurpose>> = {
  added: 'initial',
  removed: 'retraction',
  items_changed: 'supplement',
  address_changed: 'resend',
  record_changed: 'correction',
};

/** In the order of references; people who are the same in both versions are left out. */
export async function diffVersions(
  db: Db,
  campaignId: string,
  from: number,
  to: number,
): Promise<{ counts: Record<ListChange, number>; differences: ListDifference[] }> {
  const counts: Record<ListChange, number> = {
    added: 0,
    removed: 0,
    items_changed: 0,
    address_changed: 0,
    record_changed: 0,
  };
  const differences = (await listDifferences(db, campaignId, from, to)).map((row): ListDifference => {
    const changes: ListChange[] = [];
    if (row.is_added) changes.push('added');
    if (row.is_removed) changes.push('removed');
    if (row.items_changed) changes.push('items_changed');
    if (row.address_changed) changes.push('address_changed');
    if (changes.length === 0) changes.push('record_changed');
    for (const change of changes) counts[change] += 1;
    return { ref: row.ref, changes, proposed: purposeOf[changes[0] ?? 'record_changed'] };
  });
  return { counts, differences };
}
