// Turns a status document into what the page shows, in one language. Pure; it only formats, so page, JSON and command line agree.
import type { OperationOutput } from '../desk/operations.ts';
import { formatDayEn, formatDayJa } from '../kernel/calendar.ts';
import type { Language } from '../platform/language.ts';
import { say } from '../platform/words.ts';

type StatusDocument = OperationOutput<'show-status'>;

export type TermView = { label: string; value: string; css: string };
/** `x` and `width` are thousandths of the bar. */
export type BarView = { css: string; x: number; width: number };
export type EquationView = {
  label: string;
  note: string;
  total: string;
  terms: TermView[];
  bar: BarView[];
  summary: string;
};

type ClockView = { label: string; due: string; state: string; css: string; citation: string };

export type StatusView = {
  campaign: string;
  state: string;
  stateCss: string;
  at: string;
  balanced: boolean;
  balancedText: string;
  lead: { told: string; of: string; percent: string };
  persons: EquationView;
  roster: EquationView;
  waves: EquationView[];
  decisions: { text: string; due: string }[];
  clocks: ClockView[];
  plan: string;
  journal: string;
  workers: string;
};

const personTerms = ['told', 'underway', 'substitute', 'excluded', 'undecided'] as const;
const waveTerms = ['handedOver', 'failed', 'excluded', 'uncertain', 'pending'] as const;
const rosterTerms = ['people', 'merged', 'rejected'] as const;

/** The page's view of one campaign. Times are shown in Japan's time zone. */
export function statusView(status: StatusDocument, language: Language): StatusView {
  const word = (key: string, params: Record<string, string | number> = {}) => say(language, key, params);
  const { roster, persons, waves, plan, journal } = status;
  const equation = <T extends string>(
    label: string,
    note: string,
    total: number,
    terms: readonly T[],
    values: Record<T, number>,
  ) =>
    equationView(
      { label, note, total, language },
      terms.map((term) => ({ term, value: values[term] })),
    );
  return {
    campaign: status.campaign,
    state: word(`status.state.${status.state}`),
    stateCss: status.state,
    at: word('web.at', { at: formatInstant(status.at, 'medium', language) }),
    balanced: status.balanced,
    balancedText: word(status.balanced ? 'status.balanced' : 'status.notBalanced'),
    lead: { told: count(persons.told), of: count(persons.total), percent: percent(persons.told, persons.total) },
    persons: equation(word('status.people'), '', persons.total, personTerms, persons),
    roster: equation(
      word('status.rows'),
      roster.open > 0 ? word('status.rowsOpen', { count: count(roster.open) }) : '',
      roster.rows,
      rosterTerms,
      roster,
    ),
    waves: waves.map((wave) =>
      equation(
        `${wave.id} ${word(`status.channel.${wave.channel}`)}`,
        waveNote(wave, language),
        wave.total,
        waveTerms,
        wave,
      ),
    ),
    decisions: status.decisions.map((decision) => ({
      text: word(`status.decision.${decision.code}`, { count: count(decision.count) }),
      due: decision.dueOn ? word('status.due', { day: formatDay(decision.dueOn, language) }) : '',
    })),
    clocks: status.clocks.map((clock) => clockView(clock, language)),
    plan: plan
      ? word('status.plan', { hash: plan.sha256.slice(0, 16), version: plan.listVersion })
      : word('web.noPlan'),
    journal: journal ? word('status.journal', { block: journal.block, hash: journal.hash.slice(0, 16) }) : '',
    workers: word('web.workers', { count: status.workers }),
  };
}

/** When it must have been done, and why it does not move. */
function waveNote({ latestAt, waits }: StatusDocument['waves'][number], language: Language): string {
  const latest = latestAt === '' ? '' : say(language, 'web.latest', { at: formatInstant(latestAt, 'short', language) });
  const reasons = waits.map(({ code, until }) => {
    const why = say(language, `status.wait.${code}`);
    if (until === null) return why;
    return say(language, 'status.wait.until', { why, at: formatInstant(until, 'short', language) });
  });
  return [latest, ...reasons].filter((part) => part !== '').join(' · ');
}

function clockView(clock: StatusDocument['clocks'][number], language: Language): ClockView {
  const state = say(language, `status.clock.${clock.state}`);
  return {
    label: clock.label[language],
    due: endOfClock(clock, language),
    state: clock.doneOn === null ? state : `${state} ${formatDay(clock.doneOn, language)}`,
    css: clock.state,
    citation: clock.citation,
  };
}

function endOfClock({ dueAt, dueOn }: StatusDocument['clocks'][number], language: Language): string {
  if (dueAt !== null) return formatInstant(dueAt, 'short', language);
  return dueOn === null ? say(language, 'web.noDay') : formatDay(dueOn, language);
}

type Head = { label: string; note: string; total: number; language: Language };

function equationView(
  { label, note, total, language }: Head,
  terms: readonly { term: string; value: number }[],
): EquationView {
  const views = terms.map(({ term, value }) => ({
    label: say(language, `status.term.${term}`),
    value: count(value),
    css: term,
  }));
  const summary = `${label}: ${count(total)} = ${views.map((view) => `${view.label} ${view.value}`).join(' + ')}`;
  return { label, note, total: count(total), terms: views, bar: barOf(terms, total), summary };
}

/** Shares of the bar, whole thousandths; anything that is there at all stays visible. */
function barOf(terms: readonly { term: string; value: number }[], total: number): BarView[] {
  let x = 0;
  return terms.flatMap(({ term, value }) => {
    if (value <= 0 || total <= 0) return [];
    const width = Math.min(Math.max(Math.round((value / total) * 1000), 4), 1000 - x);
    const bar = { css: term, x, width };
    x += width;
    return [bar];
  });
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function percent(part: number, total: number): string {
  return total === 0 ? '–' : `${(Math.floor((part / total) * 1000) / 10).toFixed(1)} %`;
}

function formatDay(day: string, language: Language): string {
  return language === 'ja' ? formatDayJa(day) : formatDayEn(day);
}

function formatInstant(iso: string, timeStyle: 'short' | 'medium', language: Language): string {
  const options = { dateStyle: 'medium', timeStyle, timeZone: 'Asia/Tokyo' } as const;
  return new Date(iso).toLocaleString(language === 'ja' ? 'ja-JP' : 'en-GB', options);
}
