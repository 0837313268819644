import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MailEventKind, mailEventKinds, mailState } from '../../src/delivery/mail/mail-state.ts';
import {
  newReturnToken,
  newReturnTokens,
  readNoticeId,
  readReturnToken,
  returnAddress,
} from '../../src/delivery/mail/return-address.ts';

const history = (...marks: string[]) =>
  marks.map((mark) => {
    const [cycle, kind] = mark.split(' ');
    return { cycle: Number(cycle), kind: kind as MailEventKind };
  });

describe('The state of a place in an e-mail wave follows from its events', () => {
  test.each([
    [0, [], 'pending', null],
    [1, [], 'submitting', null],
    [1, ['1 relay_accepted'], 'accepted', null],
    [1, ['1 refused'], 'failed', 'refused'],
    [1, ['1 deferred'], 'deferred', null],
    [2, ['1 deferred'], 'submitting', null],
    [2, ['1 deferred', '2 relay_accepted'], 'accepted', null],
    [1, ['1 deferred', '1 gave_up'], 'failed', 'deferred_too_long'],
    [1, ['1 uncertain'], 'uncertain', null],
    [1, ['1 uncertain', '1 relay_accepted'], 'accepted', null],
    [1, ['1 uncertain', '1 assumed_accepted'], 'accepted', null],
    [1, ['1 uncertain', '1 bounced'], 'failed', 'bounced'],
    [1, ['1 uncertain', '1 delayed'], 'uncertain', null],
    [1, ['1 relay_accepted', '1 delayed'], 'accepted', null],
    [1, ['1 relay_accepted', '1 bounced'], 'failed', 'bounced'],
    [1, ['1 relay_accepted', '1 receiver_accepted', '1 complained'], 'accepted', null],
    [1, ['1 uncertain', '1 resend_decided'], 'pending', null],
    [1, ['1 uncertain', '1 resend_decided', '1 relay_accepted'], 'accepted', null],
    [2, ['1 uncertain', '1 resend_decided', '1 relay_accepted'], 'submitting', null],
    [2, ['1 uncertain', '1 resend_decided', '1 relay_accepted', '2 refused'], 'accepted', null],
    [2, ['1 relay_accepted', '1 bounced', '2 relay_accepted'], 'accepted', null],
    [0, ['0 blocked'], 'failed', 'output_check'],
  ] as const)('%i attempts, %j: %s', (attempts, marks, state, reason) => {
    expect(mailState(attempts, history(...marks))).toEqual({ state, reason });
  });

  test('has a state for every history, whatever the order of its events', () => {
    const mark = fc.record({ kind: fc.constantFrom(...mailEventKinds), cycle: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), fc.array(mark), (attempts, events) => {
        expect(mailState(attempts, events)).toEqual(mailState(attempts, [...events].reverse()));
      }),
    );
  });
});

describe('A return address names its attempt', () => {
  test('and is read again from bounces, rewritten or not', () => {
    const token = newReturnToken();
    expect(token).toMatch(/^[a-z2-7]{16}$/);
    const address = returnAddress(token, 'return.example');
    expect(readReturnToken(address)).toBe(token);
    expect(readReturnToken(address.toUpperCase())).toBe(token);
    expect(readReturnToken(`SRS0=abcd=xy=return.example=notice+${token}@relay.example`)).toBe(token);
    expect(readReturnToken('info@example.jp')).toBeNull();
    expect(readReturnToken(`info+${token}x@example.jp`)).toBeNull();
  });

  // RFC 4648, 10: BASE32("fooba") = "MZXW6YTB", of all bits set "7777…", of none "AAAA…".
  test.each([
    ['fooba', 'mzxw6ytb'],
    ['foobarfoob', 'mzxw6ytboj'],
    ['\0\0\0\0\0', 'aaaaaaaa'],
    ['\xff\xff\xff\xff\xff', '77777777'],
  ])('its token is the base 32 of its random bytes %j', (bytes, token) => {
    expect(newReturnToken(Buffer.from(bytes, 'latin1')).slice(0, token.length)).toBe(token);
  });

  test('as many tokens as attempts, no two alike', () => {
    const tokens = newReturnTokens(1000);
    expect(tokens).toHaveLength(1000);
    expect(new Set(tokens).size).toBe(1000);
    for (const token of tokens) expect(readReturnToken(returnAddress(token, 'return.example'))).toBe(token);
    expect(newReturnTokens(0)).toEqual([]);
  });

  test('and a Message-ID names its notice', () => {
    expect(readNoticeId('<0197a000-0000-7000-8000-000000000001.email@return.example>')).toBe(
      '0197a000-0000-7000-8000-000000000001',
    );
    expect(readNoticeId('0197A000-0000-7000-8000-000000000001.email@RETURN.example')).toBe(
      '0197a000-0000-7000-8000-000000000001',
    );
    expect(readNoticeId('<x@y>')).toBeNull();
  });
});
