/** The chain of sealed blocks: pure hashing, shared by the sealing sweep and by the offline verification of a bundle. */
import { hashJson, sha256Hex } from '../kernel/canonical.ts';

export type Block = {
  readonly campaignId: string;
  readonly number: number;
  readonly previousHash: string;
  readonly hash: string;
  readonly factCount: number;
  readonly sealedAt: Date;
};

/** The previous hash of block 1: bound to the campaign, so that two campaigns' chains cannot be exchanged. */
export function genesisHash(campaignId: string): string {
  return sha256Hex(`owabi journal ${campaignId}`);
}

/** The hash of a block over its place, its time and its facts' hashes in order. */
export function hashBlock(block: {
  campaignId: string;
  number: number;
  previousHash: string;
  sealedAt: Date;
  factHashes: readonly string[];
}): string {
  return hashJson({
    campaignId: block.campaignId,
    factHashes: block.factHashes,
    number: block.number,
    previousHash: block.previousHash,
    sealedAt: block.sealedAt.toISOString(),
  });
}
