/**
 * Builds one finished mail as bytes: multipart/alternative, UTF-8 in base64, 7-bit lines of at most 76 characters, CRLF.
 * Built raw because composing each mail with a library costs more than sending it. No value can start a header of its own.
 */
import { domainToASCII } from 'node:url';
import { AppError } from '../../kernel/errors.ts';

export type Mailbox = { readonly name?: string; readonly address: string };

export type MailContent = {
  readonly from: Mailbox;
  readonly replyTo?: Mailbox;
  readonly to: Mailbox;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** With angle brackets; constant per notice and channel. */
  readonly messageId: string;
  readonly date: Date;
  /** `ja` or `en`. */
  readonly language: string;
};

/** Octets of UTF-8 per encoded word: 39 make 52 base64 characters, 64 with the frame; beside `Reply-To: ` below the 76 of RFC 2047. */
const WORD_OCTETS = 39;
const BASE64_LINE = 76;
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;

/** The whole message. Throws MAIL_INVALID for an address or a Message-ID that no mail can carry. */
export function buildMailMessage(content: MailContent): Buffer {
  if (!/^<[^\s<>@]+@[^\s<>@]+>$/.test(content.messageId)) throw new AppError('MAIL_INVALID.messageId');
  const boundary = `=_owabi_${content.messageId.replace(/[^A-Za-z0-9]/g, '').slice(0, 48)}`;
  const part = (type: string, text: string): string =>
    `--${boundary}\r\nContent-Type: text/${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${wrapBase64(text)}\r\n`;
  // Everything is ASCII from here on, and latin1 is the fastest way from such a string to bytes.
  return Buffer.from(
    `From: ${formatMailbox(content.from)}\r\n` +
      `To: ${formatMailbox(content.to)}\r\n` +
      (content.replyTo ? `Reply-To: ${formatMailbox(content.replyTo)}\r\n` : '') +
      `Subject: ${encodeHeaderText(content.subject, 'Subject: '.length)}\r\n` +
      `Date: ${formatMailDate(content.date)}\r\n` +
      `Message-ID: ${content.messageId}\r\n` +
      `Content-Language: ${content.language.replace(/[^A-Za-z-]/g, '')}\r\n` +
      // A notice is not a conversation: out-of-office replies would only bury the bounces.
      'Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: OOF, AutoReply\r\nMIME-Version: 1.0\r\n' +
      `Content-Type: multipart/alternative;\r\n boundary="${boundary}"\r\n\r\n` +
      `${part('plain', content.text)}${part('html', content.html)}--${boundary}--\r\n`,
    'latin1',
  );
}

/** Base64 of the text's UTF-8 with CRLF line ends, in lines of 76. */
function wrapBase64(text: string): string {
  const encoded = Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'utf8').toString('base64');
  let wrapped = encoded.slice(0, BASE64_LINE);
  for (let at = BASE64_LINE; at < encoded.length; at += BASE64_LINE) {
    wrapped += `\r\n${encoded.slice(at, at + BASE64_LINE)}`;
  }
  return wrapped;
}

/** Unstructured header text: as it is when short printable ASCII, else RFC 2047 words, folded between them. */
export function encodeHeaderText(value: string, usedColumns = 0): string {
  const text = CONTROL.test(value) ? value.replace(CONTROLS, ' ') : value;
  if (/^[\x20-\x7e]*$/.test(text) && !text.includes('=?') && text.trim() === text && text.length + usedColumns <= 76) {
    return text;
  }
  return encodedWords(text);
}

/** Cuts between characters: a word must be whole UTF-8 (RFC 2047 section 5). */
function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  let octets = 0;
  for (const character of text) {
    const size = Buffer.byteLength(character);
    if (octets + size > WORD_OCTETS) {
      words.push(word);
      word = '';
      octets = 0;
    }
    word += character;
    octets += size;
  }
  words.push(word);
  return words.map((each) => `=?UTF-8?B?${Buffer.from(each, 'utf8').toString('base64')}?=`).join('\r\n ');
}

function formatMailbox({ name, address }: Mailbox): string {
  const spec = formatAddress(address);
  if (name === undefined || name.trim() === '') return spec;
  const clean = name.replace(CONTROLS, ' ').trim();
  if (/^[A-Za-z0-9 ]+$/.test(clean) && clean.length <= 60) return `"${clean}" <${spec}>`;
  return `${encodedWords(clean)}\r\n <${spec}>`;
}

/**
 * The address in the form of a header. A local part with dots where RFC 5322 forbids them (old docomo and au addresses) is
 * quoted; a Japanese domain becomes its ASCII form. Throws MAIL_INVALID.
 */
function formatAddress(address: string): string {
  const { local, domain } = splitAddress(address);
  const isDotAtom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(local);
  return isDotAtom || local.startsWith('"') ? `${local}@${domain}` : `"${local.replace(/["\\]/g, '\\$&')}"@${domain}`;
}

/** The address for RCPT TO: as the person wrote it, because such local parts are accepted there only unquoted. Throws MAIL_INVALID. */
export function envelopeAddress(address: string): string {
  const { local, domain } = splitAddress(address);
  return `${local}@${domain}`;
}

function splitAddress(address: string): { local: string; domain: string } {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = domainToASCII(address.slice(at + 1));
  // RFC 5321 4.5.3.1: 64 octets before the @, 254 in all. Control characters, spaces and brackets end every doubt.
  const isWhole = at > 0 && local.length <= 64 && domain !== '' && local.length + domain.length <= 253;
  if (!isWhole || !/^[\x21-\x7e]+$/.test(local) || /[<>,;:()[\]\\]/.test(local) || !/^[a-z0-9.-]+$/i.test(domain)) {
    throw new AppError('MAIL_INVALID.address');
  }
  return { local, domain };
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** RFC 5322 date in Japan's time, as the reader expects it. */
export function formatMailDate(at: Date): string {
  const japan = new Date(at.getTime() + 9 * 3_600_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${WEEKDAYS[japan.getUTCDay()]}, ${japan.getUTCDate()} ${MONTHS[japan.getUTCMonth()]} ${japan.getUTCFullYear()}`;
  return `${day} ${two(japan.getUTCHours())}:${two(japan.getUTCMinutes())}:${two(japan.getUTCSeconds())} +0900`;
}
