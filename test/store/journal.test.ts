import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { genesisHash, hashBlock } from '../../src/journal/chain.ts';
import { hashFact } from '../../src/journal/fact.ts';
import { recordFact } from '../../src/journal/record-fact.ts';
import { sealFacts } from '../../src/journal/seal-facts.ts';
import { findHead, listBlockFacts, listBlocks, listFacts } from '../../src/journal/store.ts';
import { transaction } from '../../src/platform/postgres/db.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

const record = (campaignId: string, count = 1) =>
  transaction(database.pool, (tx) =>
    recordFact(tx, {
      campaignId,
      kind: 'mails.submitted',
      occurredAt: new Date(),
      lines: [{ driver: 'mail.accepted', attributes: {}, count }],
      body: { relay_accepted: count },
    }),
  );

describe('the journal', () => {
  it('refuses to change or delete a fact', async () => {
    await record(randomUUID());
    await expect(database.pool.query("update journal.fact set kind = 'x'")).rejects.toThrow('append-only');
    await expect(database.pool.query('delete from journal.fact')).rejects.toThrow('append-only');
    await expect(database.pool.query('truncate journal.fact cascade')).rejects.toThrow('append-only');
  });

  it('seals every fact once and chains the blocks from the campaign’s genesis', async () => {
    const campaignId = randomUUID();
    await record(campaignId, 3);
    await sealFacts(database.pool, campaignId);
    await record(campaignId, 5);
    await record(campaignId, 7);
    const head = await sealFacts(database.pool, campaignId);
    const blocks = await listBlocks(database.pool, campaignId);
    expect(blocks.map((block) => block.factCount)).toEqual([1, 2]);
    expect(blocks[0]?.previousHash).toBe(genesisHash(campaignId));
    expect(blocks[1]?.previousHash).toBe(blocks[0]?.hash);
    expect(head?.hash).toBe(blocks[1]?.hash);
    for (const block of blocks) {
      const facts = await listBlockFacts(database.pool, campaignId, block.number);
      expect(facts.map(({ factHash: _, ordinal: __, ...fact }) => hashFact(fact))).toEqual(
        facts.map((fact) => fact.factHash),
      );
      expect(hashBlock({ ...block, factHashes: facts.map((fact) => fact.factHash) })).toBe(block.hash);
    }
  });

  it('seals a fact that commits late with a smaller id', async () => {
    const campaignId = randomUUID();
    const late = await database.pool.connect();
    await late.query('begin');
    await recordFact(late, { campaignId, kind: 'mails.submitted', occurredAt: new Date(), body: {} });
    await record(campaignId);
    expect((await sealFacts(database.pool, campaignId))?.factCount).toBe(1);
    await late.query('commit');
    late.release();
    const head = await sealFacts(database.pool, campaignId);
    expect(head?.number).toBe(2);
    const facts = await listFacts(database.pool, campaignId);
    expect(facts).toHaveLength(2);
    expect(facts[0]?.id).toBeGreaterThan(facts[1]?.id ?? 0);
  });

  it('never forks when several processes seal at once', async () => {
    const campaignId = randomUUID();
    await Promise.all(Array.from({ length: 20 }, () => record(campaignId)));
    await Promise.all(Array.from({ length: 6 }, () => sealFacts(database.pool, campaignId)));
    const blocks = await listBlocks(database.pool, campaignId);
    expect(blocks.reduce((sum, block) => sum + block.factCount, 0)).toBe(20);
    expect(new Set(blocks.map((block) => block.previousHash)).size).toBe(blocks.length);
    expect(await findHead(database.pool, randomUUID())).toBeNull();
  });
});
