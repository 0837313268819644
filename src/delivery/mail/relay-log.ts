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

type Queued = { returnToken: string | null; noticeId: string | null; isHeld: boolean; isDecided: boolean };

const foreign: Queued = { returnToken: null, noticeId: null, isHeld: false, isDecided: false };

/**
 * One verdict per queue id and `status=` line that belongs to us; `accepted` for a queue id without a status that the relay's
 * queue has taken in (qmgr's `queue active`). cleanup writes the Message-ID while DATA still runs, so that line alone proves
 * nothing: the connection may break before the dot. Lines of other mails are skipped.
 */
export async function readRelayLog(lines: AsyncIterable<string> | Iterable<string>): Promise<RelayVerdict[]> {
  const queued = new Map<string, Queued>();
  const verdicts: RelayVerdict[] = [];
  const takeLeave = (mail: Queued): void => {
    if (mail.isHeld && !mail.isDecided && isOurs(mail)) verdicts.push(verdictOf('accepted', mail, '', ''));
  };
  for await (const line of lines) {
    const match = QUEUE_LINE.exec(line);
    if (!match) continue;
    const [, queueId = '', field, rest = ''] = match;
    const mail = queued.get(queueId) ?? foreign;
    if (field === 'message-id=') {
      // Short queue ids are used again: a Message-ID begins another mail, which has nothing of the one before.
      takeLeave(mail);
      queued.set(queueId, { ...foreign, noticeId: readNoticeId(rest) });
    } else if (field === 'from=<') {
      const returnToken = readReturnToken(rest.split('>')[0] ?? '');
      const isHeld = mail.isHeld || /\(queue active\)|\bstatus=/.test(rest);
      queued.set(queueId, { ...mail, returnToken, isHeld });
    } else if (field === 'to=<') {
      const status = /\bstatus=(sent|bounced|deferred)\b\s*(?:\((.*)\))?/.exec(rest);
      if (!status || !isOurs(mail)) continue;
      queued.set(queueId, { ...mail, isDecided: true });
      const dsn = /\bdsn=([245]\.\d{1,3}\.\d{1,3})/.exec(rest)?.[1] ?? '';
      verdicts.push(verdictOf(status[1] as 'sent' | 'bounced' | 'deferred', mail, dsn, status[2] ?? ''));
    }
  }
  for (const mail of queued.values()) takeLeave(mail);
  return verdicts;
}

const isOurs = (mail: Queued): boolean => mail.returnToken !== null || mail.noticeId !== null;

function verdictOf(
  verdict: RelayVerdict['verdict'],
  { returnToken, noticeId }: Queued,
  status: string,
  text: string,
): RelayVerdict {
  return { verdict, returnToken, noticeId, status, text };
}
