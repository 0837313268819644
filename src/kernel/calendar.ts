/**
 * Days of the Japanese calendar. A Day is a date in Japan (UTC+9, no summer time) as 'YYYY-MM-DD'; deadlines are counted in
 * days, instants are Dates. Holidays come from a package that follows the Cabinet Office's list.
 */
import holidayJp from '@holiday-jp/holiday_jp';

export type Day = string;

const JST_OFFSET_MS = 9 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The day in Japan at an instant. */
export function toDay(instant: Date): Day {
  return new Date(instant.getTime() + JST_OFFSET_MS).toISOString().slice(0, 10);
}

/** Whether the text is a real calendar day. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

/** 2026-11-24, 2026/11/24, 2026.11.24, 20261124 or 2026年11月24日, of any width; null when it is no day. */
export function readDay(text: string): Day | null {
  const plain = text.normalize('NFKC').trim();
  const parts =
    /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(plain) ??
    /^(\d{4})年(\d{1,2})月(\d{1,2})日$/.exec(plain) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
  if (!parts) return null;
  const day = `${parts[1]}-${parts[2]?.padStart(2, '0')}-${parts[3]?.padStart(2, '0')}`;
  return isDay(day) ? day : null;
}

function epochDay(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

export function addDays(day: Day, count: number): Day {
  return new Date((epochDay(day) + count) * DAY_MS).toISOString().slice(0, 10);
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return epochDay(to) - epochDay(from);
}

/** The first instant of the day in Japan. */
export function startOfDay(day: Day): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) - JST_OFFSET_MS);
}

/** Saturday, Sunday, a national holiday, or 29 December to 3 January (行政機関の休日に関する法律 art. 1). */
export function isHoliday(day: Day): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  const monthDay = day.slice(5);
  if (weekday === 0 || weekday === 6 || monthDay >= '12-29' || monthDay <= '01-03') return true;
  return Object.hasOwn(holidayJp.holidays, day);
}

/** The day itself when it is a working day, else the next one. */
export function nextWorkingDay(day: Day): Day {
  let candidate = day;
  while (isHoliday(candidate)) candidate = addDays(candidate, 1);
  return candidate;
}

/** Whole years of age on a day, by birthdays; someone born on 29 February has theirs on 1 March in other years. */
export function ageOn(birthDate: Day, on: Day): number {
  const birthday = birthDate.slice(5);
  const years = Number(on.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return on.slice(5) >= birthday ? years : years - 1;
}

/** An instant as people in Japan read it: `2026-11-20 09:00`. */
export function formatLocalTime(instant: Date): string {
  return new Date(instant.getTime() + JST_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ');
}

/** `2026-11-05` → `2026年11月5日`. */
export function formatDayJa(day: Day): string {
  const [year, month, date] = day.split('-');
  return `${year}年${Number(month)}月${Number(date)}日`;
}

/** `2026-11-05` → `5 November 2026`. */
export function formatDayEn(day: Day): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
}
