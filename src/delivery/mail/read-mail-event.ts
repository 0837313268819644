/**
 * Reads a mail that came back: delivery status (RFC 3464), complaint (RFC 5965), automatic reply, or a bounce in free form.
 * Pure, and nothing in a file makes it throw: what cannot be read is `none`.
 */
import { findEnhancedStatus, isAddressDead } from '../../platform/smtp/smtp-reply.ts';
import { cleanAddress, findReplyCode, type MailFileEvent, readDeliveryStatus } from './delivery-status.ts';
import { decodeHeaderText, type MimePart, readMimeMessage, splitHeaders, walkParts } from './mime-part.ts';
import { readNoticeId, readReturnToken } from './return-address.ts';

export type MailFile = {
  /** Never empty: one `none` when the file says nothing. */
  readonly events: readonly MailFileEvent[];
  /** Which of our mails it speaks of. */
  readonly returnTokens: readonly string[];
  readonly noticeIds: readonly string[];
};

const nothing: MailFileEvent = { kind: 'none', recipient: '', hard: false, status: '', replyCode: '', reason: '' };
const MAX_REASON_CHARS = 500;

export function readMailEvent(raw: Uint8Array): MailFile {
  try {
    const message = readMimeMessage(raw);
    const events = readEvents(message).map((event) => ({ ...event, reason: event.reason.slice(0, MAX_REASON_CHARS) }));
    return { events: events.length > 0 ? events : [nothing], ...readTraces(message) };
  } catch {
    return { events: [nothing], returnTokens: [], noticeIds: [] };
  }
}

function readEvents(message: MimePart): MailFileEvent[] {
  const parts = [...walkParts(message)];
  const complaint = parts.find((part) => part.type === 'message/feedback-report');
  if (complaint) return readComplaint(complaint, parts);
  const statuses = parts.filter((part) => /^message\/(?:global-)?delivery-status$/.test(part.type));
  const reported = statuses.flatMap((part) => readDeliveryStatus(part.text));
  if (reported.length > 0) return reported;
  const isFromMailSystem = message.type === 'multipart/report' || isMailSystem(message);
  if (isFromMailSystem) {
    const torn = parts.flatMap((part) =>
      /^(?:final|original)-recipient[ \t]*:/im.test(part.text) ? readDeliveryStatus(part.text) : [],
    );
    if (torn.length > 0) return torn;
  }
  const receipt = parts.find((part) => part.type === 'message/disposition-notification');
  if (receipt) return readReceipt(receipt);
  const free = readFreeBounce(message, parts, isFromMailSystem);
  if (free.length > 0) return free;
  return isAutoReply(message) ? [readAutoReply(message)] : [];
}

/** RFC 5965. `not-spam` and `auth-failure` are reports of another kind: nobody complained. */
function readComplaint(report: MimePart, parts: readonly MimePart[]): MailFileEvent[] {
  const { headers } = splitHeaders(report.text.replace(/^\n+/, ''));
  const type = (headers.get('feedback-type')?.[0] ?? '').trim().toLowerCase();
  if (type === 'not-spam' || type === 'auth-failure') return [];
  const named = [...(headers.get('original-rcpt-to') ?? []), ...(headers.get('removal-recipient') ?? [])];
  const original = parts.find((part) => part.headers.has('message-id') && part !== parts[0]);
  const recipients = named.length > 0 ? named : (original?.headers.get('to') ?? ['']).slice(0, 1);
  const unique = [...new Set(recipients.map(cleanAddress))];
  return unique.map((recipient) => ({ ...nothing, kind: 'complaint', recipient, reason: type }));
}

/** RFC 8098: shown to the recipient, so it had arrived. */
function readReceipt(receipt: MimePart): MailFileEvent[] {
  const { headers } = splitHeaders(receipt.text.replace(/^\n+/, ''));
  if (!/displayed/i.test(headers.get('disposition')?.[0] ?? '')) return [];
  const recipient = cleanAddress((headers.get('final-recipient')?.[0] ?? '').replace(/^[^;]*;/, ''));
  return [{ ...nothing, kind: 'delivered', recipient, reason: 'displayed' }];
}

function isMailSystem(message: MimePart): boolean {
  const from = message.headers.get('from')?.[0] ?? '';
  const returnPath = message.headers.get('return-path')?.[0] ?? '';
  return (
    /mailer-daemon|postmaster|mail delivery (?:sub)?system/i.test(decodeHeaderText(from)) || returnPath.trim() === '<>'
  );
}

const ADDRESS = /[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+[A-Za-z0-9]/;

/** qmail, Exim and mobile carriers write prose. Only mail systems are believed, and only with a recipient and a verdict. */
function readFreeBounce(message: MimePart, parts: readonly MimePart[], isFromMailSystem: boolean): MailFileEvent[] {
  const failed = (message.headers.get('x-failed-recipients') ?? [])
    .flatMap((value) => value.split(','))
    .map(cleanAddress);
  if (failed.length === 0 && !isFromMailSystem) return [];
  const prose = parts.filter((part) => part.type.startsWith('text/')).map((part) => part.text)[0] ?? '';
  // What follows the quoted original would be read as its own verdicts.
  const report = prose.split(/\n-{3,}.*(?:copy of the message|original message|below this line)/i)[0] ?? '';
  const recipients = failed.length > 0 ? failed : listProseRecipients(report);
  return recipients.flatMap((recipient) => {
    const at = report.indexOf(recipient);
    const said = report
      .slice(Math.max(0, at), at < 0 ? 600 : at + 600)
      .replace(/\s+/g, ' ')
      .trim();
    const status = findEnhancedStatus(said);
    const replyCode = /(?<![\d.])([45]\d\d)(?=[ -])/.exec(said)?.[1] ?? '';
    const isDelay =
      /delayed|will (?:be )?retr|still being retried/i.test(message.headers.get('subject')?.[0] ?? '') ||
      (status || replyCode).startsWith('4');
    if (
      failed.length === 0 &&
      status === '' &&
      replyCode === '' &&
      !/qmail-send|undeliver|could not be delivered|不達|届きません/i.test(report)
    )
      return [];
    const kind = isDelay && !/permanent|giving up/i.test(report) ? 'delay' : 'bounce';
    const hard = kind === 'bounce' && isAddressDead({ code: replyCode || findReplyCode(said), status, text: said });
    return [{ kind, recipient, hard, status, replyCode, reason: said.slice(recipient.length).replace(/^[>:\s]+/, '') }];
  });
}

/** `<a@b>:` at the beginning of a line names a recipient (qmail, Postfix, Exim); else the first address at all. */
function listProseRecipients(report: string): string[] {
  const named = [...report.matchAll(/^[ \t]*<?([^\s<>:]+@[^\s<>:]+)>?[ \t]*:?[ \t]*(?:\(|$|\n|[^\n]*\d)/gm)].map(
    (match) => match[1] ?? '',
  );
  const found = named.filter((address) => ADDRESS.test(address));
  const first = ADDRESS.exec(report)?.[0];
  return found.length > 0 ? [...new Set(found)] : first ? [first] : [];
}

/** RFC 3834, and what vacation programs wrote before it. */
function isAutoReply(message: MimePart): boolean {
  const field = (name: string): string => (message.headers.get(name)?.[0] ?? '').trim().toLowerCase();
  const submitted = field('auto-submitted');
  if (submitted !== '' && submitted !== 'no') return true;
  if (
    ['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-auto-reply', 'x-vacation'].some((name) =>
      message.headers.has(name),
    )
  )
    return true;
  if (/^auto[_-]?reply/.test(field('precedence')) || field('x-precedence').startsWith('auto')) return true;
  const subject = decodeHeaderText(message.headers.get('subject')?.[0] ?? '');
  return /^(?:auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|vacation)|自動(?:返信|応答)|不在(?:通知|のお知らせ|のため)|休暇中/i.test(
    subject.trim(),
  );
}

function readAutoReply(message: MimePart): MailFileEvent {
  const from = decodeHeaderText(message.headers.get('from')?.[0] ?? '');
  const subject = decodeHeaderText(message.headers.get('subject')?.[0] ?? '');
  return { ...nothing, kind: 'auto-reply', recipient: cleanAddress(from), reason: subject };
}

/** Our return address in whatever carries it, and our Message-ID in the quoted original. */
function readTraces(message: MimePart): Pick<MailFile, 'returnTokens' | 'noticeIds'> {
  const tokens = new Set<string>();
  const noticeIds = new Set<string>();
  for (const part of walkParts(message)) {
    const fields = new Map(part.headers);
    if (/delivery-status|feedback-report|rfc822-headers/.test(part.type)) {
      for (const block of part.text.split(/\n[ \t]*\n/))
        for (const [name, values] of splitHeaders(block).headers) fields.set(name, values);
    }
    for (const name of [
      'to',
      'delivered-to',
      'x-original-to',
      'envelope-to',
      'return-path',
      'x-postfix-sender',
      'original-mail-from',
      'original-envelope-id',
    ]) {
      for (const value of fields.get(name) ?? []) {
        const token = readReturnToken(cleanAddress(value));
        if (token) tokens.add(token);
      }
    }
    for (const name of ['message-id', 'in-reply-to', 'references']) {
      for (const value of fields.get(name) ?? []) {
        const noticeId = readNoticeId(value);
        if (noticeId) noticeIds.add(noticeId);
      }
    }
  }
  return { returnTokens: [...tokens], noticeIds: [...noticeIds] };
}
