/** Hashing of approvers' passphrases with scrypt (RFC 7914); verification takes constant time in what is compared. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../kernel/errors.ts';

/** OWASP Password Storage Cheat Sheet, scrypt: N=2^15, r=8, p=3 (32 MB; about 0.3 s on one core). */
const COST = 2 ** 15;
const BLOCK_SIZE = 8;
const PARALLEL = 3;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const MEMORY_LIMIT = 64 * 1024 * 1024;

/** Shorter ones are refused: an approval may be checked years later. */
export const MIN_PASSPHRASE_LENGTH = 8;

/** `version(1) salt(16) key(32)`. Throws PASSPHRASE_WEAK. */
export async function hashPassphrase(passphrase: string): Promise<Buffer> {
  if ([...passphrase].length < MIN_PASSPHRASE_LENGTH) {
    throw new AppError('PASSPHRASE_WEAK', { length: MIN_PASSPHRASE_LENGTH });
  }
  const salt = randomBytes(SALT_BYTES);
  return Buffer.concat([Buffer.from([1]), salt, await derive(passphrase, salt)]);
}

/** Whether the passphrase is the hashed one. */
export async function verifyPassphrase(passphrase: string, stored: Uint8Array): Promise<boolean> {
  if (stored.length !== 1 + SALT_BYTES + KEY_BYTES || stored[0] !== 1) return false;
  const salt = stored.subarray(1, 1 + SALT_BYTES);
  return timingSafeEqual(await derive(passphrase, salt), stored.subarray(1 + SALT_BYTES));
}

/** The same passphrase typed on another keyboard may be composed differently, so it is hashed in NFKC. */
function derive(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  const options = { N: COST, r: BLOCK_SIZE, p: PARALLEL, maxmem: MEMORY_LIMIT };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
