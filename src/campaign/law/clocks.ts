/**
 * The clocks of an incident: what is due when, by law, policy, contract and plan. Pure: the rules come in as tables. Types are
 * versioned, so the 30 days of a 確報 become 60 from the day on which R7-3 is believed to apply.
 */
import { addDays, type Day, daysBetween, nextWorkingDay, toDay } from '../../kernel/calendar.ts';
import type { CampaignFile, IncidentType } from '../folder/campaign-file.ts';
import { dayOf, endInstant, startInstant } from '../folder/local-time.ts';
import type { PolicyFile } from '../policy/policy-terms.ts';
import { waveTells } from '../wave/wave.ts';
import type { ClockRule, Regime } from './regime.ts';

export type ClockState = 'done' | 'done_late' | 'open' | 'due_soon' | 'overdue';

export type Clock = {
  readonly id: string;
  /** Id of the regime, or `contract` for a duty that was typed in. */
  readonly law: string;
  readonly label: { readonly ja: string; readonly en: string };
  readonly receiver: { readonly ja: string; readonly en: string };
  readonly form: { readonly ja: string; readonly en: string } | null;
  /** Null when neither law nor policy names a day (遅滞なく). */
  readonly dueOn: Day | null;
  /** The instant (ISO, UTC) where the duty is counted in hours; else null, and the day ends in Japan. */
  readonly dueAt: string | null;
  /** The earlier day to aim at, when the duty is a span (速報: day 3 of 3–5). */
  readonly targetOn: Day | null;
  readonly doneOn: Day | null;
  readonly state: ClockState;
  /** Days until the due day; negative when it has passed; null without one. */
  readonly daysLeft: number | null;
  readonly citation: string;
  readonly source: string;
  /** By when the rule must be read again; null for a typed-in duty. */
  readonly reviewDue: Day | null;
  readonly isReviewOverdue: boolean;
};

/** From this long before its end on, a clock asks for attention. */
const DUE_SOON_DAYS = 3;
const DUE_SOON_HOURS = 24;
const HOUR_MS = 3_600_000;

type IncidentPart = Pick<CampaignFile, 'incident' | 'waves' | 'duties'>;
type PolicyPart = Pick<PolicyFile, 'noticeWithinDays'>;
type Due = { readonly dueOn: Day | null; readonly dueAt: Date | null; readonly targetOn: Day | null };
const noDue: Due = { dueOn: null, dueAt: null, targetOn: null };

/** Types believed to apply on a day. */
function typesOn(file: Pick<CampaignFile, 'incident'>, on: Day): Set<IncidentType> {
  return new Set(file.incident.types.filter((type) => type.since <= on).map((type) => type.type));
}

/** Day n with the first day as day 1 (ガイドライン通則編 3-5-3-3: the day of knowing counts). */
export function dayNumber(first: Day, n: number): Day {
  return addDays(first, n - 1);
}

/** The regimes' clocks as they stand at `now`, and the duties typed in; those due first in front, those without a day last. */
export function computeClocks(file: IncidentPart, now: Date, regimes: readonly Regime[], policy?: PolicyPart): Clock[] {
  const types = typesOn(file, toDay(now));
  const known = dayOf(file.incident.knownAt);
  const byLaw = regimes.flatMap((regime) =>
    regime.clocks
      .filter((rule) => applies(rule, types, known))
      .map((rule) => toClock(rule, regime.id, { file, now, policy })),
  );
  return [...byLaw, ...(file.duties ?? []).map((duty) => toDuty(duty, file, now))].sort((a, b) =>
    endOf(a).localeCompare(endOf(b)),
  );
}

function endOf({ dueAt, dueOn }: Clock): string {
  return dueAt ?? (dueOn === null ? '9999' : endInstant(dueOn).toISOString());
}

function applies(rule: ClockRule, types: ReadonlySet<IncidentType>, known: Day): boolean {
  const isInForce = rule.validFrom <= known && (rule.validTo === undefined || known <= rule.validTo);
  const isWanted = rule.whenTypes?.some((type) => types.has(type)) ?? true;
  return isInForce && isWanted && !rule.unlessTypes?.some((type) => types.has(type));
}

type Scene = { readonly file: IncidentPart; readonly now: Date; readonly policy: PolicyPart | undefined };

function toClock(rule: ClockRule, law: string, { file, now, policy }: Scene): Clock {
  const { id, label, receiver, form = null, citation, source, reviewDue } = rule;
  const done = (rule.doneBy && file.incident.reports[rule.doneBy]) ?? file.incident.filed?.[id];
  const isReviewOverdue = toDay(now) > reviewDue;
  const end = endAndState(dueOf(rule, file, policy), done, now);
  return { id, law, label, receiver, form, ...end, citation, source, reviewDue, isReviewOverdue };
}

function toDuty(duty: NonNullable<CampaignFile['duties']>[number], file: IncidentPart, now: Date): Clock {
  const [count = '0', unit] = duty.within.split(' ');
  const { knownAt } = file.incident;
  const due =
    unit === 'hours'
      ? hoursAfter(knownAt, Number(count))
      : { ...noDue, dueOn: dayNumber(dayOf(knownAt), Number(count)) };
  return {
    id: duty.id,
    law: 'contract',
    label: { ja: `${duty.to}への連絡`, en: `word to ${duty.to}` },
    receiver: { ja: duty.to, en: duty.to },
    form: null,
    ...endAndState(due, file.incident.filed?.[duty.id], now),
    citation: duty.document,
    source: `${duty.document} (${duty.by})`,
    reviewDue: null,
    isReviewOverdue: false,
  };
}

function dueOf({ due }: ClockRule, { incident, waves }: IncidentPart, policy: PolicyPart | undefined): Due {
  if ('promptly' in due) return noDue;
  if ('hours' in due) return hoursAfter(incident.knownAt, due.hours);
  const telling = waves.filter((wave) => waveTells(wave));
  if ('plan' in due) {
    const latest = telling.map((wave) => dayOf(wave.latest)).sort();
    return { ...noDue, dueOn: latest.at(-1) ?? null };
  }
  const known = dayOf(incident.knownAt);
  if ('policy' in due) {
    const days = policy?.noticeWithinDays;
    return days === undefined ? noDue : { ...noDue, dueOn: dayNumber(known, days) };
  }
  const starts = telling.map((wave) => dayOf(wave.start)).sort();
  const first = due.from === 'knowing' ? known : starts[0];
  if (first === undefined) return noDue;
  const numbered = (n: number) => dayNumber(first, due.countsFrom === 'dayAfter' ? n + 1 : n);
  const day = numbered(due.day);
  return {
    dueAt: null,
    dueOn: due.shiftsToWorkingDay ? nextWorkingDay(day) : day,
    targetOn: due.targetDay === undefined ? null : numbered(due.targetDay),
  };
}

function hoursAfter(knownAt: string, hours: number): Due {
  const dueAt = new Date(startInstant(knownAt).getTime() + hours * HOUR_MS);
  return { dueAt, dueOn: toDay(dueAt), targetOn: null };
}

function endAndState(
  { dueOn, dueAt, targetOn }: Due,
  done: string | undefined,
  now: Date,
): Pick<Clock, 'dueOn' | 'dueAt' | 'targetOn' | 'doneOn' | 'state' | 'daysLeft'> {
  return {
    dueOn,
    dueAt: dueAt?.toISOString() ?? null,
    targetOn,
    doneOn: done === undefined ? null : dayOf(done),
    state: stateOf(dueAt ?? dueOn, done, now),
    daysLeft: dueOn === null ? null : daysBetween(toDay(now), dueOn),
  };
}

function stateOf(due: Date | Day | null, done: string | undefined, now: Date): ClockState {
  if (done !== undefined) return isLate(due, done) ? 'done_late' : 'done';
  if (due === null) return 'open';
  if (due instanceof Date) {
    if (now > due) return 'overdue';
    return due.getTime() - now.getTime() <= DUE_SOON_HOURS * HOUR_MS ? 'due_soon' : 'open';
  }
  if (toDay(now) > due) return 'overdue';
  return daysBetween(toDay(now), due) <= DUE_SOON_DAYS ? 'due_soon' : 'open';
}

/** A bare day of filing is taken for its last minute only where days are counted: in hours, its first one is the earliest known. */
function isLate(due: Date | Day | null, done: string): boolean {
  if (due === null) return false;
  return due instanceof Date ? startInstant(done) > due : dayOf(done) > due;
}
