// Proves the phases of platform/smtp/smtp.ts against servers that answer, refuse, stall and drop at every step.
import { randomBytes } from 'node:crypto';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { createSmtpLink, type SmtpLink } from '../../src/platform/smtp/smtp.ts';
import { smtpOptions } from '../../src/platform/smtp/smtp-connect.ts';
import { monotonicMs, type Submission } from '../../src/platform/smtp/smtp-submission.ts';
import { type RawSmtpServer, type SmtpScript, startRawSmtpServer } from '../support/smtp-raw-server.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function linkTo(script: SmtpScript, replyTimeoutMs = 150): Promise<{ server: RawSmtpServer; link: SmtpLink }> {
  const server = await startRawSmtpServer(script);
  const link = createSmtpLink({ url: server.url, replyTimeoutMs, connectTimeoutMs: 500 });
  open.push(link, server);
  return { server, link };
}

function mail(overrides: Partial<Submission> = {}): Submission {
  return {
    from: 'notice+abc@return.example',
    to: 'taro@example.jp',
    message: Buffer.from('Subject: x\r\n\r\n.dot\r\n..two\r\nend\r\n'),
    deadlineMs: monotonicMs() + 2_000,
    mayCommit: () => true,
    ...overrides,
  };
}

const bigMessage = Buffer.from(`Subject: big\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(80_000)}`);

describe('A mail that goes well', () => {
  test('is accepted with the code, the text and the word for who took it', async () => {
    const { link, server } = await linkTo({});
    expect(await link.submit(mail())).toEqual({
      kind: 'accepted',
      code: '250',
      status: '2.0.0',
      reply: '250 2.0.0 Ok: queued as TEST',
      by: 'relay',
    });
    expect(server.messages).toEqual(['Subject: x\r\n\r\n.dot\r\n..two\r\nend\r\n']);
  });

  test('reuses its connection for the next one, also without PIPELINING', async () => {
    const { link, server } = await linkTo({ ehlo: ['8BITMIME'] });
    for (let i = 0; i < 5; i++) expect((await link.submit(mail())).kind).toBe('accepted');
    expect(server.connections).toBe(1);
    expect(server.messages).toHaveLength(5);
  });

  test('arrives byte for byte at smtp-server, with dots at every line start', async () => {
    const received: Buffer[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, _session, callback) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          received.push(Buffer.concat(chunks));
          callback();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as { port: number };
    const link = createSmtpLink({ url: `smtp://127.0.0.1:${port}` });
    open.push(link, { close: () => new Promise<void>((resolve) => server.close(() => resolve())) });
    const body = Array.from({ length: 200 }, () => `.${randomBytes(20).toString('base64')}`).join('\r\n.\r\n..\r\n');
    const message = Buffer.from(`Subject: dots\r\n\r\n${body}\r\n`);
    expect((await link.submit(mail({ message, deadlineMs: monotonicMs() + 5_000 }))).kind).toBe('accepted');
    expect(received[0]?.equals(message)).toBe(true);
  });
});

describe('An envelope that travels with the dot before it', () => {
  const first = { from: 'notice+one@return.example', to: 'hanako@example.jp' };
  const second = { from: 'notice+two@return.example', to: 'jiro@example.jp' };

  test('is followed by its mail on the same connection, without a word in between', async () => {
    const { link, server } = await linkTo({});
    expect((await link.submit(mail({ ...first, nextEnvelope: () => second }))).kind).toBe('accepted');
    expect((await link.submit(mail(second))).kind).toBe('accepted');
    expect(server.connections).toBe(1);
    expect(server.messages).toHaveLength(2);
    expect(server.commands.filter((line) => line.startsWith('RCPT'))).toEqual([
      'RCPT TO:<hanako@example.jp>',
      'RCPT TO:<jiro@example.jp>',
    ]);
  });

  test('is never given to another mail, which goes over a new connection', async () => {
    const { link, server } = await linkTo({});
    await link.submit(mail({ ...first, nextEnvelope: () => second }));
    expect((await link.submit(mail(first))).kind).toBe('accepted');
    expect(server.connections).toBe(2);
    expect(server.messages).toHaveLength(2);
  });

  test('is refused for itself alone, also when the mail before it was refused', async () => {
    const { link, server } = await linkTo({ dot: '451 4.3.0 Try later' });
    expect((await link.submit(mail({ ...first, nextEnvelope: () => second }))).kind).toBe('deferred');
    server.script = {};
    expect((await link.submit(mail({ ...second, nextEnvelope: () => first }))).kind).toBe('accepted');
    expect(server.connections).toBe(1);
  });

  test('is refused at RCPT TO, and the connection carries the next mail', async () => {
    const { link, server } = await linkTo({ rcpt: '550 5.1.1 User unknown' });
    expect((await link.submit(mail({ ...first, nextEnvelope: () => second }))).kind).toBe('refused');
    server.script = {};
    expect((await link.submit(mail({ ...first, nextEnvelope: () => second }))).kind).toBe('accepted');
    server.script = { dot: 'drop' };
    expect((await link.submit(mail(second))).kind).toBe('uncertain');
    expect(server.connections).toBe(1);
  });

  test('waits for nothing when the reply to the dot before it is lost', async () => {
    const { link, server } = await linkTo({ dot: 'drop' });
    expect(await link.submit(mail({ ...first, nextEnvelope: () => second }))).toMatchObject({ kind: 'uncertain' });
    server.script = {};
    expect((await link.submit(mail(second))).kind).toBe('accepted');
    expect(server.messages).toHaveLength(2);
  });
});

describe('Before the final dot, a fault is safe to retry', () => {
  const cases: [string, SmtpScript, object][] = [
    ['a dropped greeting', { greeting: 'drop' }, { kind: 'deferred', reason: 'connect' }],
    ['a 554 greeting', { greeting: '554 No SMTP service here' }, { kind: 'deferred', reason: 'connect' }],
    ['a garbage greeting', { greeting: 'hello, who is there?' }, { kind: 'deferred', reason: 'connect' }],
    ['a silent greeting', { greeting: 'hang' }, { kind: 'deferred', reason: 'connect' }],
    ['a drop at MAIL FROM', { mail: 'drop' }, { kind: 'deferred', reason: 'lost' }],
    ['a drop at RCPT TO', { rcpt: 'drop' }, { kind: 'deferred', reason: 'lost' }],
    ['a drop at DATA', { data: 'drop' }, { kind: 'deferred', reason: 'lost' }],
    // With PIPELINING the reply to DATA comes where that to RCPT TO should be.
    [
      'silence at RCPT TO',
      { rcpt: 'hang' },
      { kind: 'deferred', reason: expect.stringMatching(/^(deadline|protocol)$/) },
    ],
    ['a garbage reply to MAIL FROM', { mail: 'what?' }, { kind: 'deferred', reason: 'protocol' }],
    ['a garbage reply to DATA', { data: '250 go on' }, { kind: 'deferred', reason: 'protocol' }],
    ['421 at RCPT TO', { rcpt: '421 4.7.0 Closing' }, { kind: 'deferred', reason: 'server', code: '421' }],
    [
      '451 at RCPT TO',
      { rcpt: '451 4.7.1 Greylisted' },
      { kind: 'deferred', reason: 'server', code: '451', status: '4.7.1' },
    ],
    ['452 at DATA', { data: '452 4.3.1 Full' }, { kind: 'deferred', reason: 'server', code: '452', stage: 'data' }],
    ['our sender refused', { mail: '550 5.7.1 Sender rejected' }, { kind: 'deferred', reason: 'sender', code: '550' }],
    ['a demand for login', { rcpt: '530 5.7.0 Authenticate' }, { kind: 'deferred', reason: 'sender', code: '530' }],
  ];
  for (const ehlo of [['PIPELINING'], []]) {
    test.each(cases)(`%s (${ehlo[0] ?? 'no PIPELINING'})`, async (_name, script, expected) => {
      const { link, server } = await linkTo({ ...script, ehlo });
      const outcome = await link.submit(mail({ deadlineMs: monotonicMs() + 700 }));
      expect(outcome).toMatchObject(expected);
      expect(server.messages).toEqual([]);
    });
  }

  test('a drop in the middle of the body leaves no message at the server', async () => {
    const { link, server } = await linkTo({ midBody: { bytes: 100_000, step: 'drop' } });
    expect(await link.submit(mail({ message: bigMessage }))).toMatchObject({ kind: 'deferred', reason: 'lost' });
    expect(server.messages).toEqual([]);
  });

  test('a 2xx in the middle of the body is no acceptance, and no dot follows it', async () => {
    const { link, server } = await linkTo({ midBody: { bytes: 100, step: '250 2.0.0 Already fine' }, dot: 'hang' });
    const outcome = await link.submit(
      mail({ message: bigMessage, mayCommit: () => new Promise((resolve) => setTimeout(() => resolve(true), 100)) }),
    );
    expect(outcome).toMatchObject({ kind: 'deferred', reason: 'protocol', stage: 'body' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(server.messages).toEqual([]);
  });

  test('a 552 in the middle of the body refuses the mail', async () => {
    const { link, server } = await linkTo({ midBody: { bytes: 100, step: '552 5.3.4 Too big' }, dot: 'hang' });
    const outcome = await link.submit(
      mail({ message: bigMessage, mayCommit: () => new Promise((resolve) => setTimeout(() => resolve(true), 100)) }),
    );
    expect(outcome).toMatchObject({ kind: 'refused', code: '552', hard: false, stage: 'body' });
    expect(server.messages).toEqual([]);
  });

  test('a guard that says no keeps the dot back and drops the socket', async () => {
    const { link, server } = await linkTo({});
    for (const mayCommit of [() => false, async () => false, () => Promise.reject(new Error('lost'))]) {
      expect(await link.submit(mail({ mayCommit }))).toMatchObject({ kind: 'deferred', reason: 'stopped' });
    }
    expect(server.messages).toEqual([]);
    expect((await link.submit(mail())).kind).toBe('accepted');
    expect(server.connections).toBe(4);
  });

  test('a deadline that passes while the guard thinks keeps the dot back', async () => {
    const { link, server } = await linkTo({});
    const slowGuard = () => new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 300));
    const outcome = await link.submit(mail({ deadlineMs: monotonicMs() + 100, mayCommit: slowGuard }));
    expect(outcome).toMatchObject({ kind: 'deferred', reason: 'deadline' });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(server.messages).toEqual([]);
  });

  test('a past deadline opens no connection', async () => {
    const { link, server } = await linkTo({});
    expect(await link.submit(mail({ deadlineMs: monotonicMs() - 1 }))).toMatchObject({ reason: 'deadline' });
    expect(server.connections).toBe(0);
  });
});

describe('A refusal is final and says whether the address is dead', () => {
  const cases: [SmtpScript, object][] = [
    [{ rcpt: '550 5.1.1 User unknown' }, { stage: 'rcpt', hard: true, status: '5.1.1' }],
    [{ rcpt: '550 No such user here' }, { stage: 'rcpt', hard: true, status: '' }],
    [{ rcpt: '552 5.2.2 Mailbox full' }, { stage: 'rcpt', hard: false }],
    [{ data: '554 5.7.1 Policy' }, { stage: 'data', hard: false }],
    [{ dot: '550 5.7.1 Spam' }, { stage: 'reply', hard: false }],
    [{ dot: '550-5.1.1 First line\r\n550 5.1.1 user unknown' }, { stage: 'reply', hard: true, code: '550' }],
  ];
  test.each(cases)('%j', async (script, expected) => {
    const { link, server } = await linkTo(script);
    expect(await link.submit(mail())).toMatchObject({ kind: 'refused', ...expected });
    server.script = {};
    expect((await link.submit(mail())).kind).toBe('accepted');
    expect(server.connections).toBe(1);
  });
});

describe('After the final dot, only a clear reply decides', () => {
  test('451 to the dot is safe to retry', async () => {
    const { link } = await linkTo({ dot: '451 4.3.0 Try later' });
    expect(await link.submit(mail())).toMatchObject({ kind: 'deferred', reason: 'server', stage: 'reply' });
  });

  const cases: [string, Step, string][] = [
    ['a drop', 'drop', 'lost'],
    ['no reply', 'hang', 'timeout'],
    ['a reply later than the timeout', { afterMs: 500, reply: '250 Ok' }, 'timeout'],
    ['a garbage reply', 'splendid!', 'garbage'],
    ['a 354 out of step', '354 again', 'garbage'],
    ['a two-digit code', '25 Ok', 'garbage'],
  ];
  type Step = NonNullable<SmtpScript['dot']>;
  test.each(cases)('%s leaves the mail uncertain, and the server has it', async (_name, dot, reason) => {
    const { link, server } = await linkTo({ dot });
    expect(await link.submit(mail())).toMatchObject({ kind: 'uncertain', reason });
    expect(server.messages).toHaveLength(1);
    server.script = {};
    expect((await link.submit(mail())).kind).toBe('accepted');
    expect(server.connections).toBe(2);
  });

  test('a reply later than the deadline but within the timeout still settles the mail', async () => {
    const { link } = await linkTo({ dot: { afterMs: 400, reply: '250 2.0.0 Ok' } }, 1_000);
    expect((await link.submit(mail({ deadlineMs: monotonicMs() + 100 }))).kind).toBe('accepted');
  });
});

describe('Addresses and URLs', () => {
  test('an address with a line break never reaches the wire', async () => {
    const { link, server } = await linkTo({});
    const outcome = await link.submit(mail({ to: 'a@example.jp>\r\nRCPT TO:<b@example.jp' }));
    expect(outcome).toMatchObject({ kind: 'refused', hard: true });
    expect(server.commands.some((line) => line.includes('b@example.jp'))).toBe(false);
  });

  test('a password is sent over TLS only, unless the server is this machine or the URL says never', () => {
    expect(smtpOptions({ url: 'smtp://u:p%40ss@mx.example.jp' })).toMatchObject({
      host: 'mx.example.jp',
      port: 587,
      requireTLS: true,
      auth: { user: 'u', pass: 'p@ss' },
    });
    expect(smtpOptions({ url: 'smtp://u:p@127.0.0.1:2525' })).toMatchObject({ requireTLS: false });
    expect(smtpOptions({ url: 'smtp://u:p@10.0.0.1?tls=never' })).toMatchObject({ requireTLS: false, ignoreTLS: true });
    expect(smtpOptions({ url: 'smtps://mx.example.jp' })).toMatchObject({ secure: true, port: 465 });
    expect(() => smtpOptions({ url: 'http://mx.example.jp' })).toThrow('SMTP_URL_INVALID.protocol');
  });
});
