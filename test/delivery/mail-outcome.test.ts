// What an attempt's outcome makes of the mail: its events, its state, and when it is tried again (RFC 5321 4.5.4.1).
import { describe, expect, it } from 'vitest';
import { type MailOutcome, outcomeEffect } from '../../src/delivery/mail/mail-outcome.ts';

const reply = { code: '', status: '', reply: '' };
const mail = (outcome: MailOutcome['outcome'], attempt = 1): MailOutcome => ({ assignmentId: 'a', attempt, outcome });
const deferred = (reason: 'server' | 'sender' | 'connect' | 'lost' | 'stopped') =>
  ({ ...reply, kind: 'deferred', reason, stage: 'rcpt' }) as const;

describe('the outcome of an attempt', () => {
  it.each<[string, MailOutcome['outcome'], ReturnType<typeof outcomeEffect>]>([
    [
      'taken by the relay is accepted by the relay, and no more than that',
      { kind: 'accepted', code: '250', status: '2.0.0', reply: 'queued', by: 'relay' },
      { events: [{ kind: 'relay_accepted', code: '250 2.0.0' }], state: 'accepted', reason: null, retryMs: null },
    ],
    [
      'taken by the receiver is accepted by the receiver',
      { kind: 'accepted', code: '250', status: '', reply: 'ok', by: 'receiver' },
      { events: [{ kind: 'receiver_accepted', code: '250' }], state: 'accepted', reason: null, retryMs: null },
    ],
    [
      'refused for good ends the mail, and says when the address is dead',
      { kind: 'refused', code: '550', status: '5.1.1', reply: 'unknown', hard: true, stage: 'rcpt' },
      { events: [{ kind: 'refused', code: '550 5.1.1 rcpt dead' }], state: 'failed', reason: 'refused', retryMs: null },
    ],
    [
      'refused for the message ends the mail and leaves the address alone',
      { kind: 'refused', code: '554', status: '5.7.1', reply: 'policy', hard: false, stage: 'reply' },
      { events: [{ kind: 'refused', code: '554 5.7.1 reply' }], state: 'failed', reason: 'refused', retryMs: null },
    ],
    [
      'lost behind the dot is uncertain, and is not tried again by itself',
      { kind: 'uncertain', reason: 'lost', reply: '' },
      { events: [{ kind: 'uncertain', code: 'lost' }], state: 'uncertain', reason: null, retryMs: null },
    ],
    [
      'stopped by the check of what leaves fails for the check',
      { kind: 'blocked', code: 'needle' },
      { events: [{ kind: 'blocked', code: 'needle' }], state: 'failed', reason: 'output_check', retryMs: null },
    ],
  ])('%s', (_, outcome, effect) => {
    expect(outcomeEffect(mail(outcome), false)).toEqual(effect);
    expect(outcomeEffect(mail(outcome), true)).toEqual(effect);
  });

  it('deferred is tried again, and names the stage and whose fault it was', () => {
    const outcome = {
      kind: 'deferred',
      code: '451',
      status: '4.7.1',
      reply: '',
      reason: 'server',
      stage: 'rcpt',
    } as const;
    const events = [{ kind: 'deferred', code: '451 4.7.1 server rcpt' }];
    expect(outcomeEffect(mail(outcome), false)).toEqual({ events, state: 'deferred', reason: null, retryMs: 300_000 });
    expect(outcomeEffect(mail(outcome), true)).toEqual({
      events: [...events, { kind: 'gave_up', code: 'deferred_too_long' }],
      state: 'failed',
      reason: 'deferred_too_long',
      retryMs: null,
    });
  });

  it('stopped by ourselves is never given up, however old it is, and goes on at once', () => {
    expect(outcomeEffect(mail(deferred('stopped'), 7), true)).toMatchObject({ state: 'deferred', retryMs: 0 });
  });
});

describe('the time until the next attempt', () => {
  // Five minutes for what a server says, a quarter of one for a line that broke; doubled each time, two hours at the most.
  it.each<['server' | 'sender' | 'connect' | 'lost', number, number]>([
    ['server', 1, 300_000],
    ['server', 2, 600_000],
    ['server', 5, 4_800_000],
    ['server', 6, 7_200_000],
    ['server', 400, 7_200_000],
    ['sender', 1, 300_000],
    ['connect', 1, 15_000],
    ['connect', 3, 60_000],
    ['lost', 9, 3_840_000],
    ['lost', 10, 7_200_000],
  ])('after %s, attempt %i', (reason, attempt, expected) => {
    expect(outcomeEffect(mail(deferred(reason), attempt), false).retryMs).toBe(expected);
  });

  it('begins with the campaign’s own first delay, and doubles it ten times at the most', () => {
    expect(outcomeEffect(mail(deferred('server'), 2), false, 1_000).retryMs).toBe(2_000);
    expect(outcomeEffect(mail(deferred('connect'), 2), false, 1_000).retryMs).toBe(2_000);
    expect(outcomeEffect(mail(deferred('server'), 11), false, 1).retryMs).toBe(1_024);
    expect(outcomeEffect(mail(deferred('server'), 12), false, 1).retryMs).toBe(1_024);
  });
});
