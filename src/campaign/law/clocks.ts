/**
 * The clocks of an incident: what is due when, by law, policy and plan. Pure: the rules come in as a table. Types are versioned,
 * so the 30 days of a 確報 become 60 from the day on which R7-3 is believed to apply.
 */

import { addDays, type Day, daysBetween, nextWorkingDay, toDay } from '../../kernel/calendar.ts';
import type { CampaignFile, IncidentType } from '../folder/campaign-file.ts';
import { dayOf, startInstant } from '../folder/local-time.ts';
import type { PolicyFile } from '../policy/policy-terms.ts';
import { waveTells } from '../wave/wave.ts';
import type { Checklist, ClockRule, Regime } from './regime.ts';

export type ClockState = 'done' | 'done_late' | 'open' | 'due_soon' | 'overdue';

export type Clock = {
  readonly id: string;
  readonly label: { readonly ja: string; readonly en: string };
  /** Null when neither law nor policy names a day (遅滞なく). */
  readonly dueOn: Day | null;
  /** The earlier day to aim at, when the duty is a span (速報: day 3 of 3–5). */
  readonly targetOn: Day | null;
  readonly doneOn: Day | null;
  readonly state: ClockState;
  /** Days until the due day; negative when it has passed; null without one. */
  readonly daysLeft: number | null;
  readonly citation: string;
};

/** From this many days before the due day on, a clock asks for attention. */
const DUE_SOON_DAYS = 3;

type IncidentPart = Pick<CampaignFile, 'incident' | 'waves'>;

/** Types believed to apply on a day. */
export function typesOn(file: Pick<CampaignFile, 'incident'>, on: Day): Set<IncidentType> {
  return new Set(file.incident.types.filter((type) => type.since <= on).map((type) => type.type));
}

/** Day n with the day of knowing as day 1 (ガイドライン通則編 3-5-3-3: the first day counts). */
export function dayNumber(knownOn: Day, n: number): Day {
  return addDays(knownOn, n - 1);
}

/** The regime's clocks as they stand on `today`, those due first in front, those without a day last. */
export function computeClocks(
  file: IncidentPart,
  today: Day,
  regime: Regime,
  policy?: Pick<PolicyFile, 'noticeWithinDays'>,
): Clock[] {
  const types = typesOn(file, today);
  return regime.clocks
    .filter((rule) => applies(rule, types))
    .map((rule) => toClock(rule, file, today, policy))
    .sort((a, b) => (a.dueOn ?? '9999').localeCompare(b.dueOn ?? '9999'));
}

function applies(rule: ClockRule, types: ReadonlySet<IncidentType>): boolean {
  const wanted = rule.whenTypes?.some((type) => types.has(type)) ?? true;
  return wanted && !rule.unlessTypes?.some((type) => types.has(type));
}

function toClock(
  rule: ClockRule,
  file: IncidentPart,
  today: Day,
  policy: Pick<PolicyFile, 'noticeWithinDays'> | undefined,
): Clock {
  const { dueOn, targetOn } = dueDays(rule, file, policy);
  const report = rule.doneBy === undefined ? undefined : file.incident.reports[rule.doneBy];
  const doneOn = report === undefined ? null : dayOf(report);
  return {
    id: rule.id,
    label: rule.label,
    dueOn,
    targetOn,
    doneOn,
    state: stateOf(dueOn, doneOn, today),
    daysLeft: dueOn === null ? null : daysBetween(today, dueOn),
    citation: rule.citation,
  };
}

function dueDays(
  { due }: ClockRule,
  file: IncidentPart,
  policy: Pick<PolicyFile, 'noticeWithinDays'> | undefined,
): { dueOn: Day | null; targetOn: Day | null } {
  const known = dayOf(file.incident.knownAt);
  if ('day' in due) {
    const day = dayNumber(known, due.day);
    const dueOn = due.shiftsToWorkingDay ? nextWorkingDay(day) : day;
    return { dueOn, targetOn: due.targetDay === undefined ? null : dayNumber(known, due.targetDay) };
  }
  if ('plan' in due) {
    const latest = file.waves.filter(waveTells).map((wave) => dayOf(wave.latest));
    return { dueOn: latest.sort().at(-1) ?? null, targetOn: null };
  }
  const days = policy?.noticeWithinDays;
  return { dueOn: days === undefined ? null : dayNumber(known, days), targetOn: null };
}

function stateOf(dueOn: Day | null, doneOn: Day | null, today: Day): ClockState {
  if (doneOn !== null) return dueOn !== null && doneOn > dueOn ? 'done_late' : 'done';
  if (dueOn === null) return 'open';
  if (today > dueOn) return 'overdue';
  return daysBetween(today, dueOn) <= DUE_SOON_DAYS ? 'due_soon' : 'open';
}

export type ChecklistStep = {
  readonly id: string;
  readonly phase: string;
  readonly owner: string;
  readonly text: { readonly ja: string; readonly en: string };
  readonly dueOn: Day;
  readonly doneOn: Day | null;
};

const HOUR_MS = 3_600_000;

/** The checklist with its due days. Steps that nothing in the file marks as done stay without `doneOn`: people tick them. */
export function computeChecklist(file: Pick<CampaignFile, 'incident'>, checklist: Checklist): ChecklistStep[] {
  const { knownAt, reports } = file.incident;
  return checklist.steps.map((step) => {
    const hours = step.within ?? 0;
    const dueOn =
      step.day === undefined
        ? toDay(new Date(startInstant(knownAt).getTime() + hours * HOUR_MS))
        : dayNumber(dayOf(knownAt), step.day);
    const report = step.doneBy === undefined ? undefined : reports[step.doneBy];
    const { id, phase, owner, text } = step;
    return { id, phase, owner, text, dueOn, doneOn: report === undefined ? null : dayOf(report) };
  });
}
