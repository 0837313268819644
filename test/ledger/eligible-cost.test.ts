// What of a cost the policy looks at, case by case: the insurer's consents and what is used up of them, periods, tax, credit notes.
import { describe, expect, it } from 'vitest';
import { type PolicyFile, type PriorApproval, policyFileSchema } from '../../src/campaign/policy/policy-terms.ts';
import {
  type ClaimConsent,
  type CostLine,
  computeEligibleCosts,
  type EligibilityInput,
  type EligibleCost,
  settleCredits,
} from '../../src/ledger/eligible-cost.ts';

const policy = (priorApproval: PriorApproval, over: Record<string, unknown> = {}): PolicyFile =>
  policyFileSchema.parse({
    insurer: 'Test insurer',
    policyNumber: 'T-1',
    period: { from: '2026-04-01', to: '2027-03-31' },
    categories: [
      { category: 'CONDOLENCE', label: '見舞', priorApproval, taxBasis: 'GROSS' },
      { category: 'CALL_CENTER', label: '電話', priorApproval },
    ],
    steps: ['costLimit'],
    ...over,
  });

const cost = (grossYen: number, over: Partial<CostLine> = {}): CostLine => ({
  category: 'CONDOLENCE',
  serviceDate: null,
  vendor: null,
  quantity: null,
  grossYen: BigInt(grossYen),
  taxYen: 0n,
  isFee: false,
  ...over,
});
/** Cards of 500 yen each, as their bill states them. */
const cards = (quantity: number, over: Partial<CostLine> = {}) =>
  cost(500 * quantity, { quantity: BigInt(quantity), ...over });

const consent = (over: Partial<ClaimConsent> = {}): ClaimConsent => ({
  category: 'CONDOLENCE',
  vendor: null,
  answer: 'granted',
  form: 'written',
  validTo: null,
  unitPriceCapYen: null,
  quantityCap: null,
  amountCapYen: null,
  ...over,
});

function compute(needs: PriorApproval, lines: CostLine[], over: Partial<EligibilityInput> = {}): EligibleCost[] {
  return computeEligibleCosts({ policy: policy(needs), lines, consents: [], discoveredOn: null, ...over });
}

const covered = (lines: CostLine[], consents: ClaimConsent[], needs: PriorApproval = 'CONSENT') =>
  Number(compute(needs, lines, { consents })[0]?.eligible);

// The insurer consents to so many cards at so much (SEED1's 見舞品: 5,000 × 500 yen face, "beforehand, in writing"): whatever was
// asked for is used up by the first bill that names it.
describe('a consent', () => {
  it.each<[string, CostLine[], ClaimConsent[], number]>([
    ['covers as many cards as it names', [cards(100)], [consent({ quantityCap: 100n })], 50_000],
    ['is used up by the cards of an earlier line', [cards(60), cards(60)], [consent({ quantityCap: 100n })], 50_000],
    ['is used up whole', [cards(100), cards(60)], [consent({ quantityCap: 100n })], 50_000],
    [
      'is followed by the next one, for the cards that are left',
      [cards(150)],
      [consent({ quantityCap: 100n }), consent({ quantityCap: 30n })],
      65_000,
    ],
    [
      'that is used up leaves the later line to the next one',
      [cards(100), cards(60)],
      [consent({ quantityCap: 100n }), consent({ quantityCap: 50n })],
      75_000,
    ],
    [
      'of an amount is used up by an earlier line',
      [cost(30_000), cost(30_000)],
      [consent({ amountCapYen: 50_000n })],
      50_000,
    ],
    [
      'of an amount is followed by the next one',
      [cost(30_000), cost(30_000)],
      [consent({ amountCapYen: 20_000n }), consent({ amountCapYen: 25_000n })],
      45_000,
    ],
    [
      'covers the dearer card up to its unit price',
      [cards(100, { grossYen: 53_000n })],
      [consent({ unitPriceCapYen: 500n })],
      50_000,
    ],
    [
      'covers so many of the dearer cards up to its unit price',
      [cards(100, { grossYen: 53_000n })],
      [consent({ unitPriceCapYen: 500n, quantityCap: 60n })],
      30_000,
    ],
    ['covers a cheaper card at what it cost', [cards(100)], [consent({ unitPriceCapYen: 600n })], 50_000],
    [
      'covers a lump sum, and its cards are still there for the next line',
      [cost(7_000), cards(100)],
      [consent({ quantityCap: 100n, unitPriceCapYen: 500n })],
      57_000,
    ],
    ['for another category covers nothing', [cards(100)], [consent({ category: 'CALL_CENTER' })], 0],
    ['without any limit covers all', [cards(100), cards(100)], [consent()], 100_000],
  ])('%s', (_, lines, consents, expected) => {
    expect(covered(lines, consents)).toBe(expected);
  });

  it.each<[string, string | null, string | null, number]>([
    ['the vendor it names', 'A', 'A', 500],
    ['no other vendor', 'A', 'B', 0],
    ['a vendor not yet known', 'A', null, 500],
    ['every vendor when it names none', null, 'B', 500],
  ])('covers %s', (_, named, billing, expected) => {
    expect(covered([cards(1, { vendor: billing })], [consent({ vendor: named })])).toBe(expected);
  });

  it.each<[string, ClaimConsent['validTo'], CostLine['serviceDate'], number]>([
    ['on its last day', '2026-12-01', '2026-12-01', 500],
    ['not on the day after', '2026-12-01', '2026-12-02', 0],
    ['when the day of the service is not known yet', '2026-12-01', null, 500],
    ['on any day when it has no last one', null, '2027-01-01', 500],
  ])('covers a service %s', (_, validTo, serviceDate, expected) => {
    expect(covered([cards(1, { serviceDate })], [consent({ validTo })])).toBe(expected);
  });

  // 標準的な約款: 通知 = to be told; 同意 = to agree, in any form; 書面による同意 = in writing (domain: prior consent, Tokio Marine).
  it.each<[PriorApproval, ClaimConsent['answer'], ClaimConsent['form'], boolean]>([
    ['NOTICE', 'asked', 'oral', true],
    ['NOTICE', 'granted', 'oral', true],
    ['NOTICE', 'denied', 'written', false],
    ['NOTICE', 'withdrawn', 'written', false],
    ['CONSENT', 'asked', 'written', false],
    ['CONSENT', 'granted', 'oral', true],
    ['CONSENT', 'granted_with_conditions', 'email', true],
    ['CONSENT', 'denied', 'written', false],
    ['CONSENT', 'withdrawn', 'written', false],
    ['WRITTEN', 'asked', 'written', false],
    ['WRITTEN', 'granted', 'oral', false],
    ['WRITTEN', 'granted', 'email', false],
    ['WRITTEN', 'granted', 'unknown', false],
    ['WRITTEN', 'granted', 'written', true],
  ])('where the policy wants %s: %s (%s) is enough: %s', (needs, answer, form, isEnough) => {
    expect(covered([cards(1)], [consent({ answer, form })], needs)).toBe(isEnough ? 500 : 0);
  });

  it.each<[PriorApproval, number]>([
    ['NONE', 500],
    ['UNKNOWN', 500],
    ['NOTICE', 0],
    ['CONSENT', 0],
    ['WRITTEN', 0],
  ])('is missing where the policy wants %s: %i yen count', (needs, expected) => {
    expect(covered([cards(1)], [], needs)).toBe(expected);
  });

  it('that is assumed covers everything, for the estimate', () => {
    expect(Number(compute('WRITTEN', [cards(100)], { consents: 'assumed' })[0]?.eligible)).toBe(50_000);
  });
});

// The incident is discovered within the policy's period and the cost arises within the response period after it (事故対応期間).
describe('the period', () => {
  const response = { incidentResponsePeriodDays: 30 };
  it.each<[string, string | null, string | null, Record<string, unknown>, boolean]>([
    ['discovered on its first day', '2026-04-01', null, {}, true],
    ['discovered the day before', '2026-03-31', null, {}, false],
    ['discovered on its last day', '2027-03-31', null, {}, true],
    ['discovered the day after', '2027-04-01', null, {}, false],
    ['served on the day of the discovery', '2026-06-01', '2026-06-01', response, true],
    ['served before the discovery', '2026-06-01', '2026-05-31', response, false],
    ['served on the last day of the response', '2026-06-01', '2026-07-01', response, true],
    ['served the day after', '2026-06-01', '2026-07-02', response, false],
    ['served long after, when the policy names no response period', '2026-06-01', '2028-06-01', {}, true],
    ['of a service day not known yet, within any response period', '2026-06-01', null, response, true],
    ['of a discovery not known yet', null, '2020-01-01', response, true],
  ])('a cost %s', (_, discoveredOn, serviceDate, terms, isInside) => {
    const lines = [cards(1, { serviceDate: serviceDate as CostLine['serviceDate'] })];
    const [result] = computeEligibleCosts({
      policy: policy('NONE', terms),
      lines,
      consents: [],
      discoveredOn: discoveredOn as EligibilityInput['discoveredOn'],
    });
    expect(result).toMatchObject(
      isInside ? { eligible: 500n, reasons: {} } : { eligible: 0n, reasons: { outside_period: 500n } },
    );
  });
});

// 通達5-2-4: an insured who takes input-tax credit is not indemnified for the tax.
describe('consumption tax', () => {
  const bill = (over: Partial<CostLine> = {}) => cost(1_100, { category: 'CALL_CENTER', taxYen: 100n, ...over });

  it('is left out under a net policy and counts under a gross one', () => {
    expect(compute('NONE', [bill()])[0]).toMatchObject({ incurred: 1_100n, eligible: 1_000n, reasons: { tax: 100n } });
    expect(compute('NONE', [bill({ category: 'CONDOLENCE' })])[0]).toMatchObject({ eligible: 1_100n, reasons: {} });
  });

  it('on the part without consent is uncovered for the lack of consent, not for being tax', () => {
    const consents = [consent({ category: 'CALL_CENTER', amountCapYen: 400n })];
    expect(compute('CONSENT', [bill()], { consents })[0]).toMatchObject({
      eligible: 400n,
      reasons: { no_consent: 660n, tax: 40n },
    });
  });

  it('may be all that a line is', () => {
    expect(compute('CONSENT', [bill({ grossYen: 100n })])[0]).toMatchObject({ eligible: 0n, reasons: { tax: 100n } });
  });
});

describe('the costs of a category', () => {
  it('are summed in the order of first appearance, with issuing fees and stated heads apart', () => {
    const lines = [
      cards(3),
      cost(2_000, { category: 'CALL_CENTER', isCounted: true }),
      cards(3, { grossYen: 90n, isFee: true }),
      cost(700),
      cost(40, { category: 'BI' }),
    ];
    expect(compute('NONE', lines)).toMatchObject([
      {
        category: 'CONDOLENCE',
        incurred: 2_290n,
        eligible: 2_290n,
        eligibleFee: 90n,
        stated: [
          { yen: 1_500n, heads: 3n },
          { yen: 700n, heads: 1n },
        ],
      },
      { category: 'CALL_CENTER', incurred: 2_000n, eligible: 2_000n, eligibleFee: 0n, stated: [] },
      { category: 'BI', terms: null, incurred: 40n, eligible: 0n, reasons: { not_covered: 40n } },
    ]);
  });
});

describe('a credit note', () => {
  const bills = [
    cost(1_000, { vendor: 'A', taxYen: 90n }),
    cost(1_000, { vendor: 'B' }),
    cost(2_200, { vendor: 'A', taxYen: 200n }),
    cost(1_000, { vendor: 'B' }),
    cost(1_000, { vendor: 'A', category: 'CALL_CENTER' }),
  ];
  it.each<[string, number, string, number[]]>([
    ['takes from the last bill of its vendor', -1_100, 'A', [1_000, 1_000, 1_100, 1_000, 1_000]],
    ['goes on to the vendor’s earlier bill', -2_700, 'A', [500, 1_000, 0, 1_000, 1_000]],
    ['of another vendor takes from that one', -1_500, 'B', [1_000, 500, 2_200, 0, 1_000]],
    ['goes on to other vendors of its category', -3_700, 'A', [0, 1_000, 0, 500, 1_000]],
    ['of nobody’s takes from the last bill', -1_200, 'C', [1_000, 1_000, 2_000, 0, 1_000]],
    ['beyond everything billed is left out', -9_999, 'A', [0, 0, 0, 0, 1_000]],
  ])('%s', (_, grossYen, vendor, left) => {
    const settled = settleCredits([...bills, cost(grossYen, { vendor })]);
    expect(settled.map((line) => Number(line.grossYen))).toEqual(left);
    expect(bills.map((line) => Number(line.grossYen))).toEqual([1_000, 1_000, 2_200, 1_000, 1_000]);
  });

  it('takes its part of the tax with it, and a bill of nothing stays', () => {
    const [half, nothing] = settleCredits([bills[2] as CostLine, cost(0), cost(-1_100, { vendor: 'A' })]);
    expect(half).toMatchObject({ grossYen: 1_100n, taxYen: 100n });
    expect(nothing).toMatchObject({ grossYen: 0n });
  });
});
