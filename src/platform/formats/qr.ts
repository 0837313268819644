/**
 * QR codes as one-bit bitmaps. The mask is fixed: choosing the best of eight costs six times as much, and readers accept any mask
 * (ISO/IEC 18004 asks for the choice only to avoid rare look-alikes of finder patterns).
 */
import { encode } from 'uqr';

/** `rows` holds `size` rows of `ceil(size / 8)` bytes, most significant bit first; a set bit is a dark module. No quiet zone. */
export type QrBitmap = { size: number; rows: Uint8Array };

/** Mask 3 ((row + column) mod 3): never lines up with the two-module steps of numeric data in small versions. */
const FIXED_MASK = 3;

/** Error correction M (15 %). Upper-case letters, digits and `$%*+-./: ` pack best. */
export function createQr(text: string): QrBitmap {
  const { data, size } = encode(text, { ecc: 'M', boostEcc: false, border: 0, maskPattern: FIXED_MASK });
  const stride = Math.ceil(size / 8);
  const rows = new Uint8Array(stride * size);
  for (let y = 0; y < size; y++) {
    const line = data[y] ?? [];
    for (let x = 0; x < size; x++) {
      if (line[x]) {
        const index = y * stride + (x >> 3);
        rows[index] = (rows[index] ?? 0) | (0x80 >> (x & 7));
      }
    }
  }
  return { size, rows };
}
