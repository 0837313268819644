import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/kernel/errors.ts';
import {
  buildMailMessage,
  envelopeAddress,
  formatMailDate,
  type MailContent,
} from '../../src/platform/smtp/mail-message.ts';

const content = (overrides: Partial<MailContent> = {}): MailContent => ({
  from: { name: '株式会社さくら通販 お客様窓口', address: 'info@sakura.example' },
  replyTo: { address: 'desk@sakura.example' },
  to: { name: '髙橋 𠮷子', address: 'yoshiko@example.jp' },
  subject: '【重要】お客様の個人情報の漏えいに関するお詫びとお知らせ（株式会社さくら通販からの大切なご案内です）',
  text: '髙橋 𠮷子 様\n\n.点で始まる行\n漏えいした項目: 氏名、住所\n',
  html: '<p>髙橋 𠮷子 様</p>\n<p>.点</p>\n',
  messageId: '<0197a000-0000-7000-8000-000000000001.email@return.example>',
  date: new Date('2026-11-21T13:30:05Z'),
  language: 'ja',
  ...overrides,
});

describe('A mail is built raw', () => {
  test('and an independent reader finds every word of it again', async () => {
    const mail = await PostalMime.parse(buildMailMessage(content()));
    expect(mail.subject).toBe(content().subject);
    expect(mail.from).toMatchObject({ name: '株式会社さくら通販 お客様窓口', address: 'info@sakura.example' });
    expect(mail.to).toEqual([{ name: '髙橋 𠮷子', address: 'yoshiko@example.jp' }]);
    expect(mail.text?.replaceAll('\r\n', '\n')).toBe(content().text);
    expect(mail.html?.replaceAll('\r\n', '\n')).toBe(content().html);
    expect(mail.messageId).toBe(content().messageId);
    expect(mail.date).toBe('2026-11-21T13:30:05.000Z');
  });

  test('its lines are 7-bit, at most 78 long, end in CRLF, and none begins with a dot', () => {
    const lines = buildMailMessage(content()).toString('latin1').split('\r\n');
    for (const line of lines) {
      expect(line).toMatch(/^[\x20-\x7e]{0,78}$/);
      expect(line.startsWith('.')).toBe(false);
    }
    expect(lines.at(-1)).toBe('');
  });

  test('whatever subject and name hold, no header appears that we did not write', async () => {
    const hostile = fc.string({
      unit: fc.constantFrom('\r', '\n', '\0', ':', ' ', 'B', 'c', '=?', '"', '<', '>', '\u2028', '名'),
    });
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (subject, name) => {
        const mail = await PostalMime.parse(
          buildMailMessage(
            content({ subject: `x${subject}\r\nBcc: evil@example.com`, to: { name, address: 'a@example.jp' } }),
          ),
        );
        expect(mail.headers.map((header) => header.key)).toEqual([
          'from',
          'to',
          'reply-to',
          'subject',
          'date',
          'message-id',
          'content-language',
          'auto-submitted',
          'x-auto-response-suppress',
          'mime-version',
          'content-type',
        ]);
        expect(mail.bcc ?? []).toEqual([]);
        expect(mail.to?.map((to) => to.address)).toEqual(['a@example.jp']);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    'a\r\nb@example.jp',
    'a@b@example.jp>',
    'plain',
    '@example.jp',
    'a b@example.jp',
    'a@exa mple.jp',
    `${'x'.repeat(65)}@example.jp`,
    'a@',
  ])('refuses the address %j', (address) => {
    expect(() => buildMailMessage(content({ to: { address } }))).toThrow(AppError);
    expect(() => envelopeAddress(address)).toThrow(AppError);
  });

  test('an old mobile address keeps its dots: quoted in the header, bare in the envelope', async () => {
    const raw = buildMailMessage(content({ to: { address: 'a..b.@docomo.ne.jp' } })).toString('latin1');
    expect(raw).toContain('To: "a..b."@docomo.ne.jp\r\n');
    expect(envelopeAddress('a..b.@docomo.ne.jp')).toBe('a..b.@docomo.ne.jp');
    expect(envelopeAddress('taro@日本語.jp')).toBe('taro@xn--wgv71a119e.jp');
  });

  test('the date is Japan’s', () => {
    expect(formatMailDate(new Date('2026-11-21T15:30:05Z'))).toBe('Sun, 22 Nov 2026 00:30:05 +0900');
  });
});
