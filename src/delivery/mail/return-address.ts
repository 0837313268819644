/** Return addresses (VERP), one per attempt, so that a bounce names its attempt without naming a person. */
import { randomBytes } from 'node:crypto';

const TOKEN_BYTES = 10;
const TOKEN_ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
/** 32 characters of 5 bits: 10 bytes make 16. */
const TOKEN_PATTERN = /\+([a-z2-7]{16})(?=@|=|$)/i;
const LOCAL_PART = 'notice';

/** Opaque, 80 random bits, safe in any case folding. */
export function newReturnToken(random: Buffer = randomBytes(TOKEN_BYTES)): string {
  let token = '';
  let bits = 0;
  let value = 0;
  for (const byte of random) {
    // Of the bytes before only the last bits are still needed; what is shifted out above them does no harm.
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      token += TOKEN_ALPHABET[(value >> bits) & 31];
    }
  }
  return token;
}

/** `count` tokens for the price of one system call. */
export function newReturnTokens(count: number): string[] {
  const random = randomBytes(count * TOKEN_BYTES);
  return Array.from({ length: count }, (_, at) =>
    newReturnToken(random.subarray(at * TOKEN_BYTES, (at + 1) * TOKEN_BYTES)),
  );
}

export function returnAddress(token: string, returnDomain: string): string {
  return `${LOCAL_PART}+${token}@${returnDomain}`;
}

/** The token in a return address, also inside a rewritten one (SRS, BATV); null when there is none. */
export function readReturnToken(address: string): string | null {
  return TOKEN_PATTERN.exec(address)?.[1]?.toLowerCase() ?? null;
}

/** Constant per notice and channel: a second copy, should one ever exist, is recognised as the same mail by the reader. */
export function mailMessageId(noticeId: string, returnDomain: string): string {
  return `<${noticeId}.email@${returnDomain}>`;
}

/** The notice in one of our Message-IDs; null for a foreign one. */
export function readNoticeId(messageId: string): string | null {
  return (
    /<?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.email@/i.exec(messageId)?.[1]?.toLowerCase() ??
    null
  );
}
