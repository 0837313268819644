/** Reads a frozen list version without opening anyone's data. */
import type { Db } from '../platform/db.ts';
import type { HandlingFlag, PersonKind } from './person.ts';

export type ListMember = {
  readonly ref: string;
  /** Opaque random order fixed at freezing, 0-based without gaps. */
  readonly rank: number;
  readonly kind: PersonKind;
  readonly flags: readonly HandlingFlag[];
  readonly hasEmail: boolean;
  readonly hasAddress: boolean;
  readonly leakedItems: readonly string[];
  /** Keyed hash of the e-mail's domain, hexadecimal; null without e-mail. */
  readonly siteKey: string | null;
};

/** Members in rank order, keyset-paged: pass the last rank as `afterRank` (−1 first). */
export async function listMembers(
  _db: Db,
  _campaignId: string,
  _version: number,
  _page: { afterRank: number; limit: number },
): Promise<ListMember[]> {
  throw new Error('in work');
}

/** The leaves of a version in order, hexadecimal, for the evidence bundle: they name no one. */
export async function exportListLeaves(
  _db: Db,
  _campaignId: string,
  _version: number,
  _page: { afterRank: number; limit: number },
): Promise<{ ref: string; rank: number; leaf: string }[]> {
  throw new Error('in work');
}
