/** Reads dates of birth as files have them: 1985-04-01, 1985/4/1, 19850401, 昭和60年4月1日, S60.4.1, a spreadsheet's serial number. */
import { addDays, type Day, isDay } from '../../kernel/calendar.ts';

/** Year before the first of each era (明治 to 令和). */
const ERA_BASES: Readonly<Record<string, number>> = {
  明治: 1867,
  大正: 1911,
  昭和: 1925,
  平成: 1988,
  令和: 2018,
  M: 1867,
  T: 1911,
  S: 1925,
  H: 1988,
  R: 2018,
};
const cache = new Map<string, Day | null>();
const CACHE_MAX = 50_000;

/** The day, or null when the text is no date between 1880 and today's century end that can be read in only one way. */
export function parseBirthDate(text: string): Day | null {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const day = read(text.normalize('NFKC').trim());
  if (cache.size >= CACHE_MAX) cache.clear();
  cache.set(text, day);
  return day;
}

function read(text: string): Day | null {
  const western =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s].*)?$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (western) return compose(Number(western[1]), western[2], western[3]);
  const era = /^(明治|大正|昭和|平成|令和|[MTSHR])\.?(元|\d{1,2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/i.exec(text);
  if (era) {
    const base = ERA_BASES[era[1]?.toUpperCase() ?? ''] ?? 0;
    return compose(base + (era[2] === '元' ? 1 : Number(era[2])), era[3], era[4]);
  }
  // A serial counts days from 1899-12-30; five digits cover 1927 to 2173.
  if (/^[1-5]\d{4}$/.test(text)) return addDays('1899-12-30', Number(text));
  return null;
}

function compose(year: number, month: string | undefined, date: string | undefined): Day | null {
  const day = `${String(year).padStart(4, '0')}-${(month ?? '').padStart(2, '0')}-${(date ?? '').padStart(2, '0')}`;
  return isDay(day) && year >= 1880 && year <= 2099 ? day : null;
}
