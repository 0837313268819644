/**
 * Sealing of personal data: AES-256-GCM with associated data, so that a value copied into another row, column or campaign
 * does not open; and keyed blind indexes for exact look-up (mechanism 4).
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '../../kernel/errors.ts';
import { storedFormats } from '../../kernel/stored-format.ts';

const VERSION = storedFormats['sealed-value'];
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const BLIND_BYTES = 16;

// One system call for many nonces: randomBytes(12) a value costs more than the cipher itself.
let noncePool = Buffer.alloc(0);
let nonceOffset = 0;
function nextNonce(): Buffer {
  if (nonceOffset + NONCE_BYTES > noncePool.length) {
    noncePool = randomBytes(NONCE_BYTES * 1024);
    nonceOffset = 0;
  }
  nonceOffset += NONCE_BYTES;
  return noncePool.subarray(nonceOffset - NONCE_BYTES, nonceOffset);
}

/** 1 byte version, 12 bytes random nonce, ciphertext, 16 bytes tag. `aad` is `campaign|ref|column`. */
export function seal(key: Uint8Array, aad: string, plain: Uint8Array | string): Buffer {
  const nonce = nextNonce();
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(aad, 'utf8'));
  const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  cipher.final();
  return Buffer.concat([Buffer.from([VERSION]), nonce, body, cipher.getAuthTag()]);
}

/** Most bytes that a sealed text takes. */
export const sealedBytesMax = (plain: string): number => 1 + NONCE_BYTES + plain.length * 3 + TAG_BYTES;

/** Seals a text of the row `ref` (a UUID) into a buffer and returns how many bytes it took, at most `sealedBytesMax`. */
export type ColumnSealer = (ref: string, plain: string, into: Buffer, at: number) => number;

/** `seal` for many rows of one column: the same bytes without a buffer for each part of each value. */
export function createColumnSealer(key: Uint8Array, campaignId: string, column: string): ColumnSealer {
  const refAt = campaignId.length + 1;
  const aad = Buffer.from(`${campaignId}|00000000-0000-0000-0000-000000000000|${column}`, 'latin1');
  return (ref, plain, into, at) => {
    aad.write(ref, refAt, 'latin1');
    const nonce = nextNonce();
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(aad);
    const body = cipher.update(plain, 'utf8');
    cipher.final();
    into[at] = VERSION;
    into.set(nonce, at + 1);
    into.set(body, at + 1 + NONCE_BYTES);
    into.set(cipher.getAuthTag(), at + 1 + NONCE_BYTES + body.length);
    return 1 + NONCE_BYTES + body.length + TAG_BYTES;
  };
}

/** Opens what `seal` made. Throws KEY_WRONG when key, place or bytes are not the sealed ones. */
export function open(key: Uint8Array, aad: string, sealed: Uint8Array): Buffer {
  if (sealed.length < 1 + NONCE_BYTES + TAG_BYTES || sealed[0] !== VERSION) {
    throw new AppError('KEY_WRONG.cut');
  }
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce);
  decipher.setAAD(Buffer.from(aad, 'utf8'));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    const plain = decipher.update(sealed.subarray(1 + NONCE_BYTES, sealed.length - TAG_BYTES));
    decipher.final();
    return plain;
  } catch (cause) {
    throw new AppError('KEY_WRONG.closed', {}, { cause });
  }
}

/** HMAC-SHA-256 over kind and value, cut to 16 bytes: equal values meet, and nothing can be read back. */
export function blindIndex(key: Uint8Array, kind: string, value: string): Buffer {
  return createHmac('sha256', key).update(kind).update('\0').update(value).digest().subarray(0, BLIND_BYTES);
}

/** A 32-byte key for one purpose, derived by HKDF-SHA-256 (RFC 5869). */
export function deriveKey(key: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, new Uint8Array(0), `owabi/${purpose}`, 32));
}
