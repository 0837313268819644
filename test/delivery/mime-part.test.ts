// How a mail is taken apart: examples of RFC 2045 to 2047, and what broken senders do with them.
import { describe, expect, test } from 'vitest';
import {
  decodeHeaderText,
  readMimeMessage,
  readStructured,
  splitHeaders,
  walkParts,
} from '../../src/delivery/mail/mime-part.ts';

const read = (...lines: string[]) => readMimeMessage(Buffer.from(lines.join('\n'), 'latin1'));
const texts = (...lines: string[]) => [...walkParts(read(...lines))].map(({ type, text }) => [type, text]);

describe('a multipart', () => {
  const head = 'Content-Type: multipart/mixed; boundary="b"';
  test('is its parts, without preamble and epilogue (RFC 2046, 5.1.1)', () => {
    expect(
      texts(head, '', 'preamble', '--b', '', 'one', '--b', 'Content-Type: text/html', '', 'two', '--b--', 'epilogue'),
    ).toEqual([
      ['multipart/mixed', ''],
      ['text/plain', 'one'],
      ['text/html', 'two'],
    ]);
  });

  test('that was cut short keeps its last part; one without a part is all text', () => {
    expect(texts(head, '', '--b', '', 'one', '--b', '', 'tw')).toEqual([
      ['multipart/mixed', ''],
      ['text/plain', 'one'],
      ['text/plain', 'tw'],
    ]);
    expect(texts(head, '', '--c', '', 'one')).toEqual([['multipart/mixed', '--c\n\none']]);
    expect(texts('Content-Type: multipart/mixed', '', 'no boundary')).toEqual([['multipart/mixed', 'no boundary']]);
  });

  test('knows its line with blanks behind it, and no line that only begins like it', () => {
    expect(texts(head, '', '--b \t', '', '--bb', '--b-', '--b--  ').at(-1)).toEqual(['text/plain', '--bb\n--b-']);
  });

  test('may hold whole mails and multiparts', () => {
    const inner = ['Content-Type: multipart/alternative; boundary=c', '', '--c', '', 'deep', '--c--'];
    expect(
      texts(head, '', '--b', 'Content-Type: message/rfc822', '', '', 'Subject: x', ...inner, '--b--').map(
        ([type]) => type,
      ),
    ).toEqual(['multipart/mixed', 'message/rfc822', 'multipart/alternative', 'text/plain']);
  });

  test('nested without end, or of parts without end, is read to a bound and never throws', () => {
    const nested = Array.from({ length: 40 }, (_, n) => [
      `Content-Type: multipart/mixed; boundary=n${n}`,
      '',
      `--n${n}`,
    ]).flat();
    const deep = [...walkParts(read(...nested, '', 'x'))];
    expect(deep).toHaveLength(13);
    expect(deep.at(-1)?.parts).toEqual([]);
    const mails = Array.from({ length: 40 }, () => ['Content-Type: message/rfc822', '']).flat();
    expect([...walkParts(read(...mails, 'x'))]).toHaveLength(13);
  });
});

describe('a content', () => {
  const coded = (encoding: string, ...lines: string[]) =>
    read('Content-Type: text/plain; charset=utf-8', `Content-Transfer-Encoding: ${encoding}`, '', ...lines).text;
  test('is decoded as its field says (RFC 2045, 6.7 and 6.8)', () => {
    expect(coded('quoted-printable', "Now's the time =", 'for all=E3=81=82', 'a=3Db')).toBe(
      "Now's the time for allあ\na=b",
    );
    expect(coded('QUOTED-PRINTABLE', 'a= ', 'b')).toBe('ab');
    expect(coded('base64', '44GC', '44GE!')).toBe('あい');
    expect(coded('8bit', Buffer.from('あ=3D').toString('latin1'))).toBe('あ=3D');
  });

  test('is read in its charset, else as UTF-8, else as it is', () => {
    const body = (charset: string, bytes: Buffer) =>
      read(`Content-Type: text/plain; charset=${charset}`, '', bytes.toString('latin1')).text;
    expect(body('shift_jis', Buffer.from([0x82, 0xa0]))).toBe('あ');
    expect(body('iso-2022-jp', Buffer.from('\u001b$B$"\u001b(B'))).toBe('あ');
    expect(body('no-such-charset', Buffer.from('あ'))).toBe('あ');
    expect(body('us-ascii', Buffer.from('plain'))).toBe('plain');
    expect(body('utf-8', Buffer.from([0xff, 0x41]))).toBe('\u00ffA');
  });

  test('follows an mbox line, a byte order mark, and any line end', () => {
    const mail = (text: string) => readMimeMessage(Buffer.from(text, 'latin1'));
    for (const text of [
      'From x@y Sat\nSubject: s\n\nbody',
      '\u00ef\u00bb\u00bfSubject: s\r\n\r\nbody',
      '\n\nSubject: s\r\rbody',
    ])
      expect([mail(text).headers.get('subject'), mail(text).text], JSON.stringify(text)).toEqual([['s'], 'body']);
  });
});

describe('header fields', () => {
  test('are unfolded, kept when repeated, and end at the first line that is none', () => {
    const { headers, body } = splitHeaders('Received: a\n\tb\nReceived : c\nX:\n y\nno field here\nmore');
    expect([...headers]).toEqual([
      ['received', ['a b', 'c']],
      ['x', [' y']],
    ]);
    expect(body).toBe('no field here\nmore');
    expect(splitHeaders(' folded: nothing before it\n').body).toBe(' folded: nothing before it\n');
    expect(splitHeaders('A: 1')).toEqual({ headers: new Map([['a', ['1']]]), body: '' });
    expect(splitHeaders('A: 1\n\nbody').body).toBe('body');
  });

  test('have a value and parameters, quoted or plain', () => {
    expect(readStructured('Multipart/Report; Report-Type=delivery-status;\tboundary="a;\\"b"')).toEqual({
      value: 'multipart/report',
      parameters: { 'report-type': 'delivery-status', boundary: 'a;"b' },
    });
    expect(readStructured('text/plain')).toEqual({ value: 'text/plain', parameters: {} });
  });

  // The examples of RFC 2047, section 8.
  test.each([
    ['=?ISO-8859-1?Q?a?=', 'a'],
    ['=?ISO-8859-1?Q?a?= b', 'a b'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a_b?=', 'a b'],
    ['=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>', 'Keith Moore <moore@cs.utk.edu>'],
    ['=?ISO-8859-1?Q?Patrik_F=E4ltstr=F6m?=', 'Patrik Fältström'],
    ['=?UTF-8?B?44GK6Kmr44Gz?=', 'お詫び'],
    ['=?utf-8*ja?q?=E3=81=82?=', 'あ'],
    ['nothing =? encoded', 'nothing =? encoded'],
  ])('%s reads %s', (field, text) => {
    expect(decodeHeaderText(field)).toBe(text);
  });
});
