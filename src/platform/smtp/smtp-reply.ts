/**
 * Reads an SMTP reply or a bounce's diagnosis: its enhanced status (RFC 3463), and whether the address itself is dead.
 * A dead address is never worth another mail; a full mailbox or a policy may be, so they are kept apart.
 */

/** What a server said, as strings: `code` is three digits or "", `status` an enhanced status such as 5.1.1 or "". */
export type SmtpReply = { readonly code: string; readonly status: string; readonly text: string };

/** Longest reply text kept: real replies fit, and a hostile server cannot fill the database. */
const MAX_REPLY_CHARS = 1_000;

/** Splits a reply, one or several lines; text that does not begin like a reply has an empty code. */
export function parseSmtpReply(raw: string): SmtpReply {
  const text = raw.replace(/\s+/g, ' ').trim().slice(0, MAX_REPLY_CHARS);
  const match = /^([2-5]\d\d)(?=[ -]|$)/.exec(text);
  return { code: match?.[1] ?? '', status: match ? findEnhancedStatus(text) : '', text };
}

/** The first enhanced status in a text, or "". Numbers inside an IPv4 address are not one. */
export function findEnhancedStatus(text: string): string {
  return /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d]|\.\d)/.exec(text)?.[1] ?? '';
}

/**
 * RFC 3463 and the IANA registry: the mailbox does not exist (5.1.1), its domain does not (5.1.2) or takes no mail (5.1.10,
 * RFC 7505), the address is malformed (5.1.3), has moved without a forward (5.1.6) or is disabled for good (5.2.1).
 */
const DEAD_STATUSES = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1']);

/**
 * Statuses that say too little and are decided by their words: 5.1.0 (some servers mean the *sender*), 5.4.1 (Exchange Online
 * for an unknown recipient), 5.4.4 (Postfix for a domain that does not exist, others for a routing fault), the "other" ones.
 */
const VAGUE_STATUSES = new Set(['', '5.0.0', '5.1.0', '5.3.0', '5.4.0', '5.4.1', '5.4.4', '5.5.0', '5.5.1']);

const DEAD_WORDS =
  /user (?:is )?unknown|unknown (?:user|recipient|mailbox|address)|no such (?:user|mailbox|recipient|address|person|domain)|(?:user|mailbox|recipient|address|account|domain)(?: name)? (?:not found|(?:does not|doesn't) exist|is disabled|disabled|has been disabled|is (?:inactive|invalid)|invalid)|invalid (?:recipient|mailbox|user|address)|not a (?:valid|known) (?:user|mailbox|recipient)|recipient address rejected: access denied|host or domain name not found|host not found|nxdomain|domain not found|宛先(?:が|は)?(?:不明|存在しません)|存在しない/i;

const SENDER_WORDS = /\bsender\b|mail from|spf|dkim|dmarc|blacklist|blocklist|blocked|reputation|relay/i;

/** Whether the recipient's address itself is dead. `status` decides when it is specific, else the reply code and words. */
export function isAddressDead(reply: SmtpReply): boolean {
  if (reply.status !== '' && !reply.status.startsWith('5')) return false;
  if (reply.code !== '' && !reply.code.startsWith('5')) return false;
  if (DEAD_STATUSES.has(reply.status)) return true;
  if (!VAGUE_STATUSES.has(reply.status)) return false;
  if (reply.code === '556') return true;
  return DEAD_WORDS.test(reply.text) && !SENDER_WORDS.test(reply.text);
}
