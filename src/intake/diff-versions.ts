/** What changed from one frozen list version to another, each person with the purpose of the wave that it calls for. */
import type { Db } from '../platform/db.ts';

export type ListChange = 'added' | 'removed' | 'items_changed' | 'address_changed' | 'record_changed';

/** Added people need the initial notice, removed ones a retraction, changed items a supplement, a changed address a resend if not yet told. */
export type ProposedPurpose = 'initial' | 'supplement' | 'correction' | 'retraction' | 'resend';

export type ListDifference = {
  readonly ref: string;
  readonly changes: readonly ListChange[];
  readonly proposed: ProposedPurpose;
};

export async function diffVersions(
  _db: Db,
  _campaignId: string,
  _from: number,
  _to: number,
): Promise<{ counts: Record<ListChange, number>; differences: ListDifference[] }> {
  throw new Error('in work');
}
