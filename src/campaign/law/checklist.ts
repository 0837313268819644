/**
 * What is to be done in the first day, week and month, by whom and until when. Pure. Legal days come from the clocks, so that the
 * two cannot disagree; a clock that no step names is a step of its own.
 */
import { addDays, type Day, toDay } from '../../kernel/calendar.ts';
import type { CampaignFile } from '../folder/campaign-file.ts';
import { dayOf, endInstant, startInstant } from '../folder/local-time.ts';
import { type Clock, dayNumber } from './clocks.ts';
import type { Checklist, checklistPhases, DoneFact } from './regime.ts';

export type ChecklistPhase = (typeof checklistPhases)[number];
type RuleOfStep = Checklist['steps'][number];

export type ChecklistStep = {
  readonly id: string;
  readonly phase: ChecklistPhase;
  readonly owner: RuleOfStep['owner'];
  readonly text: { readonly ja: string; readonly en: string };
  /** Null when the law says promptly and no more. */
  readonly dueOn: Day | null;
  /** ISO instant of the end; null without one. */
  readonly dueAt: string | null;
  readonly isOverdue: boolean;
  readonly done: { readonly on: Day; readonly how: 'fact' | 'name' } | null;
};

/** What is known to be done: days by the fact that shows it, and days by the step that a named person ticked. */
export type ChecklistDone = {
  readonly facts: Partial<Record<DoneFact, Day>>;
  readonly ticks: ReadonlyMap<string, Day>;
};

const HOUR_MS = 3_600_000;
const FIRST_WEEK_DAYS = 7;

/** The steps in the order of their ends, what is due promptly in front. */
export function computeChecklist(
  file: Pick<CampaignFile, 'incident'>,
  checklist: Checklist,
  clocks: readonly Clock[],
  { facts, ticks }: ChecklistDone,
  now: Date,
): ChecklistStep[] {
  const named = new Set(checklist.steps.flatMap((step) => step.clock ?? []));
  const byRule = checklist.steps.flatMap((rule): ChecklistStep[] => {
    const clock = clocks.find((one) => one.id === rule.clock);
    if (rule.clock !== undefined && clock === undefined) return [];
    const report = rule.doneBy === undefined ? undefined : file.incident.reports[rule.doneBy];
    const fact = report ? dayOf(report) : (clock?.doneOn ?? (rule.doneWhen && facts[rule.doneWhen]) ?? null);
    const { id, phase, owner, text } = rule;
    const end = earlier(clock ? endOfClock(clock) : null, endOfRule(rule, file.incident.knownAt));
    return [toStep({ id, phase, owner, text }, end, fact, ticks, now)];
  });
  const others = clocks
    .filter((clock) => !named.has(clock.id))
    .map((clock) => {
      const end = endOfClock(clock);
      const phase = phaseOf(end, file.incident.knownAt);
      return toStep({ id: clock.id, phase, owner: 'legal' as const, text: clock.label }, end, clock.doneOn, ticks, now);
    });
  return [...byRule, ...others].sort((a, b) => (a.dueAt ?? '').localeCompare(b.dueAt ?? ''));
}

function toStep(
  head: Pick<ChecklistStep, 'id' | 'phase' | 'owner' | 'text'>,
  end: Date | null,
  fact: Day | null,
  ticks: ReadonlyMap<string, Day>,
  now: Date,
): ChecklistStep {
  const tick = ticks.get(head.id);
  const done = fact ? { on: fact, how: 'fact' as const } : tick ? { on: tick, how: 'name' as const } : null;
  return {
    ...head,
    dueOn: end === null ? null : toDay(end),
    dueAt: end?.toISOString() ?? null,
    isOverdue: done === null && end !== null && now > end,
    done,
  };
}

function endOfClock({ dueAt, dueOn }: Clock): Date | null {
  if (dueAt !== null) return new Date(dueAt);
  return dueOn === null ? null : endInstant(dueOn);
}

function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

function endOfRule({ within, day }: RuleOfStep, knownAt: string): Date | null {
  if (day !== undefined) return endInstant(dayNumber(dayOf(knownAt), day));
  if (within === undefined) return null;
  return new Date(startInstant(knownAt).getTime() + within * HOUR_MS);
}

/** What must be done promptly belongs to the first day. */
function phaseOf(end: Date | null, knownAt: string): ChecklistPhase {
  const known = dayOf(knownAt);
  if (end === null || toDay(end) <= addDays(known, 1)) return 'first_day';
  return toDay(end) <= dayNumber(known, FIRST_WEEK_DAYS) ? 'first_week' : 'first_month';
}
