/** The call centre's interval report: which columns it has, and whether each row can be true. */
import { createHash } from 'node:crypto';
import { readDay, toDay } from '../kernel/calendar.ts';
import { type DayBounds, judgeMoment, wordRefusal } from '../kernel/outside-day.ts';
import type { WordedProblem } from '../kernel/problem.ts';
import type { Wording } from '../kernel/wording.ts';
import { type ContactTopic, contactTopics } from './contact.ts';

/** One interval of one topic. Counts of calls; `withinTarget` = answered within the agreed seconds. */
export type Interval = {
  readonly startsAt: Date;
  readonly topic: ContactTopic;
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly talkSeconds: number;
  readonly withinTarget: number;
  readonly seats: number;
};

/** Headers by field, the call centre's own first. */
export const intervalColumns = {
  day: ['日付', 'date'],
  time: ['開始時刻', 'start'],
  topic: ['問合せ区分', 'topic'],
  offered: ['入電数', 'offered'],
  answered: ['応答数', 'answered'],
  abandoned: ['放棄数', 'abandoned'],
  talkSeconds: ['通話秒数', 'talk_seconds'],
  withinTarget: ['20秒以内応答数', 'within_20s'],
  seats: ['席数', 'seats'],
} as const;
type IntervalColumn = keyof typeof intervalColumns;

export type IntervalRow = { readonly line: number; readonly cells: Readonly<Record<string, string>> };

/** Intervals of the rows in order, and every fault with its line. The same interval and topic twice in a file is a fault. */
export function readIntervalRows(
  file: string,
  rows: readonly IntervalRow[],
  bounds: DayBounds,
): { intervals: Interval[]; problems: WordedProblem[] } {
  const problems: WordedProblem[] = [];
  const intervals: Interval[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    const faults: Wording[] = [];
    const interval = readInterval(row, (message) => faults.push(message));
    const verdict = judgeMoment(interval.startsAt, bounds);
    if (faults.length === 0 && verdict.kind === 'refused') faults.push(wordRefusal(toDay(interval.startsAt), verdict));
    const key = `${interval.startsAt.getTime()}|${interval.topic}`;
    if (faults.length === 0 && seen.has(key)) faults.push({ word: 'contacts.interval.twice' });
    if (faults.length === 0) {
      seen.add(key);
      intervals.push(interval);
    }
    for (const message of faults) problems.push({ file, line: row.line, path: '', message });
  }
  if (rows.length === 0) problems.push({ file, line: 0, path: '', message: { word: 'contacts.interval.empty' } });
  return { intervals, problems };
}

function readInterval({ cells }: IntervalRow, fault: (message: Wording) => void): Interval {
  const cell = (column: IntervalColumn) => {
    const name = intervalColumns[column].find((candidate) => candidate in cells);
    if (name === undefined)
      fault({ word: 'contacts.interval.column', params: { column: intervalColumns[column].join(' / ') } });
    return name === undefined ? '' : (cells[name] ?? '').trim();
  };
  const count = (column: IntervalColumn) => {
    const text = cell(column).replaceAll(',', '');
    if (!/^\d{1,7}$/.test(text))
      fault({
        word: 'contacts.interval.count',
        params: { column: intervalColumns[column][0], text: JSON.stringify(text.slice(0, 20)) },
      });
    return /^\d{1,7}$/.test(text) ? Number(text) : 0;
  };
  const interval = {
    startsAt: readStart(cell('day'), cell('time'), fault),
    topic: readTopic(cell('topic'), fault),
    offered: count('offered'),
    answered: count('answered'),
    abandoned: count('abandoned'),
    talkSeconds: count('talkSeconds'),
    withinTarget: count('withinTarget'),
    seats: count('seats'),
  };
  if (interval.answered + interval.abandoned > interval.offered) fault({ word: 'contacts.interval.offered' });
  if (interval.withinTarget > interval.answered) fault({ word: 'contacts.interval.inTime' });
  return interval;
}

function readStart(day: string, time: string, fault: (message: Wording) => void): Date {
  const clock = /^(\d{1,2}):(\d{2})$/.exec(time);
  // What is no day or no time makes no instant.
  const instant = new Date(`${readDay(day)}T${clock?.[1]?.padStart(2, '0')}:${clock?.[2]}:00+09:00`);
  if (!Number.isNaN(instant.getTime())) return instant;
  fault({ word: 'contacts.interval.start' });
  return new Date(0);
}

function readTopic(text: string, fault: (message: Wording) => void): ContactTopic {
  const found = contactTopics.find((topic) => topic === text.toUpperCase());
  if (found === undefined)
    fault({
      word: 'contacts.interval.topic',
      params: { text: JSON.stringify(text.slice(0, 40)), topics: contactTopics.join(', ') },
    });
  return found ?? 'OTHER';
}

/** The reference of an interval: the same start and topic of a campaign always give the same UUID (version 8, RFC 9562). */
export function intervalRef(campaignId: string, interval: Pick<Interval, 'startsAt' | 'topic'>): string {
  const digest = createHash('sha256')
    .update(`${campaignId}|${interval.startsAt.toISOString()}|${interval.topic}`)
    .digest();
  digest[6] = 0x80 | ((digest[6] ?? 0) & 0x0f);
  digest[8] = 0x80 | ((digest[8] ?? 0) & 0x3f);
  const hex = digest.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** Whole minutes that an interval is charged with, each begun minute counted once. */
export function chargedMinutes(interval: Pick<Interval, 'talkSeconds'>): number {
  return Math.ceil(interval.talkSeconds / 60);
}
