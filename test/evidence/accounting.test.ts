import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sumFigures } from '../../src/evidence/figures/figures.ts';
import { countedPlaces, type RoomCounts, reconcile } from '../../src/evidence/figures/reconcile.ts';
import { type Accounting, findImbalances } from '../../src/evidence/verify/accounting.ts';
import { findClaimFaults } from '../../src/evidence/verify/claim-arithmetic.ts';
import { readWords } from '../../src/platform/compile-words.ts';

const roster = { rows: 10, people: 7, merged: 2, rejected: 1, open: 1 };
const wave = { id: 'a', channel: 'email', total: 7, handedOver: 3, failed: 1, excluded: 1, uncertain: 1, pending: 1 };
const persons = { total: 7, told: 3, underway: 1, substitute: 1, excluded: 1, undecided: 1 };
const balanced: Accounting = { roster, waves: [wave], persons };

test('it says in both languages where each count comes from', () => {
  const words = readWords();
  expect(countedPlaces.filter((from) => !words.has(`cli.reconcile.from.${from}`))).toEqual([]);
});

describe('the three equations', () => {
  test('hold when their terms add up, also with exclusions by reason', () => {
    expect(findImbalances(balanced)).toEqual([]);
    const byReason = { ...balanced, persons: { ...persons, excluded: { deceased: 1, not_affected: 0 } } };
    expect(findImbalances(byReason)).toEqual([]);
  });

  test('let no more rows be open than were rejected, and all of them be', () => {
    expect(findImbalances({ ...balanced, roster: { ...roster, open: 2 } })).toMatchObject([
      { word: 'evidence.detail.rosterOpen', params: { open: 2, rejected: 1 } },
    ]);
    expect(findImbalances({ ...balanced, roster: { ...roster, open: 0 } })).toEqual([]);
  });

  test('name the wave and the sums that do not meet', () => {
    const waves = [wave, { ...wave, id: 'b', excluded: { person_told: 1, withdrawn: 2 } }];
    expect(findImbalances({ ...balanced, waves })).toMatchObject([
      { word: 'evidence.detail.wave', params: { wave: 'b', total: 7, sum: 9 } },
    ]);
  });

  test('notice any single number that is off by one', () => {
    const places = [
      ...(['rows', 'people', 'merged', 'rejected'] as const).map((key) => ['roster', key] as const),
      ...(['total', 'handedOver', 'failed', 'excluded', 'uncertain', 'pending'] as const).map(
        (key) => ['wave', key] as const,
      ),
      ...(['total', 'told', 'underway', 'substitute', 'excluded', 'undecided'] as const).map(
        (key) => ['persons', key] as const,
      ),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.constantFrom(1, -1), ([part, key], by) => {
        const changed = structuredClone({ roster, wave, persons }) as unknown as Record<string, Record<string, number>>;
        const terms = changed[part] as Record<string, number>;
        terms[key] = (terms[key] as number) + by;
        const { wave: one, ...rest } = changed;
        expect(findImbalances({ ...rest, waves: [one] } as unknown as Accounting).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the arithmetic of a claim', () => {
  const amounts = { incurred: 100, eligible: 90, payable: 60, uncovered: 40 };
  const reasons = [
    { code: 'tax', yen: 10 },
    { code: 'limit', yen: 30 },
  ];
  const claim = { categories: [{ category: 'CALL_CENTER', label: '', ...amounts, reasons }], total: amounts };

  test('holds when each yen is payable or has one reason', () => {
    expect(findClaimFaults(claim)).toEqual([]);
  });

  const [category] = claim.categories;
  const amiss = (over: object, total: object = {}) => ({
    categories: [{ ...category, ...over }],
    total: { ...amounts, ...total },
  });
  test.each<[string, object, string[]]>([
    ['a total is another one', amiss({}, { payable: 61 }), ['claimTotal']],
    [
      'every total is another one',
      amiss({}, { incurred: 1, eligible: 1, payable: 1, uncovered: 1 }),
      Array(4).fill('claimTotal'),
    ],
    ['a reason is missing', amiss({ reasons: reasons.slice(1) }), ['reasons']],
    [
      'a reason stands twice',
      amiss({
        reasons: [
          { code: 'tax', yen: 10 },
          { code: 'tax', yen: 30 },
        ],
      }),
      ['reasonTwice'],
    ],
    [
      'more is uncovered than was not paid, though each yen has a reason',
      amiss({ uncovered: 41, reasons: [{ code: 'tax', yen: 41 }] }, { uncovered: 41 }),
      ['uncovered'],
    ],
  ])('does not hold when %s', (_, wrong, faults) => {
    const found = findClaimFaults(wrong as typeof claim);
    expect(found.map(({ word }) => word)).toEqual(faults.map((word) => `evidence.detail.${word}`));
  });

  test('adds up over its categories', () => {
    const two = {
      categories: [category, { ...category, category: 'BI' }],
      total: { incurred: 200, eligible: 180, payable: 120, uncovered: 80 },
    };
    expect(findClaimFaults(two as typeof claim)).toEqual([]);
  });
});

describe('the regulator’s figures', () => {
  test('show who was told by mail and by letter apart, and add up', () => {
    const figures = sumFigures({
      accounting: balanced,
      outcomes: [
        { term: 'told', outcome: 'mail_accepted', people: 2 },
        { term: 'told', outcome: 'letter_posted', people: 1 },
      ],
      publications: [{ kind: 'first', url: 'https://x', asOf: new Date(0) }],
      contacts: { contacts: 1, offered: 5, answered: 4 },
    });
    expect(figures.principals).toEqual({ people: 7, records: 10, openRows: 1 });
    const { toldByEmail, toldByLetter, told, underway, substitute, excluded, undecided, total } = figures.response;
    expect(toldByEmail + toldByLetter).toBe(told);
    expect(told + underway + substitute + excluded + undecided).toBe(total);
    expect(figures.publications).toEqual([{ kind: 'first', url: 'https://x', asOf: '1970-01-01T00:00:00.000Z' }]);
  });
});

describe('a reconciliation', () => {
  const counts: RoomCounts = {
    drivers: {
      'letter.posted': 8,
      'letter.spoiled': 1,
      'letter.returned': 2,
      'posting.made': 1,
      'call.answered': 4,
      'mail.accepted': 5,
    },
    lots: [{ manifest: 10, posted: 8, spoiled: 1, withdrawn: 0, open: 1, returned: 2 }],
    postings: [{ pieces: 8 }],
    gifts: [{ posted: 8, spoiled: 0, onHand: 2, received: 10, balanced: true }],
    calls: { answered: 4 },
    equations: [],
    invoicedYen: { invoices: 100, ledger: 100 },
    counters: [{ what: 'counter.people', left: { from: 'counters', count: 7 }, right: { from: 'rows', count: 7 } }],
    events: {
      attempts_of_places: 6,
      attempts: 6,
      accepted_attempts: 5,
      accepted_places: 4,
      accepted_by_events: 4,
      posted_places: 6,
      posted_by_events: 6,
    },
  };

  test('finds nothing where the rooms agree', () => {
    expect(reconcile(counts)).toMatchObject({ ok: true, differences: [] });
  });

  test.each<[string, Partial<RoomCounts>]>([
    ['letters.posted', { postings: [{ pieces: 7 }] }],
    ['letters.returned', { drivers: { ...counts.drivers, 'letter.returned': 1 } }],
    ['gifts.unbalanced', { gifts: [{ posted: 8, spoiled: 0, onHand: 1, received: 10, balanced: false }] }],
    ['calls.answered', { calls: { answered: 5 } }],
    ['yen.invoiced', { invoicedYen: { invoices: 100, ledger: 99 } }],
    ['equations', { equations: [{ word: 'evidence.detail.roster' }] }],
    [
      'counter.people',
      {
        counters: [{ what: 'counter.people', left: { from: 'counters', count: 8 }, right: { from: 'rows', count: 7 } }],
      },
    ],
    ['mails.attempts', { events: { ...counts.events, attempts: 7 } }],
    ['mails.accepted', { events: { ...counts.events, accepted_by_events: 3 } }],
    ['mails.accepted', { events: { ...counts.events, accepted_attempts: 6 } }],
    ['letters.handed_over', { events: { ...counts.events, posted_places: 5 } }],
  ])('names %s where they do not', (what, change) => {
    const result = reconcile({ ...counts, ...change });
    expect(result.ok).toBe(false);
    expect(result.differences.map((item) => item.what)).toContain(what);
  });
});
