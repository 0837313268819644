/**
 * A thin forecast of contacts: people who are told call in the days after their notice arrives, soon and then ever less. The
 * shares are planning defaults to be corrected by the first interval reports (no published Japanese figures were found).
 */
import { addDays, type Day, daysBetween } from '../kernel/calendar.ts';
import { handlingDefaultSeconds, intervalMinutes, seatsFor, serviceTarget } from './erlang-c.ts';

/** Share of the told who contact the window in all, by what they were told through and whether a card leaked. */
export const contactShares = { email: 0.007, letter: 0.02, letterWithCardData: 0.055 } as const;
export type NoticeMeans = keyof typeof contactShares;

/** Mail is read the same day; a letter takes about two days. */
const arrivalDays: { readonly [means in NoticeMeans]: number } = { email: 0, letter: 2, letterWithCardData: 2 };
/** Half of the contacts still to come arrive within this time. */
const HALF_LIFE_DAYS = 3.5;
const MONDAY_FACTOR = 1.5;

export type NoticesSent = { readonly day: Day; readonly people: number; readonly means: NoticeMeans };

/** Expected contacts per day (not whole numbers) for `days` days from `from`. */
export function forecastContacts(
  sent: readonly NoticesSent[],
  from: Day,
  days: number,
): { day: Day; contacts: number }[] {
  const decay = 0.5 ** (1 / HALF_LIFE_DAYS);
  return Array.from({ length: days }, (_, index) => {
    const day = addDays(from, index);
    const expected = sent.reduce((sum, wave) => {
      const age = daysBetween(wave.day, day) - arrivalDays[wave.means];
      return age < 0 ? sum : sum + wave.people * contactShares[wave.means] * (1 - decay) * decay ** age;
    }, 0);
    const isMonday = new Date(`${day}T00:00:00Z`).getUTCDay() === 1;
    return { day, contacts: expected * (isMonday ? MONDAY_FACTOR : 1) };
  });
}

/** The busiest half hour of a day takes about a twentieth of its calls (a published peak day of a US call centre). */
const PEAK_SHARE = 1 / 20;

/** People to schedule so that the day's busiest half hour is answered in time. */
export function seatsForDay(contacts: number, handlingSeconds: number = handlingDefaultSeconds): number {
  const work = { calls: contacts * PEAK_SHARE, intervalMinutes, handlingSeconds };
  return seatsFor(work, serviceTarget).scheduled;
}
