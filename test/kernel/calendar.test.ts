import { describe, expect, it } from 'vitest';
import {
  addDays,
  ageOn,
  daysBetween,
  formatDayJa,
  isDay,
  isHoliday,
  nextWorkingDay,
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
});
