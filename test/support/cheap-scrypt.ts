/**
 * scrypt as it is, at a thousandth of its cost: for tests that need many passphrases and not their strength, by
 * `vi.mock('node:crypto', …)`. A passphrase hashed at the real cost is read in test/formats.test.ts.
 */
import type * as Crypto from 'node:crypto';

const COST = 2 ** 5;

export function cheapScrypt(crypto: typeof Crypto): typeof Crypto {
  const scrypt = ((password, salt, length, options, done) =>
    crypto.scrypt(password, salt, length, { ...options, N: COST }, done)) as typeof Crypto.scrypt;
  return { ...crypto, scrypt };
}
