import { describe, expect, it } from 'vitest';
import {
  addDays,
  ageOn,
  daysBetween,
  formatDayEn,
  formatDayJa,
  formatLocalTime,
  isDay,
  isHoliday,
  nextWorkingDay,
  readDay,
  startOfDay,
  toDay,
} from '../../src/kernel/calendar.ts';

describe('a day', () => {
  it('is the day in Japan, whatever the machine believes', () => {
    expect(toDay(new Date('2026-11-20T14:59:59Z'))).toBe('2026-11-20');
    expect(toDay(new Date('2026-11-20T15:00:00Z'))).toBe('2026-11-21');
    expect(startOfDay('2026-11-21').toISOString()).toBe('2026-11-20T15:00:00.000Z');
  });

  it('counts over the ends of months and years', () => {
    expect(addDays('2025-12-31', 1)).toBe('2026-01-01');
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
    expect(isDay('2026-02-29')).toBe(false);
  });

  it('knows weekends, national holidays and the turn of the year', () => {
    expect(isHoliday('2026-11-21')).toBe(true);
    expect(isHoliday('2026-11-23')).toBe(true);
    expect(isHoliday('2026-12-29')).toBe(true);
    expect(isHoliday('2026-11-24')).toBe(false);
    expect(nextWorkingDay('2026-12-29')).toBe('2027-01-04');
  });

  it('tells a minor by birthdays', () => {
    expect(ageOn('2008-11-22', '2026-11-21')).toBe(17);
    expect(ageOn('2008-11-21', '2026-11-21')).toBe(18);
    expect(formatDayJa('2026-11-05')).toBe('2026年11月5日');
  });

  it('is read as people write it, and only when there is such a day', () => {
    for (const text of [
      '2026-11-24',
      '2026/11/24',
      '2026.11.24',
      '20261124',
      '2026年11月24日',
      ' ２０２６／１１／２４ ',
    ])
      expect(readDay(text), text).toBe('2026-11-24');
    expect(readDay('2026/1/5')).toBe('2026-01-05');
    for (const text of ['2026-02-30', '2026-13-01', '11/24', '2026-11-24 x', '', '令和8年11月24日'])
      expect(readDay(text), text).toBeNull();
    for (const text of ['2026-1-05', '2026-11-31', 'x2026-11-24']) expect(isDay(text), text).toBe(false);
    expect(isDay('2028-02-29')).toBe(true);
  });

  // 行政機関の休日に関する法律, art. 1: Saturday, Sunday, national holidays, 29 December to 3 January.
  it.each([
    ['2026-12-28', false],
    ['2026-12-29', true],
    ['2026-12-31', true],
    ['2026-01-01', true],
    ['2025-01-03', true],
    ['2027-01-04', false],
    ['2026-11-20', false],
    ['2026-11-22', true],
    ['2026-11-03', true],
  ])('%s is a holiday: %s', (day, isOne) => {
    expect(isHoliday(day)).toBe(isOne);
  });

  it('that is a working day is its own next one, and days count backwards too', () => {
    expect(nextWorkingDay('2026-11-24')).toBe('2026-11-24');
    expect(nextWorkingDay('2026-11-21')).toBe('2026-11-24');
    expect(daysBetween('2026-11-24', '2026-11-21')).toBe(-3);
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  });

  it('is said in both languages, an instant as the clock in Japan shows it', () => {
    expect(formatDayEn('2026-11-05')).toBe('5 November 2026');
    expect(formatLocalTime(new Date('2026-11-20T15:30:59Z'))).toBe('2026-11-21 00:30');
    expect(ageOn('2008-02-29', '2026-02-28')).toBe(17);
    expect(ageOn('2008-02-29', '2026-03-01')).toBe(18);
  });
});
