import { describe, expect, it } from 'vitest';
import type { IncidentType } from '../../src/campaign/folder/campaign-file.ts';
import { computeChecklist, computeClocks } from '../../src/campaign/law/clocks.ts';
import { loadChecklist, loadRegime } from '../../src/campaign/law/regime.ts';
import { aCampaignFile } from '../support/campaign-file.ts';

const regime = loadRegime();

function clocks(
  known: string,
  types: Partial<Record<IncidentType, string>>,
  today: string,
  policy?: { noticeWithinDays?: number },
) {
  const file = aCampaignFile();
  file.incident.knownAt = `${known} 10:00`;
  file.incident.types = Object.entries(types).map(([type, since]) => ({ type: type as IncidentType, since }));
  file.incident.reports = {};
  const found = computeClocks(file, today, regime, policy);
  return Object.fromEntries(found.map((clock) => [clock.id, clock]));
}

describe('the clocks of the law', () => {
  it.each([
    ['Asahi: day 60 of 2025-09-29', '2025-09-29', ['R7-3'], '2025-11-27'],
    ['day 30 without wrongful intent', '2025-09-29', ['R7-4'], '2025-10-28'],
    ['day 30 on a Saturday moves to Monday', '2026-01-09', ['R7-1'], '2026-02-09'],
    ['day 30 on a Sunday before a holiday moves past it', '2026-04-04', ['R7-2'], '2026-05-07'],
    ['day 60 inside 12/29–1/3 moves to 4 January or later', '2026-11-02', ['R7-3'], '2027-01-04'],
  ] as const)('%s', (_title, known, types, due) => {
    const given = Object.fromEntries(types.map((type) => [type, known]));
    expect(clocks(known, given, known)['final-report']?.dueOn).toBe(due);
  });

  it('counts the day of knowing as day 1 and never moves the preliminary report', () => {
    // Day 5 of Thursday 2026-04-30 is Monday 4 May, a holiday.
    expect(clocks('2026-04-30', { 'R7-3': '2026-04-30' }, '2026-04-30')['preliminary-report']).toMatchObject({
      targetOn: '2026-05-02',
      dueOn: '2026-05-04',
    });
  });

  it('turns 30 days into 60 from the day on which R7-3 is believed to apply', () => {
    const types = { 'R7-4': '2025-09-29', 'R7-3': '2025-10-10' } as const;
    expect(clocks('2025-09-29', types, '2025-10-09')['final-report']?.dueOn).toBe('2025-10-28');
    expect(clocks('2025-09-29', types, '2025-10-10')['final-report']?.dueOn).toBe('2025-11-27');
  });

  it('shows one final report only, whatever the types', () => {
    const all = computeClocks(aCampaignFile(), '2026-11-20', regime).filter((clock) => clock.id === 'final-report');
    expect(all).toHaveLength(1);
  });

  it('takes the insurer’s days from the policy, and shows no day where the policy names none', () => {
    expect(clocks('2026-11-12', { 'R7-2': '2026-11-12' }, '2026-11-12')['notice-to-insurer']?.dueOn).toBeNull();
    expect(
      clocks('2026-11-12', { 'R7-2': '2026-11-12' }, '2026-11-12', { noticeWithinDays: 30 })['notice-to-insurer']
        ?.dueOn,
    ).toBe('2026-12-11');
  });

  it.each([
    ['2026-11-12', 'open'],
    ['2026-11-13', 'due_soon'],
    ['2026-11-16', 'due_soon'],
    ['2026-11-17', 'overdue'],
  ])('on %s the preliminary report of 2026-11-12 is %s', (today, state) => {
    expect(clocks('2026-11-12', { 'R7-2': '2026-11-12' }, today)['preliminary-report']?.state).toBe(state);
  });

  it('ticks off what was filed, and says when it was late', () => {
    const file = aCampaignFile();
    file.incident.reports = { preliminaryFiledOn: '2026-11-17', insurerToldAt: '2026-11-12 15:00' };
    const states = computeClocks(file, '2026-11-20', regime).map((clock) => [clock.id, clock.state]);
    expect(states).toContainEqual(['preliminary-report', 'done_late']);
    expect(states).toContainEqual(['notice-to-insurer', 'done']);
  });

  it('cites a source for each clock', () => {
    for (const rule of regime.clocks) expect(rule.citation.length).toBeGreaterThan(0);
  });
});

describe('the checklist', () => {
  it('counts hours from the minute and days from the day of knowing', () => {
    const file = aCampaignFile();
    file.incident.reports = { insurerToldAt: '2026-11-12 15:00' };
    const steps = computeChecklist(file, loadChecklist());
    expect(steps.find((step) => step.id === 'contain')?.dueOn).toBe('2026-11-13');
    expect(steps.find((step) => step.id === 'list')?.dueOn).toBe('2026-11-18');
    expect(steps.find((step) => step.id === 'tell-insurer')?.doneOn).toBe('2026-11-12');
    expect(new Set(steps.map((step) => step.phase))).toEqual(new Set(['first_day', 'first_week', 'first_month']));
  });
});
