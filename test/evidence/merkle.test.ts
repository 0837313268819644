import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { samplePositions } from '../../src/evidence/verify/sample.ts';
import { merklePath, merkleRoot } from '../../src/platform/crypto/merkle.ts';
import { rootOfPath } from '../support/merkle-path.ts';

/** RFC 6962, section 2.1, written as the recursion that the text gives. */
function rootByTheBook(leaves: Buffer[]): Buffer {
  const sha = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return sha(Buffer.from([0]), leaves[0] as Buffer);
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return sha(Buffer.from([1]), rootByTheBook(leaves.slice(0, half)), rootByTheBook(leaves.slice(half)));
}

const leavesOf = (count: number) => Array.from({ length: count }, (_, n) => Buffer.from(`leaf ${n}`));

describe('a Merkle root', () => {
  test.each([0, 1, 2, 3, 4, 5, 7, 8, 9, 100, 1000])('over %i leaves is the one of RFC 6962', async (count) => {
    const { root, count: counted } = await merkleRoot(leavesOf(count));
    expect(root).toBe(rootByTheBook(leavesOf(count)).toString('hex'));
    expect(counted).toBe(count);
  });

  test('is reached from every leaf by its path, and from no other leaf', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 70 }), fc.nat(), async (count, pick) => {
        const position = pick % count;
        const proof = await merklePath(leavesOf(count), position);
        if (proof === null) throw new Error('no proof');
        const { root } = await merkleRoot(leavesOf(count));
        expect(proof.root).toBe(root);
        expect(rootOfPath(Buffer.from(`leaf ${position}`), proof.path)).toBe(root);
        expect(rootOfPath(Buffer.from('another'), proof.path)).not.toBe(root);
      }),
    );
    expect(await merklePath(leavesOf(3), 3)).toBeNull();
  });
});

describe('the sample for the inspection', () => {
  test('follows from the seed alone, without repetition', () => {
    const sample = samplePositions('ab'.repeat(32), 5000);
    expect(sample).toHaveLength(60);
    expect(new Set(sample).size).toBe(60);
    expect(sample).toEqual(samplePositions('ab'.repeat(32), 5000));
    expect(sample).not.toEqual(samplePositions('cd'.repeat(32), 5000));
    expect(Math.max(...sample)).toBeLessThan(5000);
  });

  test('is the one that the rule gives to whoever follows it with another program', () => {
    // Worked out with Python's hashlib: SHA-256 of "seed:n", its first six bytes modulo the count, repetitions left out.
    expect(samplePositions('cd'.repeat(32), 7, 3)).toEqual([0, 2, 4]);
    const sample = samplePositions('ab'.repeat(32), 5000);
    expect(sample.slice(0, 8)).toEqual([155, 205, 319, 408, 494, 622, 649, 797]);
    expect(sample.slice(-3)).toEqual([4498, 4626, 4907]);
    // Of 61 people everybody but number 1.
    expect(samplePositions('ab'.repeat(32), 61)).toEqual(
      Array.from({ length: 61 }, (_, n) => n).filter((n) => n !== 1),
    );
  });

  test('is everybody when there are few', () => {
    expect(samplePositions('00', 3)).toEqual([0, 1, 2]);
    expect(samplePositions('00', 60)).toHaveLength(60);
  });
});
