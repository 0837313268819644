/** Names that name no one: references of rows, and the 12-digit notice number with which a person asks and is answered. */
import { randomBytes, randomInt } from 'node:crypto';

const REF_BYTES = 16;
const REFS_PER_DRAW = 512;
let drawn = Buffer.alloc(0);
let drawnOffset = 0;

/** Random bytes for one reference, drawn for many at once: a draw of 16 bytes costs more than everything else here. */
function drawRefBytes(): Buffer {
  if (drawnOffset + REF_BYTES > drawn.length) {
    drawn = randomBytes(REF_BYTES * REFS_PER_DRAW);
    drawnOffset = 0;
  }
  drawnOffset += REF_BYTES;
  return drawn.subarray(drawnOffset - REF_BYTES, drawnOffset);
}

/** A new UUID version 7 (RFC 9562): time-ordered, so that index pages fill in order; 74 random bits. */
export function newRef(now: number = Date.now()): string {
  const bytes = drawRefBytes();
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** ISO/IEC 7064 MOD 11,10: finds every single wrong digit and nearly every swap of neighbours. */
function checkDigit(elevenDigits: string): number {
  let product = 10;
  for (const digit of elevenDigits) {
    let sum = (product + Number(digit)) % 10;
    if (sum === 0) sum = 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10;
}

/** A random 12-digit notice number, last digit a check digit. Uniqueness is the caller's (a unique constraint). */
export function newNoticeNumber(): string {
  const digits = String(randomInt(0, 1_000_000)).padStart(6, '0') + String(randomInt(0, 100_000)).padStart(5, '0');
  return digits + checkDigit(digits);
}

/** Whether the text (spaces and hyphens allowed) is a notice number with a right check digit. */
export function isNoticeNumber(text: string): boolean {
  const digits = text.replace(/[\s-]/g, '');
  return /^\d{12}$/.test(digits) && checkDigit(digits.slice(0, 11)) === Number(digits[11]);
}

/** `123456789012` as `1234-5678-9012`, the form in print and in mails. */
export function formatNoticeNumber(number: string): string {
  return `${number.slice(0, 4)}-${number.slice(4, 8)}-${number.slice(8, 12)}`;
}
