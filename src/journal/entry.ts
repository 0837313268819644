/** Entries of the ledger and their chain: each carries the hash of the one before, so nothing can be taken out unnoticed. */

import type { Day } from '../kernel/calendar.ts';
import { hashJson, sha256Hex } from '../kernel/canonical.ts';
import type { CostCategory } from '../kernel/cost-category.ts';
import { newRef } from '../kernel/ids.ts';

/**
 * accrual: a cost that an event caused (forecast). adjustment: the same, after other prices were adopted. invoice: what a vendor
 * billed, credit notes included (only these are claimed). reversal: an accrual that an invoice has replaced.
 */
export const entryKinds = ['accrual', 'adjustment', 'invoice', 'reversal'] as const;
export type EntryKind = (typeof entryKinds)[number];

/** An entry before it has its place in the chain. Yen are whole; unit prices are exact text; quantity null = a lump sum. */
export type EntryDraft = {
  readonly kind: EntryKind;
  readonly category: CostCategory;
  readonly vendor: string;
  readonly description: string;
  readonly driver: string | null;
  readonly rateVersionId: string | null;
  readonly rateId: string | null;
  readonly block: number | null;
  readonly invoiceId: string | null;
  readonly invoiceLineNo: number | null;
  readonly factId: number | null;
  readonly serviceDate: Day;
  readonly quantity: bigint | null;
  readonly unitPrice: string | null;
  readonly exactAmount: bigint | null;
  readonly netYen: bigint;
  readonly taxYen: bigint;
  readonly grossYen: bigint;
};

export type Entry = EntryDraft & {
  readonly id: string;
  readonly campaignId: string;
  readonly sequence: number;
  readonly postedAt: Date;
  readonly previousHash: string;
  readonly hash: string;
};

export type EntryHead = { readonly sequence: number; readonly hash: string };

/** What the first entry of a campaign names as the one before. */
export function genesisEntryHash(campaignId: string): string {
  return sha256Hex(`owabi ledger ${campaignId}`);
}

/** SHA-256 over everything the entry says, its place and its predecessor included. */
export function hashEntry(entry: Omit<Entry, 'hash'>): string {
  const { hash: _, ...rest } = entry as Entry;
  return hashJson({ ...rest, postedAt: entry.postedAt.toISOString() });
}

/** Gives drafts their places after `head` (null: the first of the campaign). */
export function chainEntries(
  campaignId: string,
  head: EntryHead | null,
  drafts: readonly EntryDraft[],
  postedAt: Date,
): Entry[] {
  let previousHash = head?.hash ?? genesisEntryHash(campaignId);
  let sequence = head?.sequence ?? 0;
  return drafts.map((draft) => {
    sequence += 1;
    const unhashed = { ...draft, id: newRef(), campaignId, sequence, postedAt, previousHash };
    const hash = hashEntry(unhashed);
    previousHash = hash;
    return { ...unhashed, hash };
  });
}
