/** Follows a Merkle path by RFC 6962 alone, as whoever checks a leaf without our program would. */
import { createHash } from 'node:crypto';
import type { MerkleStep } from '../../src/platform/crypto/merkle.ts';

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** The root that a leaf and its path lead to; equal to the published root when the proof holds. */
export function rootOfPath(leaf: Uint8Array, path: readonly MerkleStep[]): string {
  let hash = sha256(Buffer.from([0]), leaf);
  for (const { side, hash: other } of path) {
    const halves = [Buffer.from(other, 'hex'), hash];
    hash = sha256(Buffer.from([1]), ...(side === 'left' ? halves : halves.reverse()));
  }
  return hash.toString('hex');
}
