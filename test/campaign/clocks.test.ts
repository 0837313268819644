import { describe, expect, it } from 'vitest';
import type { CampaignFile, IncidentType } from '../../src/campaign/folder/campaign-file.ts';
import { checkLaws, findOverdueReviews } from '../../src/campaign/law/check-laws.ts';
import { type Clock, computeClocks } from '../../src/campaign/law/clocks.ts';
import { listClocks } from '../../src/campaign/law/list-clocks.ts';
import { listLaws, loadRegime } from '../../src/campaign/law/regime.ts';
import { startOfDay } from '../../src/kernel/calendar.ts';
import { aCampaignFile } from '../support/campaign-file.ts';

type Known = { known: string; types?: Partial<Record<IncidentType, string>>; laws?: string[] };

function aFile({ known, types = { 'R7-2': known.slice(0, 10) }, laws }: Known): CampaignFile {
  const file = aCampaignFile();
  file.incident.knownAt = known.includes(' ') ? known : `${known} 10:00`;
  file.incident.types = Object.entries(types).map(([type, since]) => ({ type: type as IncidentType, since }));
  file.incident.reports = {};
  return laws ? { ...file, laws } : file;
}

const byId = (clocks: readonly Clock[]) => Object.fromEntries(clocks.map((clock) => [clock.id, clock]));

function clocks(
  known: string,
  types: Partial<Record<IncidentType, string>>,
  today: string,
  policy?: { noticeWithinDays?: number },
) {
  const regimes = [loadRegime('appi'), loadRegime('insurance')];
  return byId(computeClocks(aFile({ known, types }), startOfDay(today), regimes, policy));
}

describe('the clocks of the law', () => {
  // Cases that were filed and published, and days worked out by hand from the guideline's way of counting.
  it.each([
    [
      'Asahi, filed 2025-11-26 on day 59: https://news.mynavi.jp/techplus/article/20251127-3725284/',
      '2025-09-29',
      ['R7-3'],
      '2025-11-27',
    ],
    [
      'ASKUL, filed 2025-12-12: https://news.livedoor.com/article/detail/30194497/',
      '2025-10-19',
      ['R7-3'],
      '2025-12-17',
    ],
    ['day 30 without wrongful intent', '2025-09-29', ['R7-4'], '2025-10-28'],
    ['day 30 on a Saturday moves to Monday', '2026-01-09', ['R7-1'], '2026-02-09'],
    ['day 30 on a Sunday before holidays moves past them', '2026-04-04', ['R7-2'], '2026-05-07'],
    ['day 30 on a holiday before a citizens’ holiday and another', '2026-08-23', ['R7-2'], '2026-09-24'],
    ['day 60 on 30 December moves past 3 January', '2025-11-01', ['R7-3'], '2026-01-05'],
    ['day 60 inside 12/29–1/3 moves to 4 January or later', '2026-11-02', ['R7-3'], '2027-01-04'],
    ['day 60 on a Sunday before a holiday', '2026-11-12', ['R7-3'], '2027-01-12'],
    ['day 60 on a Sunday', '2026-10-01', ['R7-3'], '2026-11-30'],
    ['day 30 of the same, before wrongful intent is found', '2026-10-01', ['R7-4'], '2026-10-30'],
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
    const all = listClocks(aCampaignFile(), startOfDay('2026-11-20')).filter((clock) => clock.id === 'final-report');
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
    const file = aFile({ known: '2026-11-12' });
    file.incident.reports = { preliminaryFiledOn: '2026-11-17', insurerToldAt: '2026-11-12 15:00' };
    const found = byId(listClocks(file, startOfDay('2026-11-20')));
    expect(found['preliminary-report']?.state).toBe('done_late');
    expect(found['notice-to-insurer']?.state).toBe('done');
  });
});

describe('the clocks of other laws', () => {
  it('run only for a campaign that names the law, and the insurer’s always', () => {
    const laws = (named?: string[]) =>
      new Set(
        listClocks(aFile({ known: '2026-11-12', ...(named ? { laws: named } : {}) }), startOfDay('2026-11-13')).map(
          (clock) => clock.law,
        ),
      );
    expect(laws()).toEqual(new Set(['appi', 'insurance']));
    expect(laws(['gdpr', 'my-number'])).toEqual(new Set(['gdpr', 'my-number', 'insurance']));
  });

  it('count 72 hours from the minute of knowing, over a weekend and a holiday', () => {
    // Friday 20 November 2026, 22:40 in Japan; Monday 23 November is a holiday.
    const found = byId(
      listClocks(aFile({ known: '2026-11-20 22:40', laws: ['gdpr', 'korea'] }), new Date('2026-11-22T13:00:00Z')),
    );
    for (const id of ['gdpr-authority', 'korea-regulator', 'korea-persons'])
      expect(found[id]).toMatchObject({ dueAt: '2026-11-23T13:40:00.000Z', dueOn: '2026-11-23', state: 'open' });
  });

  it.each([
    ['2026-11-22T13:39:00Z', 'open'],
    ['2026-11-22T13:40:00Z', 'due_soon'],
    ['2026-11-23T13:40:00Z', 'due_soon'],
    ['2026-11-23T13:40:01Z', 'overdue'],
  ])('at %s a clock of 72 hours is %s', (now, state) => {
    const file = aFile({ known: '2026-11-20 22:40', laws: ['gdpr'] });
    expect(byId(listClocks(file, new Date(now)))['gdpr-authority']?.state).toBe(state);
  });

  it.each([
    ['2026-11-23 22:40', 'done'],
    ['2026-11-23 22:41', 'done_late'],
  ])('filed at %s is %s, to the minute', (filedAt, state) => {
    const file = aFile({ known: '2026-11-20 22:40', laws: ['gdpr'] });
    file.incident.filed = { 'gdpr-authority': filedAt };
    const clock = byId(listClocks(file, new Date('2026-12-01T00:00:00Z')))['gdpr-authority'];
    expect(clock).toMatchObject({ state, doneOn: '2026-11-23' });
  });

  it('count calendar days after discovery in the United States, and the Attorney General from the first notice', () => {
    const file = aFile({ known: '2026-11-12', laws: ['california', 'hipaa'] });
    file.waves = file.waves.map((wave) => ({ ...wave, start: '2026-11-20 09:00' }));
    const found = byId(listClocks(file, startOfDay('2026-11-13')));
    expect(found['california-persons']?.dueOn).toBe('2026-12-12');
    expect(found['california-attorney-general']?.dueOn).toBe('2026-12-05');
    expect(found['hipaa-persons']?.dueOn).toBe('2027-01-11');
  });

  it('show no day where the source names none, and stay open', () => {
    const found = byId(listClocks(aFile({ known: '2026-11-12', laws: ['my-number'] }), startOfDay('2026-12-30')));
    expect(found['my-number-report']).toMatchObject({ dueOn: null, dueAt: null, state: 'open', daysLeft: null });
  });

  it('do not run for an incident known before the law was in force', () => {
    const on = (known: string) =>
      listClocks(aFile({ known, laws: ['critical-infrastructure'] }), startOfDay('2026-11-20')).map((one) => one.id);
    expect(on('2026-10-01')).toContain('infrastructure-report');
    expect(on('2026-09-30')).not.toContain('infrastructure-report');
  });

  it('name for each rule a source, a receiver and the days of its upkeep, in every law that ships', () => {
    const laws = listLaws();
    expect(laws).toEqual(expect.arrayContaining(['appi', 'gdpr', 'hipaa', 'korea', 'my-number', 'telecom']));
    const ids = ['insurance', ...laws].flatMap((law) => {
      const regime = loadRegime(law);
      expect(regime.id).toBe(law);
      for (const rule of regime.clocks) {
        expect(rule.source).toMatch(/^https?:/);
        expect(rule.checkedOn < rule.reviewDue).toBe(true);
      }
      return [...new Set(regime.clocks.map((rule) => rule.id))];
    });
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });
});

describe('a duty that was typed in', () => {
  const duty = { to: '委託元 株式会社みなと', document: '業務委託契約書 第12条', by: '法務 一郎' };

  it.each([
    ['24 hours', '2026-11-13', '2026-11-13T01:30:00.000Z'],
    ['3 days', '2026-11-14', null],
  ])('within %s has a clock, and names its document and who typed it', (within, dueOn, dueAt) => {
    const file = aFile({ known: '2026-11-12 10:30' });
    file.duties = [{ id: 'entruster', within, ...duty }];
    const clock = byId(listClocks(file, startOfDay('2026-11-12'))).entruster;
    expect(clock).toMatchObject({ law: 'contract', dueOn, dueAt, citation: duty.document });
    expect(clock?.source).toContain('法務 一郎');
    expect(checkLaws(file)).toEqual([]);
  });

  it('may not take the id of a clock that is there', () => {
    const file = aFile({ known: '2026-11-12' });
    file.duties = [{ id: 'final-report', within: '3 days', ...duty }];
    expect(checkLaws(file)).toContainEqual(expect.objectContaining({ path: 'duties.0.id', key: 'twice' }));
  });
});

describe('the check of laws', () => {
  it('names the nearest law and clock for a misspelt one', () => {
    const file = { ...aFile({ known: '2026-11-12' }), laws: ['appi', 'gpdr'] };
    file.incident.filed = { 'final-reprt': '2026-11-20' };
    expect(checkLaws(file)).toEqual([
      { path: 'laws.1', key: 'lawUnknown', params: { law: 'gpdr', known: 'gdpr' } },
      { path: 'incident.filed.final-reprt', key: 'clockUnknown', params: { id: 'final-reprt', known: 'final-report' } },
    ]);
  });

  it('says when a rule should have been read again, and not a day before', () => {
    const file = { ...aFile({ known: '2026-11-12' }), laws: ['korea'] };
    expect(findOverdueReviews(file, '2027-02-25')).toEqual([]);
    expect(findOverdueReviews(file, '2027-02-26')).toEqual([
      { path: 'laws', key: 'reviewOverdue', params: { law: 'korea', day: '2027-02-25' } },
    ]);
    const clock = byId(listClocks(file, startOfDay('2027-02-26')))['korea-regulator'];
    expect(clock?.isReviewOverdue).toBe(true);
  });
});
