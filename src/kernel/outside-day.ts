/**
 * Judges a day (or moment) that somebody outside wrote: not before what it follows, not in the future, not outside the campaign. The answer is
 * the day, or the rule that it breaks; whoever asks decides what becomes of the line. The day something happened is never the instant at which
 * it was entered.
 */
import { type Day, readDay, toDay } from './calendar.ts';
import { AppError } from './errors.ts';
import type { Wording } from './wording.ts';

/** In the order in which they are looked at; each is a word of the catalogue (`error.DAY_REFUSED.<rule>`). */
export const dayRules = ['unreadable', 'future', 'before_campaign', 'after_campaign', 'before_cause'] as const;
export type DayRule = (typeof dayRules)[number];

/** The days that a campaign can speak of: from the day the incident was known to the day it was closed. Null: not bounded. */
export type CampaignSpan = { readonly from: Day | null; readonly to: Day | null };

export type DayBounds = {
  readonly now: Date;
  readonly campaign: CampaignSpan;
  /** What must have happened before (a posting before its return); the same day is allowed. */
  readonly follows?: Day | null;
  /** Days that people fix in advance (the end of a consent, a promise) may lie ahead. */
  readonly mayLieAhead?: boolean;
};

/** `bound` is the day that the rule compares with; null when the text is no day at all. */
export type RefusedDay = { readonly kind: 'refused'; readonly rule: DayRule; readonly bound: Day | null };
export type DayVerdict = { readonly kind: 'day'; readonly day: Day } | RefusedDay;

/** `text` in any form of `readDay`. Today is Japan's. */
export function judgeDay(text: string, bounds: DayBounds): DayVerdict {
  const day = readDay(text);
  if (day === null) return { kind: 'refused', rule: 'unreadable', bound: null };
  const { from, to } = bounds.campaign;
  const today = toDay(bounds.now);
  const refused = (rule: DayRule, bound: Day) => ({ kind: 'refused', rule, bound }) as const;
  if (day > today && bounds.mayLieAhead !== true) return refused('future', today);
  if (from !== null && day < from) return refused('before_campaign', from);
  if (to !== null && day > to) return refused('after_campaign', to);
  const { follows = null } = bounds;
  if (follows !== null && day < follows) return refused('before_cause', follows);
  return { kind: 'day', day };
}

/** As `judgeDay` for an instant: later on the same day is the future too. */
export function judgeMoment(moment: Date, bounds: DayBounds): DayVerdict {
  if (moment > bounds.now) return { kind: 'refused', rule: 'future', bound: toDay(bounds.now) };
  return judgeDay(toDay(moment), bounds);
}

/** No bounds but those of the day itself, for days that only follow something. */
export const anySpan: CampaignSpan = { from: null, to: null };

/** The rule in words, for an error or a file's list of faults. `text` is the day as it was given. */
export function wordRefusal(text: string, { rule, bound }: RefusedDay): Wording {
  return { word: `error.DAY_REFUSED.${rule}`, params: { day: text, bound: bound ?? '' } };
}

const refuse = (text: string, { rule, bound }: RefusedDay) =>
  new AppError(`DAY_REFUSED.${rule}`, { day: text, bound: bound ?? '' });

/** The day, for an act that somebody enters by hand. Throws DAY_REFUSED with the rule. */
export function acceptDay(text: string, bounds: DayBounds): Day {
  const verdict = judgeDay(text, bounds);
  if (verdict.kind === 'day') return verdict.day;
  throw refuse(text, verdict);
}

/** As `acceptDay` for an instant. */
export function acceptMoment(moment: Date, bounds: DayBounds): Date {
  const verdict = judgeMoment(moment, bounds);
  if (verdict.kind === 'day') return moment;
  throw refuse(toDay(moment), verdict);
}
