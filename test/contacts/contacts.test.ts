// Contacts without a database: seats, the forecast's shape, what an interval report may say, and the stand-in's honesty.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contactTopics, escalationOf } from '../../src/contacts/contact.ts';
import { findBusiest } from '../../src/contacts/contact-volume.ts';
import { erlangC, offeredErlang, seatsFor, serviceLevel, serviceTarget } from '../../src/contacts/erlang-c.ts';
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

  // One seat: a caller waits whenever it is taken, ρ. Two: 2ρ²/(1+ρ) (M/M/2, Kleinrock, Queueing Systems I, 3.5). 360 calls of four
  // minutes for 55 seats: the worked example of Mitan Ltd., The Erlang-C Formula. The others: Call Centre Helper's, 11 and 13 seats.
  it.each([
    [0.5, 1, 0.5],
    [0.9, 1, 0.9],
    [1, 2, 1 / 3],
    [1.5, 2, 9 / 14],
    [48, 55, 0.239],
    [10, 11, 0.682],
    [10, 13, 0.285],
  ])('lets a caller wait at %s Erlang and %s seats with probability %s', (traffic, seats, waits) => {
    expect(erlangC(traffic, seats)).toBeCloseTo(waits, 3);
  });

  it('answers 84.6 % of the calls of that example within 15 seconds', () => {
    expect(serviceLevel({ calls: 360, intervalMinutes: 30, handlingSeconds: 240 }, 55, 15)).toBeCloseTo(0.846, 3);
    expect(serviceLevel({ calls: 120, intervalMinutes: 10, handlingSeconds: 240 }, 55, 15)).toBeCloseTo(0.846, 3);
  });

  it.each([
    // The example of Call Centre Helper: 14 answer, 20 are scheduled, for three of ten hours are breaks, training and leave.
    [100, 180, { answering: 14, scheduled: 20 }],
    // 16 seats would answer 80 % within 21 seconds, and 79.9 % within the 20 that are promised.
    [46, 480, { answering: 17, scheduled: 25 }],
    [1, 180, { answering: 1, scheduled: 2 }],
    [0, 480, { answering: 0, scheduled: 0 }],
  ])('plans %s calls of %s seconds in half an hour by 80 %% within 20 seconds', (calls, handlingSeconds, people) => {
    expect(seatsFor({ calls, intervalMinutes: 30, handlingSeconds }, serviceTarget)).toEqual(people);
  });

  it('asks for no more seats when exactly the promised share is answered', () => {
    const work = { calls: 5, intervalMinutes: 30, handlingSeconds: 180 };
    expect(seatsFor(work, { share: 0.5, withinSeconds: 0, shrinkage: 0 })).toEqual({ answering: 1, scheduled: 1 });
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
    // 30 November 2026 is a Monday: half as many again as an even course would give between its neighbours.
    const even = Math.sqrt((days[5]?.contacts ?? 0) * (days[7]?.contacts ?? 0));
    expect((days[6]?.contacts ?? 0) / even).toBeCloseTo(1.5, 5);
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
    ['a time has seconds', { 開始時刻: '09:00:00' }, ['start']],
    ['a day is in words', { 日付: '火曜日' }, ['start']],
    ['a day is not there', { 日付: '' }, ['start']],
    ['a count is negative', { 放棄数: '-1' }, ['count']],
    ['a count is empty', { 入電数: '' }, ['count', 'offered']],
    ['a count has seven figures', { 通話秒数: '1234567' }, []],
    ['nobody called', { 入電数: '0', 応答数: '0', 放棄数: '0', 通話秒数: '0', '20秒以内応答数': '0' }, []],
    ['all gave up', { 入電数: '5', 応答数: '0', 放棄数: '5', '20秒以内応答数': '0' }, []],
    ['two faults in a row are both said', { 問合せ区分: 'X', 席数: '四' }, ['topic', 'count']],
    ['a topic is in small letters', { 問合せ区分: 'other' }, []],
  ])('%s', (_, over, faults) => {
    const { problems } = readIntervalRows('r.csv', [row(over)], bounds);
    const words = JSON.stringify(problems).match(/contacts\.interval\.\w+/g) ?? [];
    expect(words.map((word) => word.split('.').at(-1))).toEqual(faults);
  });

  it('reads English columns, and the time of a day with and without its zero', () => {
    const english = (start: string) => ({
      line: 2,
      cells: {
        ...{ date: '2026-11-24', start, topic: 'press', offered: '9', answered: '7', abandoned: '2' },
        ...{ talk_seconds: '840', within_20s: '6', seats: '3' },
      },
    });
    for (const start of ['09:30', '9:30'])
      expect(readIntervalRows('r.csv', [english(start)], bounds)).toEqual({
        intervals: [
          {
            ...{ startsAt: new Date('2026-11-24T00:30:00Z'), topic: 'PRESS', offered: 9, answered: 7, abandoned: 2 },
            ...{ talkSeconds: 840, withinTarget: 6, seats: 3 },
          },
        ],
        problems: [],
      });
  });

  it('names what it could not read, cut short: a column by both its names, a count by its column, a topic by those there are', () => {
    const messages = (over: Record<string, string>) =>
      readIntervalRows('r.csv', [row(over)], bounds).problems.map(({ message }) => message);
    const { 席数: _, ...cells } = row().cells;
    expect(readIntervalRows('r.csv', [{ line: 2, cells }], bounds).problems.map(({ message }) => message)).toEqual([
      { word: 'contacts.interval.column', params: { column: '席数 / seats' } },
      { word: 'contacts.interval.count', params: { column: '席数', text: '""' } },
    ]);
    expect(messages({ 席数: '１２３４５６７８９０１２３４５６７８９０１' })).toEqual([
      {
        word: 'contacts.interval.count',
        params: { column: '席数', text: '"１２３４５６７８９０１２３４５６７８９０"' },
      },
    ]);
    expect(messages({ 問合せ区分: 'あ'.repeat(41) })).toEqual([
      {
        word: 'contacts.interval.topic',
        params: { text: JSON.stringify('あ'.repeat(40)), topics: contactTopics.join(', ') },
      },
    ]);
  });

  it('takes only whole rows: of two for one interval the first, of another topic or half hour each', () => {
    const rows = [row(), row({ 席数: '9' }), row({ 問合せ区分: 'PRESS' }), row({ 開始時刻: '9:30' })];
    const { intervals, problems } = readIntervalRows(
      'r.csv',
      rows.map((one, index) => ({ ...one, line: index + 2 })),
      bounds,
    );
    expect(problems).toEqual([{ file: 'r.csv', line: 3, path: '', message: { word: 'contacts.interval.twice' } }]);
    expect(intervals.map(({ topic, seats }) => [topic, seats])).toEqual([
      ['OTHER', 4],
      ['PRESS', 4],
      ['OTHER', 4],
    ]);
    expect(readIntervalRows('r.csv', [], bounds)).toEqual({
      intervals: [],
      problems: [{ file: 'r.csv', line: 0, path: '', message: { word: 'contacts.interval.empty' } }],
    });
  });

  it('says which day it refused and which bound it broke', () => {
    const refused = (over: Record<string, string>) =>
      readIntervalRows('r.csv', [row(over)], bounds).problems[0]?.message;
    expect(refused({ 日付: '2026/11/11' })).toEqual({
      word: 'error.DAY_REFUSED.before_campaign',
      params: { day: '2026-11-11', bound: '2026-11-12' },
    });
    // A row whose day cannot be read has that one fault, not also one of a day that nobody wrote.
    expect(readIntervalRows('r.csv', [row({ 日付: 'x' })], bounds).problems).toHaveLength(1);
  });

  it('charges each begun minute of an interval once', () => {
    expect([0, 1, 60, 61, 3_600].map((talkSeconds) => chargedMinutes({ talkSeconds }))).toEqual([0, 1, 1, 2, 60]);
  });

  it('names an interval by a UUID of version 8 (RFC 9562)', () => {
    const interval = { startsAt: new Date('2026-11-24T00:00:00Z'), topic: 'OTHER' as const };
    expect(intervalRef('a', interval)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(intervalRef('a', interval)).not.toBe(intervalRef('a', { ...interval, topic: 'PRESS' }));
  });

  // SHA-256 of `campaign|start|topic`, with version and variant as RFC 9562, 5.8 has them. A report that is handed in once more after an
  // update is the same report only while these stay as they are.
  it.each([
    ['2026-11-24T00:00:00Z', 'OTHER', 'a6721ca9-6cba-8a16-b414-b249bc9004ca'],
    ['2026-11-24T00:30:00Z', 'PRESS', '36ceb780-c89d-8eaa-a7c8-d310ea9882a1'],
    ['2026-11-24T01:00:00Z', 'DECEASED', '4ed65d17-8289-8ff5-8584-649c120552ce'],
  ] as const)('names the interval of %s about %s as ever', (startsAt, topic, ref) => {
    const campaign = '01935b3a-0000-7000-8000-000000000001';
    expect(intervalRef(campaign, { startsAt: new Date(startsAt), topic })).toBe(ref);
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
