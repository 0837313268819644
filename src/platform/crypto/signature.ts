/** Checking a signature of ours: what a reader of a bundle needs, without any private key or key file. */
import { createHash, createPublicKey, type KeyObject, verify as verifyWith } from 'node:crypto';
import { AppError } from '../../kernel/errors.ts';

/** Fingerprint of a public key given as PEM. Throws KEY_INVALID when it is none. */
export function fingerprintOfPem(publicKeyPem: string): string {
  return fingerprintOf(readPublicKey(publicKeyPem));
}

/** Whether `signature` is this Ed25519 key's over `data`. Anything that is not such a key or signature is false. */
export function verifySignature(publicKeyPem: string, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = readPublicKey(publicKeyPem);
    return key.asymmetricKeyType === 'ed25519' && verifyWith(null, data, key, signature);
  } catch {
    return false;
  }
}

function readPublicKey(pem: string): KeyObject {
  try {
    return createPublicKey({ key: pem, format: 'pem' });
  } catch (cause) {
    throw new AppError('KEY_INVALID.notPublic', {}, { cause });
  }
}

/** SHA-256 over the SPKI in DER, lower-case hexadecimal. */
export function fingerprintOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
