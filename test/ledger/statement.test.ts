// Which entries bring the ledger to what was charged and settled, line by line; prices are Japan Post's of 2024-10-01 (定形 110 yen).
import { describe, expect, it } from 'vitest';
import type { CostCategory } from '../../src/kernel/cost-category.ts';
import { type RateCard, rateCardSchema } from '../../src/ledger/rate-card.ts';
import {
  draftPostings,
  openAccrual,
  type PostedSum,
  type PostingOrigin,
  type RateVersion,
  type StatementState,
} from '../../src/ledger/statement.ts';

const rate = (over: Record<string, unknown> = {}) => ({
  id: 'post',
  label: '定形郵便',
  driver: 'letter.posted',
  unitPrice: '110',
  tax: 'included',
  category: 'NOTIFY_PRINT_MAIL',
  vendor: '日本郵便',
  source: 'Japan Post, 2024-10-01',
  checkedOn: '2026-11-21',
  ...over,
});
const card = (...rates: object[]): RateCard =>
  rateCardSchema.parse({
    id: 'test',
    title: 't',
    source: 's',
    validFrom: '2024-10-01',
    checkedOn: '2026-11-21',
    rates,
  });
const version = (id: string, number: number, rates: RateCard): RateVersion => ({
  id,
  number,
  sha256: '0'.repeat(64),
  card: rates,
  adoptedAt: new Date(0),
});

const one = version(
  'v1',
  1,
  card(rate(), rate({ id: 'print', driver: 'letter.printed', unitPrice: '12.5', tax: 'excluded' })),
);
/** `count` units under a rate, at their exact price in 1/10,000 yen. */
const charge = (rateId: string, count: number, price: number, rateVersionId = 'v1') => ({
  rateVersionId,
  rateId,
  quantity: BigInt(count),
  exact: BigInt(Math.round(count * price * 10_000)),
});
const posted = (over: Partial<PostedSum> = {}): PostedSum => ({
  rateId: 'post',
  category: 'NOTIFY_PRINT_MAIL',
  side: 'accrual',
  quantity: 100n,
  exact: 110_000_000n,
  money: { net: 10_000n, tax: 1_000n, gross: 11_000n },
  ...over,
});
const origin: PostingOrigin = {
  kind: 'accrual',
  block: 7,
  invoiceId: null,
  invoiceLineNo: null,
  // 21 November in Japan.
  at: new Date('2026-11-20T16:00:00Z'),
};
const draft = (state: Partial<StatementState>, from: PostingOrigin = origin) =>
  draftPostings({ versions: [one], charges: [], posted: [], settlements: [], ...state }, from);
/** Kind, rate, quantity, exact amount, net, tax and gross of each entry. */
const brief = (state: Partial<StatementState>) =>
  draft(state).map(({ kind, rateId, quantity, exactAmount, netYen, taxYen, grossYen }) => [
    kind,
    rateId,
    ...[quantity, exactAmount, netYen, taxYen, grossYen].map(Number),
  ]);

describe('a statement line', () => {
  it('is posted with everything that its rate says: 100 letters of 110 yen are 11,000, 1,000 of it tax', () => {
    expect(draft({ charges: [charge('post', 100, 110)] })).toEqual([
      {
        kind: 'accrual',
        category: 'NOTIFY_PRINT_MAIL',
        vendor: '日本郵便',
        description: '定形郵便',
        driver: 'letter.posted',
        rateVersionId: 'v1',
        rateId: 'post',
        block: 7,
        invoiceId: null,
        invoiceLineNo: null,
        factId: null,
        serviceDate: '2026-11-21',
        quantity: 100n,
        unitPrice: '110',
        exactAmount: 110_000_000n,
        netYen: 10_000n,
        taxYen: 1_000n,
        grossYen: 11_000n,
      },
    ]);
  });

  it('comes from an invoice when one asks for it', () => {
    const from = { ...origin, kind: 'adjustment', block: null, invoiceId: 'i', invoiceLineNo: 3 } as const;
    expect(draft({ charges: [charge('post', 1, 110)] }, from)).toMatchObject([
      { kind: 'adjustment', block: null, invoiceId: 'i', invoiceLineNo: 3 },
    ]);
  });

  it.each<[string, Partial<StatementState>, unknown[][]]>([
    ['nothing was charged', {}, []],
    ['all of it is posted', { charges: [charge('post', 100, 110)], posted: [posted()] }, []],
    [
      'charges of several facts are rounded together: 3 sheets of 12.5 yen are 38, not three times 13',
      { charges: [charge('print', 1, 12.5), charge('print', 1, 12.5), charge('print', 1, 12.5)] },
      [['accrual', 'print', 3, 375_000, 38, 3, 41]],
    ],
    [
      'only the rest is posted',
      { charges: [charge('post', 130, 110)], posted: [posted()] },
      [['accrual', 'post', 30, 33_000_000, 3_000, 300, 3_300]],
    ],
    [
      'what was posted in several parts counts together',
      { charges: [charge('post', 230, 110)], posted: [posted(), posted()] },
      [['accrual', 'post', 30, 33_000_000, 3_000, 300, 3_300]],
    ],
    [
      'charges that were taken back are taken off',
      { charges: [charge('post', 100, 110), charge('post', -10, 110)], posted: [posted()] },
      [['accrual', 'post', -10, -11_000_000, -1_000, -100, -1_100]],
    ],
    [
      'what was posted and is charged no more is taken off whole',
      { posted: [posted()] },
      [['accrual', 'post', -100, -110_000_000, -10_000, -1_000, -11_000]],
    ],
    [
      'lines stand in the order of their rates',
      { charges: [charge('print', 2, 12.5), charge('post', 1, 110)] },
      [
        ['accrual', 'post', 1, 1_100_000, 100, 10, 110],
        ['accrual', 'print', 2, 250_000, 25, 2, 27],
      ],
    ],
  ])('%s', (_, state, entries) => {
    expect(brief(state)).toEqual(entries);
  });
});

describe('a settlement', () => {
  const charges = [charge('post', 100, 110)];
  const settled = (...settlements: StatementState['settlements'][number][]) =>
    brief({ charges, posted: [posted()], settlements });
  it.each<[string, StatementState['settlements'][number][], unknown[][]]>([
    [
      'of a part takes that part',
      [{ rateId: 'post', quantity: 40n }],
      [['reversal', 'post', -40, -44_000_000, -4_000, -400, -4_400]],
    ],
    [
      'of several parts takes their sum',
      [
        { rateId: 'post', quantity: 40n },
        { rateId: 'post', quantity: 20n },
      ],
      [['reversal', 'post', -60, -66_000_000, -6_000, -600, -6_600]],
    ],
    [
      'of all takes all',
      [{ rateId: 'post', quantity: 100n }],
      [['reversal', 'post', -100, -110_000_000, -10_000, -1_000, -11_000]],
    ],
    [
      'of more than was counted takes no more',
      [{ rateId: 'post', quantity: 400n }],
      [['reversal', 'post', -100, -110_000_000, -10_000, -1_000, -11_000]],
    ],
    [
      'without a quantity takes all, whatever another one names',
      [
        { rateId: 'post', quantity: 1n },
        { rateId: 'post', quantity: null },
      ],
      [['reversal', 'post', -100, -110_000_000, -10_000, -1_000, -11_000]],
    ],
    ['of another rate takes nothing', [{ rateId: 'print', quantity: null }], []],
  ])('%s', (_, settlements, entries) => {
    expect(settled(...settlements)).toEqual(entries);
  });

  it('that is posted already is not posted again', () => {
    const reversed = posted({
      side: 'reversal',
      quantity: -40n,
      exact: -44_000_000n,
      money: { net: -4_000n, tax: -400n, gross: -4_400n },
    });
    const settlements = [{ rateId: 'post', quantity: 50n }];
    expect(brief({ charges, posted: [posted(), reversed], settlements })).toEqual([
      ['reversal', 'post', -10, -11_000_000, -1_000, -100, -1_100],
    ]);
  });

  it('of all takes the exact sum, also when older prices made it', () => {
    const dearer = version('v2', 2, card(rate({ unitPrice: '120' })));
    const settlements = [{ rateId: 'post', quantity: 100n }];
    const [, reversal] = draft({ versions: [one, dearer], charges, settlements });
    expect(reversal).toMatchObject({ kind: 'reversal', exactAmount: -110_000_000n, grossYen: -11_000n });
  });
});

describe('the version of a line', () => {
  it.each([
    ['in whatever order they come', [one, version('v2', 2, card(rate({ label: '定形郵便（改定）' })))]],
    ['also the other way round', [version('v2', 2, card(rate({ label: '定形郵便（改定）' }))), one]],
  ])('is the newest one that has its rate, %s', (_, versions) => {
    const lines = draft({ versions, charges: [charge('post', 1, 110), charge('print', 1, 12.5)] });
    expect(lines.map(({ rateId, rateVersionId, description }) => [rateId, rateVersionId, description])).toEqual([
      ['post', 'v2', '定形郵便（改定）'],
      ['print', 'v1', '定形郵便'],
    ]);
  });

  it('keeps apart what one rate was charged as in two categories', () => {
    const moved = version('v2', 2, card(rate({ category: 'CONDOLENCE' })));
    const state = {
      versions: [one, moved],
      charges: [charge('post', 2, 110), charge('post', 3, 110, 'v2')],
      posted: [posted({ quantity: 2n, exact: 2_200_000n, money: { net: 200n, tax: 20n, gross: 220n } })],
    };
    const of = (category: CostCategory) => draft(state).filter((entry) => entry.category === category);
    expect(of('NOTIFY_PRINT_MAIL')).toEqual([]);
    expect(of('CONDOLENCE')).toMatchObject([{ rateVersionId: 'v2', quantity: 3n, grossYen: 330n }]);
  });

  it('is posted when nothing but the tax of it changed', () => {
    const untaxed = version('v2', 2, card(rate({ tax: 'none' })));
    expect(draft({ versions: [one, untaxed], charges: [charge('post', 100, 110)], posted: [posted()] })).toMatchObject([
      { quantity: 0n, exactAmount: 0n, netYen: 1_000n, taxYen: -1_000n, grossYen: 0n },
    ]);
  });

  it('is missing: a charge of an unknown rate, and a posting that no card prices in its category', () => {
    expect(() => draft({ charges: [charge('gift', 1, 500)] })).toThrow('a charge names the unknown rate gift');
    expect(() => draft({ charges: [charge('post', 1, 110, 'v9')] })).toThrow('a charge names the unknown rate post');
    expect(() => draft({ posted: [posted({ category: 'BI' })] })).toThrow('no rate version prices post as BI');
  });
});

it('what no invoice has replaced yet is the sum of both sides', () => {
  const reversal = posted({ side: 'reversal', money: { net: -4_000n, tax: -400n, gross: -4_400n } });
  expect(openAccrual([posted(), reversal])).toEqual({ net: 6_000n, tax: 600n, gross: 6_600n });
  expect(openAccrual([])).toEqual({ net: 0n, tax: 0n, gross: 0n });
});
