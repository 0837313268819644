// Which accruals a line of an invoice replaces. Prices are Japan Post's of 2024-10-01: 定形 110 yen, with the barcode 3 % off (106.7).
import { describe, expect, it } from 'vitest';
import type { CostCategory } from '../../src/kernel/cost-category.ts';
import { matchInvoiceLine } from '../../src/ledger/match-invoice.ts';
import { type RateCard, rateCardSchema } from '../../src/ledger/rate-card.ts';

const rate = (id: string, over: Record<string, unknown> = {}) => ({
  id,
  label: '定形郵便',
  driver: 'letter.posted',
  unitPrice: '110',
  tax: 'included',
  category: 'NOTIFY_PRINT_MAIL',
  vendor: '日本郵便',
  source: 'https://www.post.japanpost.jp/service/discount/kubun_discount.html',
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
const version = (number: number, ...rates: object[]) => ({
  id: `v${number}`,
  number,
  sha256: '0'.repeat(64),
  card: card(...rates),
  adoptedAt: new Date(0),
});

const plain = rate('plain');
const barcode = rate('barcode', { unitPrice: '106.7', match: { barcode: true } });
const print = rate('print', { driver: 'letter.printed', unitPrice: '12.5' });
const post = [version(1, plain, barcode, print)];

/** Charged so far: 100 letters without the barcode and 40 with it, 500 printed. */
const charged = (rateId: string, quantity: bigint) => ({ rateVersionId: 'v1', rateId, quantity, exact: 0n });
const charges = [charged('plain', 60n), charged('barcode', 40n), charged('plain', 40n), charged('print', 500n)];

type Line = Parameters<typeof matchInvoiceLine>[0];
const line = (over: Partial<Line> = {}): Line => ({
  driver: 'letter.posted',
  category: 'NOTIFY_PRINT_MAIL' as CostCategory,
  quantity: 10,
  ...over,
});
const settled = (rateId: string, quantity: bigint | null) => ({ rateId, quantity });

describe('a line of an invoice replaces', () => {
  it.each<[string, Line, string[]]>([
    ['the rate that it names', line({ driver: undefined, rate: 'barcode' }), ['barcode 10']],
    ['nothing under a rate that no card has', line({ driver: undefined, rate: 'none' }), []],
    ['nothing without driver and rate: an item that no event counts', line({ driver: undefined }), []],
    ['nothing of another category', line({ category: 'CALL_CENTER' }), []],
    ['nothing under a rate of another category', line({ rate: 'plain', category: 'CALL_CENTER' }), []],
    ['its driver’s first rate while units of it are open', line(), ['plain 10']],
    ['all that is open of it, and no more', line({ quantity: 100 }), ['plain 100']],
    ['the next rate’s units when the first are used up', line({ quantity: 130 }), ['plain 100', 'barcode 30']],
    ['a single unit more than the first rate has open', line({ quantity: 101 }), ['plain 100', 'barcode 1']],
    ['more than is open under the last rate: its events follow', line({ quantity: 150 }), ['plain 100', 'barcode 50']],
    ['first the rate of its own unit price', line({ unitPrice: '106.7', quantity: 50 }), ['barcode 40', 'plain 10']],
    ['the first rate when its unit price is none of the card', line({ unitPrice: '99', quantity: 50 }), ['plain 50']],
    ['everything of its driver when it counts nothing', line({ quantity: undefined }), ['plain all', 'barcode all']],
    ['everything of its rate when it counts nothing', line({ rate: 'print', quantity: undefined }), ['print all']],
    ['nothing when it counts none', line({ quantity: 0 }), []],
  ])('%s', (_, given, expected) => {
    expect(said(matchInvoiceLine(given, post, charges, []))).toEqual(expected);
  });

  it.each<[string, ReturnType<typeof settled>[], string[]]>([
    [
      'what the earlier bills left of a rate',
      [settled('plain', 60n), settled('plain', 30n)],
      ['plain 10', 'barcode 5'],
    ],
    ['nothing of a rate that an earlier lump sum replaced', [settled('plain', null)], ['barcode 15']],
    ['nothing of a rate that was billed beyond its events', [settled('plain', 130n)], ['barcode 15']],
    ['whatever another rate’s bills were', [settled('print', null), settled('barcode', 40n)], ['plain 15']],
  ])('%s', (_, settlements, expected) => {
    expect(said(matchInvoiceLine(line({ quantity: 15 }), post, charges, settlements))).toEqual(expected);
  });

  it('passes over a rate whose events were all taken back', () => {
    const taken = [...charges, charged('plain', -100n)];
    expect(said(matchInvoiceLine(line(), post, taken, []))).toEqual(['barcode 10']);
  });

  it('is read with the newest card: its order, its prices and its categories', () => {
    const newer = version(2, { ...barcode, unitPrice: '110' }, { ...plain, unitPrice: '115' });
    for (const versions of [
      [...post, newer],
      [newer, ...post],
    ]) {
      expect(said(matchInvoiceLine(line(), versions, charges, []))).toEqual(['barcode 10']);
      expect(said(matchInvoiceLine(line({ unitPrice: '115' }), versions, charges, []))).toEqual(['plain 10']);
      // What only the older card had is still there to be replaced.
      expect(said(matchInvoiceLine(line({ rate: 'print' }), versions, charges, []))).toEqual(['print 10']);
    }
  });
});

const said = (matches: ReturnType<typeof matchInvoiceLine>) =>
  matches.map(({ rateId, quantity }) => `${rateId} ${quantity ?? 'all'}`);
