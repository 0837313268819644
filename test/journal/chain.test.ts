// The chain as anybody can check it with sha256sum: the digests below are those of the lines of canonical JSON above them.
import { describe, expect, it } from 'vitest';
import { genesisHash, hashBlock } from '../../src/journal/chain.ts';
import { type EventRow, type Fact, hashEvents, hashFact } from '../../src/journal/fact.ts';
import { sha256Hex } from '../../src/kernel/canonical.ts';

const campaignId = '6a1f0f7e-0000-4000-8000-000000000001';

describe('the chain of blocks', () => {
  it('begins with the campaign, so that no other campaign’s chain fits', () => {
    // owabi journal 6a1f0f7e-0000-4000-8000-000000000001
    expect(genesisHash(campaignId)).toBe('e26b82c9ce76787ccaa0771f1292b06b88afe19afbb56c834a77e5ee1dddb5f9');
  });

  it('binds a block to its campaign, place, predecessor, time and facts in their order', () => {
    const block = {
      campaignId,
      number: 2,
      previousHash: '00ff',
      sealedAt: new Date('2026-11-25T00:00:00Z'),
      factHashes: ['aa', 'bb'],
    };
    // {"campaignId":"6a1f0f7e-0000-4000-8000-000000000001","factHashes":["aa","bb"],"number":2,"previousHash":"00ff",
    // "sealedAt":"2026-11-25T00:00:00.000Z"}, without the line break
    expect(hashBlock(block)).toBe('5544dfeeadc71d7c0558c3a9d9fc852fc344328e223d65163c2e0ad88eb40b9e');
    const others = [
      { ...block, campaignId: 'another' },
      { ...block, number: 3 },
      { ...block, previousHash: '00fe' },
      { ...block, sealedAt: new Date('2026-11-25T00:00:00.001Z') },
      { ...block, factHashes: ['bb', 'aa'] },
      { ...block, factHashes: ['aa'] },
    ].map(hashBlock);
    expect(new Set([hashBlock(block), ...others]).size).toBe(7);
  });
});

describe('a fact', () => {
  const events: EventRow[] = [
    ['b', 'bounced', 2, '2026-11-25T01:00:00.000Z', '5.1.1'],
    ['a', 'accepted', 1, '2026-11-25T00:00:00.000Z', 'ok'],
  ];

  it('hashes its events line by line, in whatever order they were written', () => {
    // ["a","accepted",1,"2026-11-25T00:00:00.000Z","ok"]
    // ["b","bounced",2,"2026-11-25T01:00:00.000Z","5.1.1"]
    const digest = 'd2e3d41fceec7f79d211570744ece3c33b71dfc8c06c47c65777d48ec024f0b2';
    expect(hashEvents(events)).toBe(digest);
    expect(hashEvents(events.toReversed())).toBe(digest);
    expect(hashEvents([])).toBe(sha256Hex(''));
  });

  it('is another one when anything that it says is another', () => {
    const fact: Fact = {
      id: 7,
      campaignId,
      kind: 'mails.submitted',
      occurredAt: new Date('2026-11-25T00:00:00Z'),
      recordedAt: new Date('2026-11-25T00:00:01Z'),
      actorId: null,
      lines: [{ driver: 'mail.accepted', attributes: {}, count: 2 }],
      personsFirst: 2,
      eventCount: 2,
      eventsSha256: hashEvents(events),
      body: { accepted: 2 },
      reverses: null,
    };
    const changes: Partial<Fact>[] = [
      {},
      { id: 8 },
      { campaignId: 'another' },
      { kind: 'mails.reported' },
      { occurredAt: fact.recordedAt },
      { recordedAt: fact.occurredAt },
      { actorId: campaignId },
      { lines: [] },
      { personsFirst: 1 },
      { eventCount: 1 },
      { eventsSha256: hashEvents([]) },
      { body: { accepted: 3 } },
      { reverses: 6 },
    ];
    expect(new Set(changes.map((change) => hashFact({ ...fact, ...change }))).size).toBe(changes.length);
    // A bundle has the instants as text; its reader makes them instants again and gets the same hash.
    const exported = JSON.parse(JSON.stringify(fact)) as Fact;
    const read = { ...exported, occurredAt: new Date(exported.occurredAt), recordedAt: new Date(exported.recordedAt) };
    expect(hashFact(read)).toBe(hashFact(fact));
  });
});
