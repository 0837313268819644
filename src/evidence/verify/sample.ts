/**
 * The random sample that an adjuster inspects on the company's premises. Its positions follow from the hash of the sealed
 * block, which also covers the Merkle root: whoever builds the list cannot choose who will be looked at.
 */
import { createHash } from 'node:crypto';

/** People per inspection: 60 of 60 without a fault bounds the share of faults below 5 % at 95 % confidence (0.95^60 = 4.6 %). */
export const SAMPLE_SIZE = 60;

/**
 * Distinct positions from 0 to count-1 in ascending order: SHA-256 of "seed:n" for n = 0, 1, 2 …, its first 48 bits modulo
 * count, repetitions skipped. Simple enough to repeat in a spreadsheet; the modulo's bias is below 2^-20 for any real list.
 */
export function samplePositions(seed: string, count: number, size: number = SAMPLE_SIZE): number[] {
  if (count <= size) return Array.from({ length: count }, (_, position) => position);
  const positions = new Set<number>();
  for (let n = 0; positions.size < size; n += 1) {
    positions.add(createHash('sha256').update(`${seed}:${n}`).digest().readUIntBE(0, 6) % count);
  }
  return [...positions].sort((a, b) => a - b);
}
