/**
 * The campaign's Ed25519 key: signs what leaves the company so that an adjuster can check it with openssl alone (promise 7).
 * It lies beside the campaign's other keys, outlives a purge (it opens nothing) and is never made twice.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import { fingerprintOf } from './signature.ts';

export type SigningKey = {
  /** SPKI, PEM; goes into every bundle. */
  readonly publicKeyPem: string;
  /** SHA-256 over the SPKI in DER, lower-case hexadecimal: `openssl pkey -pubin -outform DER | sha256sum`. */
  readonly fingerprint: string;
  /** Ed25519 over the raw bytes (RFC 8032): 64 bytes, the same for the same bytes. */
  sign(data: Uint8Array): Buffer;
};

const fileOf = (keysDir: string, campaignId: string) => join(keysDir, campaignId, 'signing.pem');

/** Whether the campaign has a signing key already. */
export function hasSigningKey(keysDir: string, campaignId: string): boolean {
  return existsSync(fileOf(keysDir, campaignId));
}

/** Opens the campaign's signing key; makes it (0600) when there is none yet. Two processes at once end with one key. */
export function signingKey(keysDir: string, campaignId: string): SigningKey {
  const file = fileOf(keysDir, campaignId);
  if (!existsSync(file)) {
    mkdirSync(join(keysDir, campaignId), { recursive: true, mode: 0o700 });
    const { privateKey } = generateKeyPairSync('ed25519');
    const draft = `${file}.${process.pid}.new`;
    writeFileSync(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
    try {
      // A hard link fails when the name exists: the loser of a race uses the winner's key.
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
  return openSigningKey(keysDir, campaignId);
}

/** Opens the campaign's signing key. Throws KEY_MISSING instead of making one. */
export function openSigningKey(keysDir: string, campaignId: string): SigningKey {
  const file = fileOf(keysDir, campaignId);
  if (!existsSync(file)) {
    throw new AppError('KEY_MISSING.signing', { campaign: campaignId, dir: keysDir });
  }
  const privateKey = createPrivateKey(readFileSync(file));
  const publicKey = createPublicKey(privateKey);
  return {
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: fingerprintOf(publicKey),
    sign: (data) => signWith(null, data, privateKey),
  };
}
