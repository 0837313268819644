/**
 * Blind indexes for many values: the same digests as `blindIndex`, made with one-shot hashes. An HMAC object per value costs twice the
 * time of its hashing and leaves a native handle to collect (measured: 33 of 74 µs a roster row).
 */
import { hash } from 'node:crypto';
import { BLIND_BYTES } from './crypt.ts';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
/** Longer messages take a buffer of their own; names, addresses and e-mails fit. */
const MESSAGE_BYTES_MAX = 1024;

/** `(kind, value) → 16 bytes`: HMAC-SHA-256 (RFC 2104) over kind, a zero byte and value, cut. `key` is 32 bytes. */
export function createBlindIndexer(key: Uint8Array): (kind: string, value: string) => Buffer {
  if (key.length > BLOCK_BYTES) throw new RangeError('a key longer than a block would have to be hashed first');
  const inner = Buffer.alloc(BLOCK_BYTES + MESSAGE_BYTES_MAX, 0x36);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, 0x5c);
  for (let at = 0; at < key.length; at += 1) {
    inner[at] = 0x36 ^ (key[at] ?? 0);
    outer[at] = 0x5c ^ (key[at] ?? 0);
  }
  return (kind, value) => {
    const message =
      kind.length * 3 + 1 + value.length * 3 <= MESSAGE_BYTES_MAX
        ? inner
        : Buffer.alloc(BLOCK_BYTES + (kind.length + value.length) * 3 + 1);
    if (message !== inner) inner.copy(message, 0, 0, BLOCK_BYTES);
    let end = BLOCK_BYTES + message.write(kind, BLOCK_BYTES, 'utf8');
    message[end] = 0;
    end += 1;
    end += message.write(value, end, 'utf8');
    outer.set(hash('sha256', message.subarray(0, end), 'buffer'), BLOCK_BYTES);
    return hash('sha256', outer, 'buffer').subarray(0, BLIND_BYTES);
  };
}
