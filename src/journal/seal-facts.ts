/**
 * Seals the journal: one sweep under an advisory lock takes all facts without a block and chains a new block over them.
 * Charging and bundles go by block, so a bundle of block n is the same whenever it is made.
 */
import { type Pool, transaction } from '../platform/postgres/db.ts';
import { lockUntilCommit } from '../platform/postgres/locks.ts';
import { type Block, genesisHash, hashBlock } from './chain.ts';
import { hashFact } from './fact.ts';
import { findHead, insertBlock, listUnsealedFacts } from './store.ts';

/** Facts per block: bounds the memory of a sweep; a busier campaign gets several blocks. */
const FACTS_PER_BLOCK = 10_000;

/** Seals until no fact is left without a block. Returns the head, or null when the campaign has no fact at all. */
export async function sealFacts(
  pool: Pool,
  campaignId: string,
  clock: () => Date = () => new Date(),
): Promise<Block | null> {
  for (;;) {
    const { sealed, head } = await transaction(pool, async (tx) => {
      await lockUntilCommit(tx, { lock: 'seal', campaignId });
      const previous = await findHead(tx, campaignId);
      const facts = await listUnsealedFacts(tx, campaignId, FACTS_PER_BLOCK);
      if (facts.length === 0) return { sealed: 0, head: previous };
      const hashed = facts.map((fact) => ({ id: fact.id, hash: hashFact(fact) }));
      const place = {
        campaignId,
        number: (previous?.number ?? 0) + 1,
        previousHash: previous?.hash ?? genesisHash(campaignId),
        sealedAt: clock(),
      };
      const hash = hashBlock({ ...place, factHashes: hashed.map((fact) => fact.hash) });
      const block: Block = { ...place, hash, factCount: facts.length };
      await insertBlock(tx, block, hashed);
      return { sealed: facts.length, head: block };
    });
    if (sealed < FACTS_PER_BLOCK) return head;
  }
}
