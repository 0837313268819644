import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMailEvent } from '../../src/delivery/mail/read-mail-event.ts';

const fixtures = join(import.meta.dirname, '../fixtures/mail');
const read = (text: string, encoding: BufferEncoding = 'utf8') => readMailEvent(Buffer.from(text, encoding));

/** A report with one delivery-status part; lines as given. */
function report(status: string, eol = '\n', extra = ''): string {
  return [
    'Return-Path: <>',
    'From: MAILER-DAEMON@mx.example.jp (Mail Delivery System)',
    'To: notice+abcdefghij234567@return.example',
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status;',
    '\tboundary="b/1"',
    '',
    'This is a MIME-encapsulated message.',
    '--b/1',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'I am sorry.',
    '--b/1',
    'Content-Description: Delivery report',
    'Content-Type: message/delivery-status',
    '',
    ...status.split('\n'),
    '--b/1',
    'Content-Type: text/rfc822-headers',
    '',
    'Return-Path: <notice+abcdefghij234567@return.example>',
    'Message-ID: <0197a000-0000-7000-8000-000000000001.email@return.example>',
    'Subject: =?UTF-8?B?44GK6Kmr44Gz?=',
    extra,
    '--b/1--',
    '',
  ].join(eol);
}

const perMessage = 'Reporting-MTA: dns; mx.example.jp\nArrival-Date: Sat, 21 Nov 2026 10:00:00 +0900\n';
const one = (fields: string) => `${perMessage}\n${fields}`;

describe('A delivery status', () => {
  test.each([
    [
      'an unknown user',
      one(
        'Final-Recipient: rfc822; taro@example.jp\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <taro@example.jp>: Recipient address\n    rejected: User unknown',
      ),
      {
        kind: 'bounce',
        recipient: 'taro@example.jp',
        hard: true,
        status: '5.1.1',
        replyCode: '550',
        reason: '550 5.1.1 <taro@example.jp>: Recipient address rejected: User unknown',
      },
    ],
    [
      'a full mailbox',
      one(
        'Final-Recipient: rfc822;taro@example.jp\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp;552 5.2.2 Mailbox full',
      ),
      { kind: 'bounce', hard: false, status: '5.2.2', replyCode: '552' },
    ],
    [
      'a policy',
      one(
        'Final-Recipient: rfc822;taro@example.jp\nAction: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp;550 5.7.1 User unknown or blocked by policy',
      ),
      { kind: 'bounce', hard: false, status: '5.7.1' },
    ],
    [
      'a null MX',
      one('Final-Recipient: rfc822;taro@example.jp\nAction: failed\nStatus: 5.1.10'),
      { kind: 'bounce', hard: true, status: '5.1.10', replyCode: '', reason: '' },
    ],
    [
      'a domain that does not exist, as Postfix writes it',
      one(
        'Final-Recipient: rfc822; taro@nowhere.example\nAction: failed\nStatus: 5.4.4\nDiagnostic-Code: X-Postfix; Host or domain name not found. Name service error for name=nowhere.example type=A: Host not found',
      ),
      { kind: 'bounce', hard: true, status: '5.4.4', replyCode: '' },
    ],
    [
      'a routing loop under the same status',
      one(
        'Final-Recipient: rfc822; taro@example.jp\nAction: failed\nStatus: 5.4.4\nDiagnostic-Code: X-Postfix; unable to route: loop',
      ),
      { hard: false },
    ],
    [
      'a mail given up on after days',
      one(
        'Final-Recipient: rfc822; taro@example.jp\nAction: failed\nStatus: 4.4.1\nDiagnostic-Code: X-Postfix; connect to example.jp[192.0.2.1]:25: Connection timed out',
      ),
      { kind: 'bounce', hard: false, status: '4.4.1', replyCode: '' },
    ],
    [
      'a delay',
      one(
        'Final-Recipient: rfc822; taro@example.jp\nAction: delayed\nStatus: 4.7.1\nDiagnostic-Code: smtp; 451 4.7.1 Greylisted\nWill-Retry-Until: Mon, 23 Nov 2026 10:00:00 +0900',
      ),
      { kind: 'delay', hard: false, status: '4.7.1', replyCode: '451' },
    ],
    [
      'a delay whose status says otherwise',
      one('Final-Recipient: rfc822; taro@example.jp\nAction: delayed\nStatus: 5.1.1'),
      { kind: 'delay', hard: false },
    ],
    [
      'a delivery',
      one('Final-Recipient: rfc822; taro@example.jp\nAction: delivered\nStatus: 2.1.5'),
      { kind: 'delivered', hard: false, status: '2.1.5' },
    ],
    [
      'a relay without reports',
      one('Final-Recipient: rfc822; taro@example.jp\nAction: relayed (to non-DSN)\nStatus: 2.0.0'),
      { kind: 'delivered' },
    ],
    [
      'a status only in the diagnosis',
      one(
        'Final-Recipient: rfc822; taro@example.jp\nAction: failed\nDiagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.',
      ),
      { kind: 'bounce', hard: true, status: '5.1.1', replyCode: '550' },
    ],
    [
      'a generic status beside a specific diagnosis',
      one(
        'Final-Recipient: rfc822; taro@example.jp\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 unknown',
      ),
      { hard: true, status: '5.1.1' },
    ],
    [
      'a generic status with words',
      one(
        'Final-Recipient: rfc822; taro@docomo.ne.jp\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 Unknown user taro@docomo.ne.jp',
      ),
      { hard: true, status: '5.0.0', replyCode: '550' },
    ],
    [
      'no action',
      one('Final-Recipient: rfc822; taro@example.jp\nStatus: 5.1.1 (bad mailbox)'),
      { kind: 'bounce', hard: true, status: '5.1.1' },
    ],
    [
      'only the original recipient, no blank line',
      `${perMessage}Original-Recipient: rfc822;taro@example.jp\nAction: failed\nStatus: 5.1.1`,
      { kind: 'bounce', recipient: 'taro@example.jp', hard: true },
    ],
    [
      'blank lines within the recipient',
      one('Final-Recipient: rfc822; taro@example.jp\n\nAction: failed\nStatus: 5.1.1'),
      { kind: 'bounce', recipient: 'taro@example.jp', hard: true },
    ],
    [
      'an IP address that is no status',
      one(
        'Final-Recipient: rfc822; taro@example.jp\nAction: failed\nDiagnostic-Code: smtp; connect to 5.1.1.25 refused',
      ),
      { kind: 'bounce', status: '', hard: false },
    ],
    [
      'a reply code behind words',
      one(
        'Final-Recipient: rfc822; taro@example.jp\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: X-Postfix; host mx.example.jp[192.0.2.250] said: 550 5.1.1 no (in reply to RCPT TO command)',
      ),
      { replyCode: '550', hard: true },
    ],
    [
      'Exchange Online’s unknown recipient',
      one(
        'Final-Recipient: rfc822;taro@example.jp\nAction: failed\nStatus: 5.4.1\nDiagnostic-Code: smtp;550 5.4.1 Recipient address rejected: Access denied.',
      ),
      { hard: true },
    ],
  ])('of %s', (_name, status, expected) => {
    for (const eol of ['\n', '\r\n']) {
      const { events } = read(report(status, eol));
      expect(events).toHaveLength(1);
      expect(events[0]).toMatchObject(expected);
    }
  });

  test('of several recipients becomes several events', () => {
    const status = one(
      'Final-Recipient: rfc822;a@example.jp\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822;b@example.jp\nAction: delayed\nStatus: 4.2.2',
    );
    const crowded = one(
      'Final-Recipient: rfc822;a@example.jp\nAction: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822;b@example.jp\nAction: delayed\nStatus: 4.2.2',
    );
    for (const text of [status, crowded]) {
      expect(read(report(text)).events.map(({ recipient, kind }) => [recipient, kind])).toEqual([
        ['a@example.jp', 'bounce'],
        ['b@example.jp', 'delay'],
      ]);
    }
  });

  test('names our attempt and our notice', () => {
    expect(read(report(one('Final-Recipient: rfc822;a@example.jp\nAction: failed\nStatus: 5.1.1')))).toMatchObject({
      returnTokens: ['abcdefghij234567'],
      noticeIds: ['0197a000-0000-7000-8000-000000000001'],
    });
  });

  test('in base64, cut short, or after an mbox line is read all the same', () => {
    const plain = report(one('Final-Recipient: rfc822;a@example.jp\nAction: failed\nStatus: 5.1.1'));
    const encoded = plain.replace(
      /(Content-Type: message\/delivery-status\n)\n([\s\S]*?)(?=--b\/1\nContent-Type: text\/rfc822)/,
      (_all, head: string, body: string) =>
        `${head}Content-Transfer-Encoding: base64\n\n${Buffer.from(body).toString('base64')}\n`,
    );
    expect(read(encoded).events[0]).toMatchObject({ kind: 'bounce', hard: true });
    expect(read(plain.slice(0, plain.indexOf('Status: 5.1.1') + 13)).events[0]).toMatchObject({ kind: 'bounce' });
    expect(read(`From MAILER-DAEMON Sat Nov 21 10:00:00 2026\n${plain}`).events[0]).toMatchObject({ kind: 'bounce' });
    expect(read(plain.replaceAll('b/1"', 'other"')).events[0]).toMatchObject({
      kind: 'bounce',
      recipient: 'a@example.jp',
    });
  });

  test('in Japanese keeps its words', () => {
    const text = one(
      'Final-Recipient: rfc822;a@example.jp\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 宛先が存在しません',
    );
    expect(read(report(text)).events[0]).toMatchObject({ hard: true, reason: '550 宛先が存在しません' });
  });
});

describe('A delivery status without a status field', () => {
  const failed = (rest: string) => read(report(one(`Final-Recipient: rfc822;taro@example.jp\n${rest}`))).events;
  test.each([
    ['Action: failed\nDiagnostic-Code: smtp; 550 no such user', [['bounce', true, '', '550']]],
    ['Diagnostic-Code: smtp; 550 no such user', [['bounce', true, '', '550']]],
    ['Diagnostic-Code: smtp; 450 busy', [['delay', false, '', '450']]],
    ['Action: failed', [['bounce', false, '', '']]],
  ])('is judged by its action and its code: %j', (rest, verdicts) => {
    expect(failed(rest).map(({ kind, hard, status, replyCode }) => [kind, hard, status, replyCode])).toEqual(verdicts);
  });

  test('of the type for addresses beyond ASCII (RFC 6533) is read alike', () => {
    const text = report(one('Final-Recipient: rfc822;taro@example.jp\nAction: failed\nStatus: 5.1.1'));
    expect(read(text.replace('message/delivery-status', 'message/global-delivery-status')).events).toMatchObject([
      { kind: 'bounce', recipient: 'taro@example.jp', status: '5.1.1' },
    ]);
  });
});

describe('Other mail', () => {
  const arf = (type: string, rcpt = 'Original-Rcpt-To: <taro@example.jp>\n') =>
    `From: <abuse@isp.example>\nContent-Type: multipart/report; report-type=feedback-report; boundary="x"\n\n--x\nContent-Type: text/plain\n\nreport\n--x\nContent-Type: message/feedback-report\n\nFeedback-Type: ${type}\nUser-Agent: X/1\nVersion: 1\n${rcpt}Original-Mail-From: <notice+abcdefghij234567@return.example>\n\n--x\nContent-Type: message/rfc822\n\nFrom: info@sakura.example\nTo: taro@example.jp\nMessage-ID: <0197a000-0000-7000-8000-000000000001.email@return.example>\n\nbody\n--x--\n`;

  test('a complaint names its recipient, from the report or from the original', () => {
    expect(read(arf('abuse'))).toMatchObject({
      events: [{ kind: 'complaint', recipient: 'taro@example.jp', hard: false, reason: 'abuse' }],
      returnTokens: ['abcdefghij234567'],
    });
    expect(read(arf('abuse', '')).events[0]).toMatchObject({ kind: 'complaint', recipient: 'taro@example.jp' });
    expect(read(arf('not-spam')).events[0]?.kind).toBe('none');
  });

  test.each([
    ['From: taro@example.jp\nSubject: Re: x\nAuto-Submitted: auto-replied\n\nI am away', 'taro@example.jp'],
    [
      'From: =?UTF-8?B?5aSq6YOO?= <taro@example.jp>\nSubject: =?ISO-2022-JP?B?GyRCSVQ6XyROJCpDTiRpJDsbKEI=?=\n\n不在',
      'taro@example.jp',
    ],
    ['From: taro@example.jp\nSubject: Automatic reply: notice\n\nx', 'taro@example.jp'],
    ['From: taro@example.jp\nX-Autoreply: yes\n\nx', 'taro@example.jp'],
  ])('an automatic reply is one: %#', (text, recipient) => {
    expect(read(text).events).toMatchObject([{ kind: 'auto-reply', recipient, hard: false }]);
  });

  test('a qmail bounce is read from its prose', () => {
    const text =
      "Return-Path: <>\nFrom: MAILER-DAEMON@qmail.example\nTo: notice+abcdefghij234567@return.example\nSubject: failure notice\n\nHi. This is the qmail-send program at qmail.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<taro@example.jp>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 no such user\nGiving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.\n\nFrom: info@sakura.example\n";
    expect(read(text).events).toMatchObject([
      { kind: 'bounce', recipient: 'taro@example.jp', hard: true, status: '5.1.1', replyCode: '550' },
    ]);
  });

  // How qmail, Exim and mobile carriers say it; a verdict is a code of RFC 5321, a status of RFC 3463, or words for "not delivered".
  const prose = (text: string, { subject = 'failure notice', headers = '' } = {}) =>
    read(
      `Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: notice+abcdefghij234567@return.example\nSubject: ${subject}\n${headers}\n${text}\n`,
    ).events.map(({ kind, recipient, hard, status, replyCode }) => [kind, recipient, hard, status, replyCode]);
  const none = [['none', '', false, '', '']];

  test.each<[string, string, Parameters<typeof prose>[1], ReturnType<typeof prose>]>([
    ['a code alone', '<taro@example.jp>: 550 no such user', {}, [['bounce', 'taro@example.jp', true, '', '550']]],
    ['a status alone', '<taro@example.jp>:\n5.1.1 unknown', {}, [['bounce', 'taro@example.jp', true, '5.1.1', '']]],
    ['words alone', 'taro@example.jp 宛のメールは届きません', {}, [['bounce', 'taro@example.jp', false, '', '']]],
    ['no verdict', 'Digest for taro@example.jp', {}, none],
    ['nobody', 'Hi. This is the qmail-send program. Undeliverable.', {}, none],
    [
      'the header of Exim, which is a verdict by itself',
      'A message could not be sent.',
      { headers: 'X-Failed-Recipients: taro@example.jp, jiro@example.jp\n' },
      [
        ['bounce', 'taro@example.jp', false, '', ''],
        ['bounce', 'jiro@example.jp', false, '', ''],
      ],
    ],
    [
      'two people, each with the code of their own',
      '<taro@example.jp>:\n550 no such user\n\n<jiro@example.jp>:\n552 too large',
      {},
      [
        ['bounce', 'taro@example.jp', true, '', '550'],
        ['bounce', 'jiro@example.jp', false, '', '552'],
      ],
    ],
    ['a code that is not final', '<taro@example.jp>: 450 busy', {}, [['delay', 'taro@example.jp', false, '', '450']]],
    [
      'a status that is not final',
      '<taro@example.jp>: 4.2.2 mailbox full',
      {},
      [['delay', 'taro@example.jp', false, '4.2.2', '']],
    ],
    [
      'a code that is not final, given up',
      '<taro@example.jp>: 450 busy\nGiving up on 192.0.2.1.',
      {},
      [['bounce', 'taro@example.jp', false, '', '450']],
    ],
    [
      'a delay by its subject',
      '<taro@example.jp>: undeliverable so far',
      { subject: 'Delayed Mail (still being retried)' },
      [['delay', 'taro@example.jp', false, '', '']],
    ],
    [
      'what follows the original, which is not a verdict of its own',
      '<taro@example.jp>: 550 no such user\n\n--- Below this line is a copy of the message.\n\n<jiro@example.jp>: 550 x',
      {},
      [['bounce', 'taro@example.jp', true, '', '550']],
    ],
  ])('a bounce in prose has %s', (_, text, options, events) => {
    expect(prose(text, options)).toEqual(events);
  });

  test.each([
    ['by the name MAILER-DAEMON', 'From: MAILER-DAEMON@mx.example'],
    ['by the name postmaster', 'From: Postmaster <postmaster@mx.example>'],
    ['by its title', 'From: Mail Delivery System <noreply@mx.example>'],
    ['by the empty return path alone (RFC 5321, 4.5.5)', 'Return-Path: <>\nFrom: robot@mx.example'],
  ])('a mail system is known %s, and nobody else is believed', (_, head) => {
    const bounce = (from: string) => read(`${from}\nSubject: failure\n\n<taro@example.jp>: 550 no such user\n`).events;
    expect(bounce(head)).toMatchObject([{ kind: 'bounce', recipient: 'taro@example.jp', hard: true }]);
    expect(bounce('Return-Path: <jiro@example.jp>\nFrom: jiro@example.jp')).toMatchObject([{ kind: 'none' }]);
  });

  test.each([
    ['Precedence: auto_reply'],
    ['Precedence: auto-reply'],
    ['X-Precedence: auto_reply'],
    ['X-Autorespond: yes'],
    ['X-Vacation: yes'],
    ['Auto-Submitted: auto-generated'],
    ['Subject: Out of the office'],
  ])('%s is how vacation programs say it', (header) => {
    expect(read(`From: taro@example.jp\n${header}\n\nx`).events).toMatchObject([
      { kind: 'auto-reply', recipient: 'taro@example.jp' },
    ]);
  });

  test.each([['Precedence: bulk'], ['Auto-Submitted: no'], ['Subject: Re: out of the office hours?']])(
    '%s is no automatic reply',
    (header) => {
      expect(read(`From: taro@example.jp\n${header}\n\nx`).events).toMatchObject([{ kind: 'none' }]);
    },
  );

  test('a receipt that was displayed is an arrival, one that was deleted unread says nothing', () => {
    const receipt = (disposition: string) =>
      read(
        `From: taro@example.jp\nContent-Type: multipart/report; report-type=disposition-notification; boundary="x"\n\n--x\nContent-Type: text/plain\n\nread\n--x\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;Taro@example.jp\nDisposition: manual-action/MDN-sent-manually; ${disposition}\n--x--\n`,
      ).events.map(({ kind, recipient }) => `${kind} ${recipient}`.toLowerCase());
    expect(receipt('displayed')).toEqual(['delivered taro@example.jp']);
    expect(receipt('deleted')).not.toContain('delivered taro@example.jp');
  });

  test.each([
    '',
    'hello',
    'From: a@example.jp\nSubject: question\n\nMy address is b@example.jp, 550 yen?',
    'Content-Type: multipart/report; boundary="x"\n\n--x--',
  ])('a letter from a person, or nothing, is none: %#', (text) => {
    expect(read(text).events).toEqual([
      { kind: 'none', recipient: '', hard: false, status: '', replyCode: '', reason: '' },
    ]);
  });

  test('nothing in a file makes the reader throw', () => {
    const sample = report(one('Final-Recipient: rfc822;a@example.jp\nAction: failed\nStatus: 5.1.1'));
    fc.assert(
      fc.property(fc.nat(sample.length), fc.nat(sample.length), fc.uint8Array({ maxLength: 30 }), (from, to, junk) => {
        const { events } = readMailEvent(
          Buffer.concat([Buffer.from(sample.slice(0, from)), junk, Buffer.from(sample.slice(to))]),
        );
        expect(events.length).toBeGreaterThan(0);
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), (junk) => readMailEvent(junk).events.length > 0));
  });
});

describe('The fixture files', () => {
  const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8'));
  test.each(readdirSync(fixtures).filter((name) => name.endsWith('.eml')))('%s', (name) => {
    expect(readMailEvent(readFileSync(join(fixtures, name))).events).toMatchObject(expected[name]);
  });
});
