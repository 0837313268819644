/** One-time codes by time (RFC 6238 over RFC 4226, HMAC-SHA-1, 6 digits, 30 seconds), as authenticator apps make them. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const STEP_SECONDS = 30;
const DIGITS = 6;
const SECRET_BYTES = 20;
/** A clock may be one step off in either direction (RFC 6238, 5.2). */
const DRIFT_STEPS = 1;

export function newTotpSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/** The code of one time step. `digits` is 6 in use, 8 in the RFC's test vectors. */
export function totpCode(secret: Uint8Array, step: number, digits: number = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hmac = createHmac('sha1', secret).update(counter).digest();
  const offset = (hmac[hmac.length - 1] ?? 0) & 0x0f;
  const number = hmac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

export function totpStep(at: Date): number {
  return Math.floor(at.getTime() / 1000 / STEP_SECONDS);
}

/** The step for which the code is right, or null. Steps up to `lastStep` were used before and never count again. */
export function matchTotp(secret: Uint8Array, code: string, at: Date, lastStep: number): number | null {
  const given = Buffer.from(
    code
      .replace(/\s/g, '')
      .padEnd(DIGITS, ' ')
      .slice(0, DIGITS + 1),
  );
  let matched: number | null = null;
  for (let drift = -DRIFT_STEPS; drift <= DRIFT_STEPS; drift++) {
    const step = totpStep(at) + drift;
    const expected = Buffer.from(totpCode(secret, step));
    const isEqual = given.length === expected.length && timingSafeEqual(given, expected);
    if (isEqual && step > lastStep) matched = step;
  }
  return matched;
}

const base32Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 without padding, the form in which authenticator apps take a secret. */
export function base32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => base32Letters[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** The address behind the QR code that an authenticator app scans. */
export function otpauthUri(secret: Uint8Array, account: string): string {
  return `otpauth://totp/Owabi:${encodeURIComponent(account)}?secret=${base32(secret)}&issuer=Owabi`;
}

/** The place in which an actor's secret is sealed. */
export const totpAad = (campaignId: string, actorId: string) => `${campaignId}|${actorId}|totp_sealed`;
