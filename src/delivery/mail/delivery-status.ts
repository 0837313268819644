/** The recipients in a `message/delivery-status` (RFC 3464), as real mail systems write it: blank lines missing or doubled. */
import { findEnhancedStatus, isAddressDead } from '../../platform/smtp/smtp-reply.ts';
import { splitHeaders } from './mime-part.ts';

/** The contract of `owabi mail-event --json`: unknown strings are "". `hard`: the address itself is dead. */
export type MailFileEvent = {
  readonly kind: 'bounce' | 'delay' | 'complaint' | 'auto-reply' | 'delivered' | 'none';
  readonly recipient: string;
  readonly hard: boolean;
  readonly status: string;
  readonly replyCode: string;
  readonly reason: string;
};

type Fields = ReadonlyMap<string, readonly string[]>;

const RECIPIENT_FIELDS = ['original-recipient', 'final-recipient', 'action', 'status', 'diagnostic-code'];

/** One event per recipient; empty when the text names none. */
export function readDeliveryStatus(text: string): MailFileEvent[] {
  return recipientGroups(text).flatMap((fields) => readRecipient(fields) ?? []);
}

/** Cuts the fields into recipients: at empty lines, and where a field repeats that a recipient has only once. */
function recipientGroups(text: string): Fields[] {
  const groups: Map<string, string[]>[] = [];
  for (const block of text.split(/\n[ \t]*(?:\n[ \t]*)+/)) {
    let rest = block;
    let group = new Map<string, string[]>();
    while (rest.trim() !== '') {
      const { headers, body } = splitHeaders(rest.replace(/^\n+/, ''));
      for (const [name, values] of headers) group.set(name, [...(group.get(name) ?? []), ...values]);
      // A line that is no field ended the reading: leave it out and go on behind it.
      const next = body.indexOf('\n');
      rest = headers.size === 0 && next < 0 ? '' : headers.size === 0 ? body.slice(next + 1) : body;
    }
    for (const single of splitRepeated(group)) groups.push(single);
    group = new Map();
  }
  return joinTorn(groups);
}

function splitRepeated(group: Map<string, string[]>): Map<string, string[]>[] {
  const count = Math.max(1, ...['final-recipient', 'original-recipient'].map((name) => group.get(name)?.length ?? 0));
  if (count === 1) return [group];
  return Array.from({ length: count }, (_, at) => {
    const single = new Map<string, string[]>();
    for (const name of RECIPIENT_FIELDS) {
      const value = group.get(name)?.[at];
      if (value !== undefined) single.set(name, [value]);
    }
    return single;
  });
}

/** A group with a recipient but no action, followed by one with an action but no recipient, is one recipient. */
function joinTorn(groups: readonly Map<string, string[]>[]): Fields[] {
  const joined: Map<string, string[]>[] = [];
  for (const group of groups) {
    const before = joined.at(-1);
    const hasRecipient = group.has('final-recipient') || group.has('original-recipient');
    const isTorn =
      before &&
      !hasRecipient &&
      !before.has('action') &&
      (before.has('final-recipient') || before.has('original-recipient'));
    if (isTorn) for (const [name, values] of group) before.set(name, values);
    else joined.push(new Map(group));
  }
  return joined;
}

function readRecipient(fields: Fields): MailFileEvent | null {
  const field = (name: string): string => fields.get(name)?.[0] ?? '';
  const recipient = cleanAddress(typed(field('final-recipient')) || typed(field('original-recipient')));
  const action = (/^[a-z]+/i.exec(field('action').trim())?.[0] ?? '').toLowerCase();
  const diagnosis = typed(field('diagnostic-code')).replace(/\s+/g, ' ').trim();
  const replyCode = findReplyCode(diagnosis);
  const status = chooseStatus(
    /[245]\.\d{1,3}\.\d{1,3}/.exec(field('status'))?.[0] ?? '',
    findEnhancedStatus(diagnosis),
  );
  const kind = kindOf(action, status || (replyCode ? `${replyCode[0]}.` : ''));
  if (kind === null || (recipient === '' && action === '')) return null;
  const hard = kind === 'bounce' && isAddressDead({ code: replyCode, status, text: diagnosis });
  return { kind, recipient, hard, status, replyCode, reason: diagnosis };
}

/** What follows the type: `rfc822; a@b`, `smtp; 550 …`; all of it when there is no type. */
function typed(value: string): string {
  return /^\s*[\w.-]+\s*;\s*([\s\S]*)$/.exec(value)?.[1] ?? value;
}

export function cleanAddress(text: string): string {
  const inner = /<([^<>]*)>/.exec(text)?.[1] ?? text;
  return inner
    .trim()
    .replace(/^mailto:/i, '')
    .replace(/[;,.\s]+$/, '');
}

/** `Status: 5.0.0` says less than a `5.1.1` in the diagnosis; a specific status says more than anything. */
function chooseStatus(field: string, inDiagnosis: string): string {
  if (field === '') return inDiagnosis;
  const isGeneric = /^[245]\.0\.0$/.test(field);
  return isGeneric && inDiagnosis !== '' && inDiagnosis[0] === field[0] ? inDiagnosis : field;
}

/** The three-digit reply in a diagnosis: at its beginning, after `said:`, or before an enhanced status. */
export function findReplyCode(diagnosis: string): string {
  const match =
    /^([245]\d\d)(?=[ \-#]|$)/.exec(diagnosis) ??
    /\b(?:said|response|responded|error|reply|host):?[^0-9]{0,3}([245]\d\d)(?=[ \-#])/i.exec(diagnosis) ??
    /(?<![\d.])([245]\d\d)[ -]#?[245]\.\d{1,3}\.\d{1,3}/.exec(diagnosis);
  return match?.[1] ?? '';
}

/** The action decides; a class that disagrees does not (Postfix reports a mail it gave up on as failed with 4.4.1). */
function kindOf(action: string, status: string): MailFileEvent['kind'] | null {
  switch (action) {
    case 'failed':
    case 'failure':
      return 'bounce';
    case 'delayed':
      return 'delay';
    case 'delivered':
    case 'relayed':
    case 'expanded':
      return 'delivered';
    default:
      return status.startsWith('5')
        ? 'bounce'
        : status.startsWith('4')
          ? 'delay'
          : status.startsWith('2')
            ? 'delivered'
            : null;
  }
}
