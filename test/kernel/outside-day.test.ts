import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, readDay, toDay } from '../../src/kernel/calendar.ts';
import {
  acceptDay,
  acceptMoment,
  anySpan,
  dayRules,
  judgeDay,
  judgeMoment,
  wordRefusal,
} from '../../src/kernel/outside-day.ts';
import { readWords } from '../../src/platform/compile-words.ts';

const now = new Date('2026-11-25T20:00:00Z');
const campaign = { from: '2026-11-12', to: '2027-03-31' };

describe('a day from outside', () => {
  it('is read whole in the forms that vendors write, or not at all', () => {
    const forms = [
      '2026-11-05',
      '2026/11/5',
      '2026.11.05',
      '20261105',
      '2026年11月5日',
      '２０２６／１１／５',
      ' 2026-11-5 ',
    ];
    expect(forms.map(readDay)).toEqual(forms.map(() => '2026-11-05'));
    for (const text of ['2026-02-29', '2026-13-01', '2026115', '11/05', '2026-11-05 09:00', '', '昨日'])
      expect(readDay(text), text).toBeNull();
  });

  it.each([
    ['the day in Japan, when it is still yesterday in London', '2026-11-26', {}, null],
    ['tomorrow in Japan', '2026-11-27', {}, 'future'],
    ['tomorrow, of what people fix ahead', '2026-11-27', { mayLieAhead: true }, null],
    ['the day on which the incident was known', '2026-11-12', {}, null],
    ['the day before that', '2026-11-11', {}, 'before_campaign'],
    ['the day after the closing', '2026-11-20', { campaign: { from: null, to: '2026-11-19' } }, 'after_campaign'],
    ['the day of what it follows', '2026-11-20', { follows: '2026-11-20' }, null],
    ['the day before what it follows', '2026-11-19', { follows: '2026-11-20' }, 'before_cause'],
    ['no day', '2026-02-30', {}, 'unreadable'],
  ])('%s', (_title, text, more, rule) => {
    const verdict = judgeDay(text, { now, campaign, ...more });
    expect(verdict.kind === 'refused' ? verdict.rule : null).toBe(rule);
    const accept = () => acceptDay(text, { now, campaign, ...more });
    if (rule === null) expect(accept()).toBe(text);
    else expect(accept).toThrow(expect.objectContaining({ code: 'DAY_REFUSED', key: `DAY_REFUSED.${rule}` }));
  });

  it.each([
    ['2026-11-27', {}, 'future', '2026-11-26'],
    ['2026-11-11', {}, 'before_campaign', '2026-11-12'],
    ['2026-11-20', { campaign: { from: null, to: '2026-11-19' } }, 'after_campaign', '2026-11-19'],
    ['2026-11-19', { follows: '2026-11-20' }, 'before_cause', '2026-11-20'],
    ['yesterday', {}, 'unreadable', ''],
  ])('%s is refused with the day that it is held against (%o: %s)', (text, more, rule, bound) => {
    const verdict = judgeDay(text, { now, campaign, ...more });
    if (verdict.kind !== 'refused') throw new Error('accepted');
    expect(wordRefusal(text, verdict)).toEqual({ word: `error.DAY_REFUSED.${rule}`, params: { day: text, bound } });
    expect(() => acceptDay(text, { now, campaign, ...more })).toThrow(
      expect.objectContaining({ params: { day: text, bound } }),
    );
  });

  it('that is an instant is given back as the instant, within any bounds', () => {
    expect(acceptMoment(now, { now, campaign })).toBe(now);
    expect(judgeMoment(new Date('2026-11-11T14:59:59Z'), { now, campaign })).toMatchObject({ rule: 'before_campaign' });
    const later = new Date(now.getTime() + 1);
    expect(() => acceptMoment(later, { now, campaign })).toThrow(
      expect.objectContaining({ params: { day: '2026-11-26', bound: '2026-11-26' } }),
    );
    expect(acceptDay('1999-12-31', { now, campaign: anySpan })).toBe('1999-12-31');
  });

  it('that is an instant lies in the future from the next minute on', () => {
    const later = new Date(now.getTime() + 60_000);
    expect(judgeMoment(now, { now, campaign })).toEqual({ kind: 'day', day: '2026-11-26' });
    expect(judgeMoment(later, { now, campaign })).toMatchObject({ kind: 'refused', rule: 'future' });
    expect(() => acceptMoment(later, { now, campaign: anySpan })).toThrow(
      expect.objectContaining({ code: 'DAY_REFUSED' }),
    );
  });

  it('is accepted exactly between the latest of what bounds it below and the earliest above', () => {
    const offset = fc.integer({ min: -60, max: 60 });
    const day = offset.map((days) => addDays('2026-11-25', days));
    fc.assert(
      fc.property(day, fc.option(day), fc.option(day), fc.option(day), (text, from, to, follows) => {
        const isInside =
          text <= toDay(now) && text >= (from ?? text) && text <= (to ?? text) && text >= (follows ?? text);
        expect(judgeDay(text, { now, campaign: { from, to }, follows }).kind).toBe(isInside ? 'day' : 'refused');
      }),
    );
  });

  it('has words for every rule in both languages', () => {
    const words = readWords();
    for (const rule of dayRules) expect(words.has(`error.DAY_REFUSED.${rule}`), rule).toBe(true);
  });
});
