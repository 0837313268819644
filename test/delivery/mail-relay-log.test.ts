// What a line of the relay's log proves: that its queue took a mail, or nothing yet.
import { describe, expect, test } from 'vitest';
import { readRelayLog } from '../../src/delivery/mail/relay-log.ts';

const notice = '0197a000-0000-7000-8000-00000000000a';
const token = 'abcdefghijklmnop';
const cleanup = `Nov 21 10:00:00 relay postfix/cleanup[1]: 4D1A2B3C4D: message-id=<${notice}.email@return.example>`;
const qmgr = `Nov 21 10:00:00 relay postfix/qmgr[2]: 4D1A2B3C4D: from=<notice+${token}@return.example>, size=4000, nrcpt=1 (queue active)`;
const status = (word: string) =>
  `Nov 21 10:00:01 relay postfix/smtp[3]: 4D1A2B3C4D: to=<taro@example.jp>, relay=mx[192.0.2.1]:25, delay=1, dsn=2.0.0, status=${word} (said)`;
const lost = (why: string) =>
  `Nov 21 10:00:05 relay postfix/smtpd[4]: ${why} after DATA (300 bytes) from app[192.0.2.9]`;

describe('A relay log', () => {
  test.each(['lost connection', 'timeout'])(
    'with a Message-ID and then a %s after DATA proves nothing',
    async (why) => {
      expect(await readRelayLog([cleanup, lost(why)])).toEqual([]);
      expect(await readRelayLog([cleanup])).toEqual([]);
    },
  );

  test('proves an acceptance once the queue has the mail, whatever else the connection did', async () => {
    const accepted = { verdict: 'accepted', returnToken: token, noticeId: notice, status: '', text: '' };
    expect(await readRelayLog([cleanup, qmgr, lost('lost connection')])).toEqual([accepted]);
    expect(await readRelayLog([qmgr])).toEqual([{ ...accepted, noticeId: null }]);
  });

  test('says what a status line says, once per line', async () => {
    const found = await readRelayLog([cleanup, qmgr, status('deferred'), status('sent')]);
    expect(found.map((each) => each.verdict)).toEqual(['deferred', 'sent']);
    expect((await readRelayLog([cleanup, status('bounced')])).map((each) => each.verdict)).toEqual(['bounced']);
  });

  test('that uses a queue id again does not lend our name to the next mail', async () => {
    const other = 'Nov 21 11:00:00 relay postfix/cleanup[1]: 4D1A2B3C4D: message-id=<x@elsewhere.example>';
    expect((await readRelayLog([cleanup, qmgr, other, status('bounced')])).map((each) => each.verdict)).toEqual([
      'accepted',
    ]);
  });

  test('says nothing of mails that are not ours, whatever became of them', async () => {
    const theirs = qmgr.replace(`notice+${token}@return.example`, 'someone@elsewhere.example');
    expect(await readRelayLog([theirs])).toEqual([]);
    expect(await readRelayLog([theirs, status('sent')])).toEqual([]);
    expect(await readRelayLog([status('bounced')])).toEqual([]);
    expect(await readRelayLog(['Nov 21 10:00:00 relay kernel: nothing of a queue'])).toEqual([]);
  });

  test('passes over a recipient without a status, and takes status and words of one that has them', async () => {
    const silent = status('sent').replace(', status=sent (said)', '');
    expect((await readRelayLog([cleanup, qmgr, silent])).map((each) => each.verdict)).toEqual(['accepted']);
    expect(await readRelayLog([cleanup, qmgr, status('bounced')])).toEqual([
      { verdict: 'bounced', returnToken: token, noticeId: notice, status: '2.0.0', text: 'said' },
    ]);
    const wordless = status('deferred').replace(' (said)', '').replace(' dsn=2.0.0,', '');
    expect(await readRelayLog([cleanup, wordless])).toMatchObject([{ verdict: 'deferred', status: '', text: '' }]);
  });
});
