/** Reads a Postfix-like relay log: which of our mails the relay sent, bounced or still defers. Pure; needs no order of hosts. */
import { readNoticeId, readReturnToken } from './return-address.ts';

export type RelayVerdict = {
  readonly verdict: 'sent' | 'bounced' | 'deferred' | 'accepted';
  readonly returnToken: string | null;
  readonly noticeId: string | null;
  /** Enhanced status, "" when the line has none. */
  readonly status: string;
  /** The remote server's words; they contain the address. */
  readonly text: string;
};

const QUEUE_LINE = /\b([0-9A-Za-z]{6,20}): (message-id=|from=<|to=<|uid=)(.*)$/;

type Queued = { returnToken: string | null; noticeId: string | null };

/**
 * One verdict per queue id and `status=` line that belongs to us; `accepted` for a queue id that has no status yet: the relay
 * took the mail, which is all that an uncertain attempt needs to know. Lines of other mails are skipped.
 */
export async function readRelayLog(lines: AsyncIterable<string> | Iterable<string>): Promise<RelayVerdict[]> {
  const queued = new Map<string, Queued>();
  const decided = new Set<string>();
  const verdicts: RelayVerdict[] = [];
  for await (const line of lines) {
    const match = QUEUE_LINE.exec(line);
    if (!match) continue;
    const [, queueId = '', field, rest = ''] = match;
    const mail = queued.get(queueId) ?? { returnToken: null, noticeId: null };
    if (field === 'message-id=') queued.set(queueId, { ...mail, noticeId: readNoticeId(rest) });
    else if (field === 'from=<')
      queued.set(queueId, { ...mail, returnToken: readReturnToken(rest.split('>')[0] ?? '') });
    else if (field === 'to=<') {
      const status = /\bstatus=(sent|bounced|deferred)\b\s*(?:\((.*)\))?/.exec(rest);
      if (!status || (mail.returnToken === null && mail.noticeId === null)) continue;
      decided.add(queueId);
      verdicts.push({
        verdict: status[1] as 'sent' | 'bounced' | 'deferred',
        ...mail,
        status: /\bdsn=([245]\.\d{1,3}\.\d{1,3})/.exec(rest)?.[1] ?? '',
        text: status[2] ?? '',
      });
    }
  }
  for (const [queueId, mail] of queued) {
    if (decided.has(queueId) || (mail.returnToken === null && mail.noticeId === null)) continue;
    verdicts.push({ verdict: 'accepted', ...mail, status: '', text: '' });
  }
  return verdicts;
}
