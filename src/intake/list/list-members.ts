/** Reads a frozen list version without opening anyone's data. */
import { AppError } from '../../kernel/errors.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { HandlingFlag, PersonKind } from '../person.ts';
import { findVersion, listLeaves, listMemberRows } from './store.ts';

export type ListMember = {
  readonly ref: string;
  /** Opaque random order fixed at freezing, 0-based without gaps. */
  readonly rank: number;
  readonly kind: PersonKind;
  /** `minor` as of the day of the import; the notice counts again on the day of sending. */
  readonly flags: readonly HandlingFlag[];
  readonly hasEmail: boolean;
  readonly hasAddress: boolean;
  readonly leakedItems: readonly string[];
  /** Keyed hash of the e-mail's domain, hexadecimal; null without e-mail. */
  readonly siteKey: string | null;
};

export type ListVersion = {
  readonly version: number;
  readonly people: number;
  readonly sha256: string;
  readonly frozenAt: Date;
  readonly actorId: string | null;
};

/** Throws LIST_VERSION_MISSING. */
export async function getListVersion(db: Db, campaignId: string, version: number): Promise<ListVersion> {
  const found = await findVersion(db, campaignId, version);
  if (found === null) throw new AppError('LIST_VERSION_MISSING', { version });
  return {
    version: found.version,
    people: found.people,
    sha256: found.sha256,
    frozenAt: found.frozen_at,
    actorId: found.actor_id,
  };
}

/** Members in rank order, keyset-paged: pass the last rank as `afterRank` (−1 first). */
export async function listMembers(
  db: Db,
  campaignId: string,
  version: number,
  page: { afterRank: number; limit: number },
): Promise<ListMember[]> {
  const found = await listMemberRows(db, campaignId, version, page);
  return found.map((member) => ({
    ref: member.ref,
    rank: member.rank,
    kind: member.kind,
    flags: member.flags,
    hasEmail: member.has_email,
    hasAddress: member.has_address,
    leakedItems: member.leaked_items,
    siteKey: member.site_blind?.toString('hex') ?? null,
  }));
}

/** The leaves of a version in order, hexadecimal, for the evidence bundle: they name no one. */
export async function exportListLeaves(
  db: Db,
  campaignId: string,
  version: number,
  page: { afterRank: number; limit: number },
): Promise<{ ref: string; rank: number; leaf: string }[]> {
  const found = await listLeaves(db, campaignId, version, page);
  return found.map(({ ref, rank, leaf }) => ({ ref, rank, leaf: leaf.toString('hex') }));
}
