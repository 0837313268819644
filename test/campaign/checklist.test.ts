import { describe, expect, it } from 'vitest';
import type { CampaignFile } from '../../src/campaign/folder/campaign-file.ts';
import type { ChecklistDone } from '../../src/campaign/law/checklist.ts';
import { listChecklist, listClocks } from '../../src/campaign/law/list-clocks.ts';
import { aCampaignFile } from '../support/campaign-file.ts';

const now = new Date('2026-11-14T00:00:00Z');
const nothing: ChecklistDone = { facts: {}, ticks: new Map() };

function steps(file: CampaignFile, done: ChecklistDone = nothing, at = now) {
  return Object.fromEntries(listChecklist(file, at, done).map((step) => [step.id, step]));
}

function anIncident(types: CampaignFile['incident']['types']): CampaignFile {
  const file = aCampaignFile();
  file.incident.knownAt = '2026-11-12 10:30';
  file.incident.types = types;
  file.incident.reports = {};
  return file;
}

const wrongful = () => anIncident([{ type: 'R7-3', since: '2026-11-12' }]);

describe('the checklist', () => {
  it('counts its own hours from the minute and its own days from the day of knowing', () => {
    const found = steps(wrongful());
    expect(found.contain).toMatchObject({ dueAt: '2026-11-13T01:30:00.000Z', dueOn: '2026-11-13', isOverdue: true });
    expect(found.list).toMatchObject({ dueOn: '2026-11-18', isOverdue: false });
    expect(new Set(Object.values(found).map((step) => step.phase))).toEqual(
      new Set(['first_day', 'first_week', 'first_month']),
    );
  });

  it.each([
    ['R7-3', '2027-01-12'],
    ['R7-2', '2026-12-11'],
  ] as const)('has for %s the clock’s day for the final report, %s', (type, day) => {
    const file = anIncident([{ type, since: '2026-11-12' }]);
    expect(steps(file).final?.dueOn).toBe(day);
    expect(listClocks(file, now).find((clock) => clock.id === 'final-report')?.dueOn).toBe(day);
  });

  it('stands in the order in which things are due, what is due promptly in front', () => {
    const listed = listChecklist({ ...wrongful(), laws: ['gdpr', 'my-number'] }, now, nothing);
    const ends = listed.map((step) => step.dueAt ?? '');
    expect(ends).toEqual([...ends].sort());
    expect(listed[0]?.id).toBe('my-number-report');
  });

  it('says nothing of a law that does not apply, and has a step for each clock of those that do', () => {
    const found = steps({ ...wrongful(), laws: ['gdpr'] });
    expect(found.final).toBeUndefined();
    expect(found['gdpr-authority']).toMatchObject({ dueAt: '2026-11-15T01:30:00.000Z', phase: 'first_week' });
    expect(found['notice-to-insurer']).toBeUndefined();
    expect(found['tell-insurer']).toMatchObject({ dueOn: '2026-11-13' });
  });

  it('is ticked by what was filed, by facts, and by name', () => {
    const file = wrongful();
    file.incident.reports = {
      preliminaryFiledOn: '2026-11-14',
      policeToldOn: '2026-11-13',
      insurerToldAt: '2026-11-12 15:00',
    };
    const found = steps(file, {
      facts: { list_frozen: '2026-11-14' },
      ticks: new Map([['team', '2026-11-12']]),
    });
    expect(found.preliminary?.done).toEqual({ on: '2026-11-14', how: 'fact' });
    expect(found.police?.done).toEqual({ on: '2026-11-13', how: 'fact' });
    expect(found['tell-insurer']?.done).toEqual({ on: '2026-11-12', how: 'fact' });
    expect(found.list?.done).toEqual({ on: '2026-11-14', how: 'fact' });
    expect(found.team).toMatchObject({ done: { on: '2026-11-12', how: 'name' }, isOverdue: false });
    expect(found.contain).toMatchObject({ done: null, isOverdue: true });
  });
});
