// One mail of one person, checked before it may leave; and the window of mails that are built before any of them becomes an attempt.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { compileMailText, composeMail, mailSenderOf } from '../../src/delivery/mail/compose-mail.ts';
import type { ComposedMail } from '../../src/delivery/mail/mail-plan.ts';
import { prepareWindow } from '../../src/delivery/mail/prepare-window.ts';
import { readReturnToken } from '../../src/delivery/mail/return-address.ts';
import { otherNames } from '../../src/notice/clean-output.ts';
import { packageRoot } from '../../src/platform/package-root.ts';
import { aCampaignFile } from '../support/campaign-file.ts';

const file = aCampaignFile();
const sentOn = '2026-11-21';
const shipped = (variant: string, language: 'ja' | 'en') =>
  readFileSync(join(packageRoot, 'templates/notice', variant, language, 'notice.md'), 'utf8');
const textOf = (language: 'ja' | 'en' = 'ja') =>
  compileMailText(file, { variant: 'adult', language, text: shipped('adult', language) }, sentOn);
const notice = { language: 'ja' as const, number: '123456789014' };
const codes = file.incident.items.map((item) => item.code);
const hanako = {
  ref: '01900000-0000-7000-8000-000000000001',
  name: '髙橋 花子',
  flags: [],
  leakedItems: codes.slice(0, 1),
  email: 'hanako@example.jp',
};

describe('one mail', () => {
  it('goes to the person, with their name, their number and what leaked of theirs, and with nothing of a card', () => {
    const mail = composeMail({ file, sentOn, text: textOf() }, hanako, notice);
    if (mail.kind === 'blocked') throw new Error(mail.code);
    const [leaked, ...others] = file.incident.items.map((item) => item.label);
    expect(mail).toMatchObject({ to: { address: 'hanako@example.jp' }, language: 'ja' });
    expect(mail.subject).toContain('お詫び');
    for (const part of [mail.text, mail.html]) {
      expect(part).toContain('髙橋 花子');
      expect(part).toContain('1234-5678-9014');
      expect(part).toContain('2026年11月21日');
      expect(part).not.toContain('お詫びの品');
    }
    const list = mail.text.split('\n').filter((line) => line.startsWith('・'));
    expect(list).toContain(`・${leaked}`);
    for (const other of others) expect(list).not.toContain(`・${other}`);
  });

  it('is in the language of its notice', () => {
    const mail = composeMail({ file, sentOn, text: textOf('en') }, hanako, { ...notice, language: 'en' });
    expect(mail).toMatchObject({ kind: 'ready', language: 'en', text: expect.stringContaining('1234-5678-9014') });
  });

  it('is held back, by a code that names no one, when an item of the person is none of the incident', () => {
    const record = { ...hanako, leakedItems: [...hanako.leakedItems, 'passport'] };
    expect(composeMail({ file, sentOn, text: textOf() }, record, notice)).toEqual({
      kind: 'blocked',
      code: 'NOTICE_UNSAFE',
    });
  });

  it('is held back when somebody else of the batch is named in it, and only then', () => {
    const text = textOf();
    const mixed = {
      ...text,
      notice: compileMailText(
        file,
        {
          variant: 'adult',
          language: 'ja',
          text: shipped('adult', 'ja').replace('\n## 原因', '\n佐藤 健一\n\n## 原因'),
        },
        sentOn,
      ).notice,
    };
    const others = otherNames([hanako, { name: '佐藤 健一' }], text.sharedText);
    expect(composeMail({ file, sentOn, text, others }, hanako, notice).kind).toBe('ready');
    expect(composeMail({ file, sentOn, text: mixed, others }, hanako, notice)).toEqual({
      kind: 'blocked',
      code: 'NOTICE_UNSAFE',
    });
    expect(composeMail({ file, sentOn, text: mixed }, hanako, notice).kind).toBe('ready');
  });

  it('does not hide a fault of our own as a mail that was held back', () => {
    const broken = { ...hanako, leakedItems: null as unknown as string[] };
    expect(() => composeMail({ file, sentOn, text: textOf() }, broken, notice)).toThrow(TypeError);
  });

  it('cannot be written from a text that cannot be read', () => {
    expect(() => compileMailText(file, { variant: 'adult', language: 'ja', text: '{{' }, sentOn)).toThrow(
      expect.objectContaining({ code: 'NOTICE_INVALID' }),
    );
  });
});

describe('the sender', () => {
  it('is named as the campaign says, or as the company', () => {
    const email = { from: 'info@mihon.example', returnDomain: 'return.mihon.example' };
    const sender = (over: object) =>
      mailSenderOf({ ...file, sender: { ...file.sender, email: { ...email, ...over } } });
    expect(sender({})).toEqual({
      from: { name: file.sender.name, address: 'info@mihon.example' },
      returnDomain: 'return.mihon.example',
    });
    expect(sender({ fromName: 'お客様窓口', replyTo: 'desk@mihon.example' })).toEqual({
      from: { name: 'お客様窓口', address: 'info@mihon.example' },
      replyTo: { address: 'desk@mihon.example' },
      returnDomain: 'return.mihon.example',
    });
  });
});

describe('a window of mails', () => {
  const mail = (n: number, attempt = 0) => ({
    assignmentId: `place-${n}`,
    personRef: `person-${n}`,
    noticeId: `0197a000-0000-7000-8000-00000000000${n}`,
    attempt,
  });
  const ready = (address: string): ComposedMail => ({
    kind: 'ready',
    to: { address },
    subject: 'お詫び',
    text: '本文',
    html: '<p>本文</p>',
    language: 'ja',
  });
  const plan = {
    planId: 'plan',
    from: { name: '見本商店', address: 'info@mihon.example' },
    returnDomain: 'return.mihon.example',
    acceptedBy: 'relay' as const,
    deferredHours: 24,
    pacesOf: () => [],
    compose: async () => new Map(),
  };
  const clock = () => new Date('2026-11-21T00:00:00Z');

  it('holds the mails that can be built, each as its next attempt with a return address of its own', async () => {
    const composed = new Map([
      ['place-1', ready('one@example.jp')],
      ['place-2', ready('two@日本.example')],
    ]);
    const { mails, blocked } = prepareWindow({ plan, clock }, [mail(1), mail(2, 3)], composed);
    expect(blocked).toEqual([]);
    expect(mails.map(({ assignmentId, attempt, to }) => [assignmentId, attempt, to])).toEqual([
      ['place-1', 1, 'one@example.jp'],
      ['place-2', 4, 'two@xn--wgv71a.example'],
    ]);
    for (const { from, returnToken } of mails) {
      expect(from).toBe(`notice+${returnToken}@return.mihon.example`);
      expect(readReturnToken(from)).toBe(returnToken);
    }
    expect(new Set(mails.map(({ returnToken }) => returnToken)).size).toBe(2);
    const read = await PostalMime.parse(mails[1]?.message ?? Buffer.of());
    expect(read).toMatchObject({
      from: { name: '見本商店', address: 'info@mihon.example' },
      subject: 'お詫び',
      date: '2026-11-21T00:00:00.000Z',
      messageId: '<0197a000-0000-7000-8000-000000000002.email@return.mihon.example>',
    });
    expect(read.replyTo).toBeUndefined();
  });

  it('names who answers, when the campaign does', async () => {
    const answering = { ...plan, replyTo: { address: 'desk@mihon.example' } };
    const composed = new Map([['place-1', ready('one@example.jp')]]);
    const { mails } = prepareWindow({ plan: answering, clock }, [mail(1)], composed);
    const read = await PostalMime.parse(mails[0]?.message ?? Buffer.of());
    expect(read.replyTo).toEqual([{ name: '', address: 'desk@mihon.example' }]);
  });

  it('makes no attempt of a mail that was held back, has nobody, or an address that no mail can carry; the others go', () => {
    const composed = new Map<string, ComposedMail>([
      ['place-1', { kind: 'blocked', code: 'NOTICE_UNSAFE' }],
      ['place-3', ready('not an address')],
      ['place-4', ready('four@example.jp')],
    ]);
    const window = prepareWindow({ plan, clock }, [mail(1, 2), mail(2), mail(3), mail(4)], composed);
    expect(window.mails.map(({ assignmentId }) => assignmentId)).toEqual(['place-4']);
    expect(window.blocked).toEqual([
      { assignmentId: 'place-1', attempt: 2, outcome: { kind: 'blocked', code: 'NOTICE_UNSAFE' } },
      { assignmentId: 'place-2', attempt: 0, outcome: { kind: 'blocked', code: 'PERSON_MISSING' } },
      { assignmentId: 'place-3', attempt: 0, outcome: { kind: 'blocked', code: 'MAIL_INVALID' } },
    ]);
  });
});
