// Contacts without a database: seats, the forecast's shape, what an interval report may say, and the stand-in's honesty.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contactTopics, escalationOf } from '../../src/contacts/contact.ts';
import { findBusiest } from '../../src/contacts/contact-volume.ts';
import { erlangC, offeredErlang, seatsFor, serviceLevel } from '../../src/contacts/erlang-c.ts';
import { forecastContacts, seatsForDay } from '../../src/contacts/forecast.ts';
import { chargedMinutes, intervalRef, readIntervalRows } from '../../src/contacts/interval-file.ts';
import { formatIntervalReport, modelCalls } from '../../src/demo/call-centre.ts';

describe('Erlang C', () => {
  it('gives the textbook values: 10 Erlang and 14 seats wait with probability 0.174', () => {
    expect(offeredErlang({ calls: 100, intervalMinutes: 30, handlingSeconds: 180 })).toBe(10);
    expect(erlangC(10, 14)).toBeCloseTo(0.174, 3);
    expect(erlangC(10, 10)).toBe(1);
    expect(erlangC(10, 9)).toBe(1);
    expect(erlangC(0, 5)).toBe(0);
    expect(erlangC(0, 0)).toBe(0);
    // No call waits for anybody; more calls than seats are never answered in time.
    expect(serviceLevel({ calls: 0, intervalMinutes: 30, handlingSeconds: 180 }, 0, 20)).toBe(1);
    expect(serviceLevel({ calls: 100, intervalMinutes: 30, handlingSeconds: 180 }, 10, 20)).toBe(0);
    expect(serviceLevel({ calls: 100, intervalMinutes: 30, handlingSeconds: 180 }, 14, 20)).toBeCloseTo(0.888, 3);
  });

  it('finds the fewest seats that reach the target, also for a thousand of them', () => {
    const target = { share: 0.8, withinSeconds: 20, shrinkage: 0.3 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4000 }), (calls) => {
        const work = { calls, intervalMinutes: 30, handlingSeconds: 420 };
        const { answering, scheduled } = seatsFor(work, target);
        expect(serviceLevel(work, answering, 20)).toBeGreaterThanOrEqual(0.8);
        if (answering > 0) expect(serviceLevel(work, answering - 1, 20)).toBeLessThan(0.8);
        expect(scheduled).toBeGreaterThanOrEqual(answering);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the busiest interval', () => {
  it('adds its topics up and names the seats that it needed', () => {
    const interval = (topic: 'OTHER' | 'PRESS', offered: number, hour: number) => ({
      ...{ startsAt: new Date(Date.UTC(2026, 10, 24, hour)), topic, offered, answered: offered, abandoned: 0 },
      ...{ talkSeconds: offered * 180, withinTarget: offered, seats: 4 },
    });
    const found = findBusiest([interval('OTHER', 60, 0), interval('PRESS', 40, 0), interval('OTHER', 90, 1)]);
    expect(found).toEqual({ startsAt: '2026-11-24T00:00:00.000Z', offered: 100, answering: 14, scheduled: 20 });
    expect(findBusiest([])).toBeNull();
  });
});

describe('the forecast', () => {
  it('schedules people for the busiest half hour of a day: 361.5 calls of 480 s need 106 seats, 152 people', () => {
    expect(seatsForDay(7_230, 480)).toBe(152);
    expect(seatsForDay(0)).toBe(0);
  });

  it('begins when the notice arrives, halves in three and a half days, and is higher on Mondays', () => {
    const days = forecastContacts([{ day: '2026-11-24', people: 10_000, means: 'letter' }], '2026-11-24', 14);
    expect(days.slice(0, 2).map((day) => day.contacts)).toEqual([0, 0]);
    expect((days[2]?.contacts ?? 0) / (days[9]?.contacts ?? 1)).toBeCloseTo(4, 5);
    const total = days.reduce((sum, day) => sum + day.contacts, 0);
    expect(total).toBeGreaterThan(150);
    expect(total).toBeLessThan(250);
  });
});

describe('an interval report', () => {
  const bounds = { now: new Date('2026-11-30T03:00:00Z'), campaign: { from: '2026-11-12', to: null } };
  const row = (over: Record<string, string> = {}) => ({
    line: 2,
    cells: {
      日付: '2026/11/24',
      開始時刻: '9:00',
      問合せ区分: 'OTHER',
      入電数: '5',
      応答数: '4',
      放棄数: '1',
      通話秒数: '1,600',
      '20秒以内応答数': '3',
      席数: '4',
      ...over,
    },
  });

  it('reads Japanese columns and times of day in Japan', () => {
    const { intervals, problems } = readIntervalRows('r.csv', [row()], bounds);
    expect(problems).toEqual([]);
    expect(intervals[0]).toMatchObject({ startsAt: new Date('2026-11-24T00:00:00Z'), offered: 5, talkSeconds: 1600 });
  });

  it('refuses impossible counts, unknown topics, unreadable times and a doubled interval, a day in the future or before the incident, each with its line', () => {
    const faulty = [
      row({ 応答数: '5' }),
      row({ 問合せ区分: 'X' }),
      row({ 開始時刻: 'noon' }),
      row(),
      row(),
      row({ 日付: '2026/11/30', 開始時刻: '12:30' }),
      row({ 日付: '2026/11/11' }),
      row({ 日付: '2026/02/31' }),
    ].map((one, index) => ({ ...one, line: index + 2 }));
    expect(readIntervalRows('r.csv', faulty, bounds).problems.map((problem) => problem.line)).toEqual([
      2, 3, 4, 6, 7, 8, 9,
    ]);
    expect(readIntervalRows('r.csv', [], bounds).problems).toHaveLength(1);
  });

  it.each<[string, Record<string, string>, string[]]>([
    [
      'all that was offered may be answered in time',
      { 入電数: '5', 応答数: '5', 放棄数: '0', '20秒以内応答数': '5' },
      [],
    ],
    ['more was answered or given up than offered', { 応答数: '5', 放棄数: '1' }, ['offered']],
    ['more was answered in time than answered', { 入電数: '9', 応答数: '4', '20秒以内応答数': '5' }, ['inTime']],
    ['a count is a word', { 席数: '四' }, ['count']],
    ['a count is a fraction', { 席数: '1.5' }, ['count']],
    ['a count has eight figures', { 席数: '12345678' }, ['count']],
    ['a count has thousands', { 席数: '1,234' }, []],
    ['a time has no minutes', { 開始時刻: '9' }, ['start']],
    ['a time is none', { 開始時刻: '25:00' }, ['start']],
    ['a topic is in small letters', { 問合せ区分: 'other' }, []],
  ])('%s', (_, over, faults) => {
    const { problems } = readIntervalRows('r.csv', [row(over)], bounds);
    const words = JSON.stringify(problems).match(/contacts\.interval\.\w+/g) ?? [];
    expect(words.map((word) => word.split('.').at(-1))).toEqual(faults);
  });

  it('charges each begun minute of an interval once', () => {
    expect([0, 1, 60, 61, 3_600].map((talkSeconds) => chargedMinutes({ talkSeconds }))).toEqual([0, 1, 1, 2, 60]);
  });

  it('names an interval by a UUID of version 8 (RFC 9562)', () => {
    const interval = { startsAt: new Date('2026-11-24T00:00:00Z'), topic: 'OTHER' as const };
    expect(intervalRef('a', interval)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(intervalRef('a', interval)).not.toBe(intervalRef('a', { ...interval, topic: 'PRESS' }));
  });

  it('names an interval by the same reference every time, another campaign’s by another', () => {
    const interval = { startsAt: new Date('2026-11-24T00:00:00Z'), topic: 'OTHER' as const };
    expect(intervalRef('a', interval)).toBe(intervalRef('a', { ...interval }));
    expect(intervalRef('a', interval)).not.toBe(intervalRef('b', interval));
  });
});

describe('the stand-in for the call centre', () => {
  const model = {
    seed: 7,
    expected: [
      { day: '2026-11-24', contacts: 90 },
      { day: '2026-11-25', contacts: 60 },
    ],
    opensOn: '2026-11-24',
    seats: 4,
  };

  it('writes the same plausible report for the same seed', () => {
    const calls = modelCalls(model);
    expect(modelCalls(model)).toEqual(calls);
    expect(calls.every((interval) => interval.answered + interval.abandoned === interval.offered)).toBe(true);
    expect(formatIntervalReport(calls).subarray(0, 4)).toEqual(Buffer.from([0x93, 0xfa, 0x95, 0x74]));
  });
});

describe('escalation', () => {
  // 1 operator, 2 supervisor, 3 risk manager, 4 lawyer or insurer: money beyond the gift needs the insurer first.
  const above: Record<string, number> = {
    COMPENSATION_DEMAND: 4,
    PRESS: 4,
    SECONDARY_DAMAGE_REPORT: 3,
    DECEASED: 2,
    DELETE_MY_DATA: 2,
    STOP_CONTACT: 2,
  };
  it.each(contactTopics)('keeps %s away from whoever must not close it alone', (topic) => {
    expect(escalationOf(topic)).toBe(above[topic] ?? 1);
  });
});
