/** Walks a ledger's chain, as `verify` does with the table of a bundle. */
import { type Entry, genesisEntryHash, hashEntry } from '../../src/journal/entry.ts';

/** The sequence of the first entry whose hash or predecessor is wrong; null when the chain holds. */
export function findBrokenEntry(campaignId: string, entries: readonly Entry[]): number | null {
  let previousHash = genesisEntryHash(campaignId);
  for (const [index, entry] of entries.entries()) {
    const fits = entry.sequence === index + 1 && entry.previousHash === previousHash && hashEntry(entry) === entry.hash;
    if (!fits) return entry.sequence;
    previousHash = entry.hash;
  }
  return null;
}
