// The claim's promises: every uncovered yen has exactly one reason, the known test vector to the yen, and each term of a policy.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PolicyFile, policyFileSchema, policySteps } from '../../src/campaign/policy/policy-terms.ts';
import type { CostCategory } from '../../src/kernel/cost-category.ts';
import { type Claim, type ClaimInput, computePolicyClaim, outstandingYen } from '../../src/ledger/claim.ts';
import type { ClaimConsent, CostLine } from '../../src/ledger/eligible-cost.ts';
import { readPolicy } from '../../src/ledger/read-terms.ts';

type PolicyInput = Record<string, unknown>;

function policy(terms: PolicyInput): PolicyFile {
  return policyFileSchema.parse({
    insurer: 'Test insurer',
    policyNumber: 'T-1',
    period: { from: '2026-04-01', to: '2027-03-31' },
    categories: [],
    steps: ['costLimit'],
    ...terms,
  });
}

const line = (category: CostCategory, grossYen: number, over: Partial<CostLine> = {}): CostLine => ({
  category,
  serviceDate: null,
  vendor: null,
  quantity: null,
  grossYen: BigInt(grossYen),
  taxYen: 0n,
  isFee: false,
  ...over,
});

const consent = (category: CostCategory, over: Partial<ClaimConsent> = {}): ClaimConsent => ({
  category,
  vendor: null,
  answer: 'granted',
  form: 'written',
  validTo: null,
  unitPriceCapYen: null,
  quantityCap: null,
  amountCapYen: null,
  ...over,
});

const heads = { PERSON: 5000n, ADDRESSEE: 5000n, RECORD: 5000n, CORPORATION: 0n };

function claim(terms: PolicyInput, lines: CostLine[], over: Partial<ClaimInput> = {}): Claim {
  return computePolicyClaim({ policy: policy(terms), lines, consents: 'assumed', heads, discoveredOn: null, ...over });
}

const totalReasons = (result: Claim): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const { reasons } of result.categories)
    for (const { code, yen } of reasons) sums[code] = (sums[code] ?? 0) + yen;
  return sums;
};

const perCorporation = { yen: 50_000, per: 'CORPORATION' };
const corporate = (grossYen: number, quantity: bigint | null) => line('CONDOLENCE_CORP', grossYen, { quantity });

const seed1 = [
  line('FORENSICS', 2_500_000),
  line('CONSULT_LEGAL', 500_000),
  line('CALL_CENTER', 6_000_000),
  line('CONDOLENCE', 3_150_000),
];
const seed1Categories = ['FORENSICS', 'CONSULT_LEGAL', 'CALL_CENTER', 'CONDOLENCE'].map((category) => ({
  category,
  label: category,
  priorApproval: 'NONE',
}));

// One claim for each pack: what the insurer's wording or page computes, worked out by hand.
describe('a pack that ships', () => {
  it.each<[pack: string, source: string, lines: CostLine[], payable: number, reasons: Record<string, number>]>([
    [
      'jcci',
      '(12,150,000 − 100,000) × 90 % = 10,845,000, limit 10,000,000: https://www.osaka.cci.or.jp/Jigyou/Kyousai_Hoken/kojinbaiseki/',
      seed1,
      10_000_000,
      { deductible: 100_000, ratio: 1_205_000, limit: 845_000 },
    ],
    [
      'sample',
      '5,100,000 of cards, 1,000 yen a person for 5,000: https://www.sixapart.jp/movabletype/solutions/cyber-protector.html',
      [line('CONDOLENCE', 5_100_000), line('BI', 70_000)],
      5_000_000,
      { cap: 100_000, not_covered: 70_000 },
    ],
  ])('%s pays: %s', async (pack, _source, lines, payable, reasons) => {
    const terms = await readPolicy(pack);
    const result = computePolicyClaim({ policy: terms, lines, consents: 'assumed', heads, discoveredOn: null });
    expect([result.total.payable, totalReasons(result)]).toEqual([payable, reasons]);
  });
});

describe('a claim', () => {
  it('gives the JCCI-style test vector to the yen', () => {
    const result = claim(
      {
        categories: seed1Categories,
        deductibleYen: 100_000,
        ratio: '90%',
        costLimitYen: 10_000_000,
        steps: ['policyDeductible', 'policyRatio', 'costLimit'],
      },
      seed1,
    );
    expect(result.total).toEqual({
      incurred: 12_150_000,
      eligible: 12_150_000,
      payable: 10_000_000,
      uncovered: 2_150_000,
    });
    expect(totalReasons(result)).toEqual({ deductible: 100_000, ratio: 1_205_000, limit: 845_000 });
  });

  it('pays in full under a policy without deductible and with a high limit', () => {
    const result = claim({ categories: seed1Categories, costLimitYen: 300_000_000 }, seed1);
    expect(result.total.payable).toBe(12_150_000);
    expect(result.categories.every((category) => category.reasons.length === 0)).toBe(true);
  });

  it('caps a 530-yen card at 500 yen a person and leaves 30 yen a person uncovered', () => {
    const terms = (feeCountsInCap: boolean) => ({
      categories: [
        {
          category: 'CONDOLENCE',
          label: '見舞',
          priorApproval: 'NONE',
          cap: { yen: 500, per: 'PERSON', feeCountsInCap },
        },
      ],
      steps: ['categoryCap'],
    });
    const lines = [line('CONDOLENCE', 2_500_000), line('CONDOLENCE', 150_000, { isFee: true })];
    expect(totalReasons(claim(terms(true), lines))).toEqual({ cap: 150_000 });
    expect(totalReasons(claim(terms(false), lines))).toEqual({});
  });

  // The sample policy's cap (MSIG Cyber Protector, public pages): 50,000 yen a corporation; the lines are what a bill says.
  it.each<[string, CostLine[], bigint, number]>([
    ['three corporations by one bill, 30,000 yen each', [corporate(90_000, 3n)], 0n, 90_000],
    ['three corporations by one bill, 60,000 yen each', [corporate(180_000, 3n)], 0n, 150_000],
    [
      'a dear gift is not paid out of the room of a cheap one',
      [corporate(80_000, 1n), corporate(10_000, 1n)],
      0n,
      60_000,
    ],
    ['a lump sum without a quantity was for one', [corporate(70_000, null)], 0n, 50_000],
    [
      'cards by post count by the facts, whatever the bill says',
      [{ ...corporate(120_000, 3n), isCounted: true }],
      2n,
      100_000,
    ],
    ['cards by post that no corporation got', [{ ...corporate(1_500, 3n), isCounted: true }], 0n, 0],
    ['cards by post and a visit', [{ ...corporate(1_500, 3n), isCounted: true }, corporate(60_000, 1n)], 3n, 51_500],
    [
      'a visit too dear, and cards by post with their fee',
      [
        corporate(120_000, 1n),
        { ...corporate(20_000, 2n), isCounted: true },
        { ...corporate(3_000, 2n), isCounted: true, isFee: true },
      ],
      2n,
      73_000,
    ],
    [
      'an issuing fee uses what the cap leaves',
      [corporate(99_000, 2n), { ...corporate(3_000, 2n), isFee: true }],
      0n,
      100_000,
    ],
  ])('caps gifts to corporations by corporation: %s', (_, lines, posted, payable) => {
    const terms = {
      categories: [
        {
          category: 'CONDOLENCE_CORP',
          label: '見舞',
          priorApproval: 'CONSENT',
          taxBasis: 'GROSS',
          cap: perCorporation,
        },
      ],
      steps: ['categoryCap'],
    };
    const result = claim(terms, lines, { heads: { ...heads, CORPORATION: posted } });
    expect(result.total.payable).toBe(payable);
    expect(totalReasons(result)).toEqual(result.total.uncovered === 0 ? {} : { cap: result.total.uncovered });
  });

  it('computes the B type: ratio and sublimit per category, then the overall limit', () => {
    const result = claim(
      {
        categories: [
          { category: 'FORENSICS', label: 'f', priorApproval: 'NONE', ratio: '90%', sublimitYen: 2_000_000 },
          { category: 'CALL_CENTER', label: 'c', priorApproval: 'NONE', ratio: '100%' },
        ],
        costLimitYen: 7_000_000,
        steps: ['categoryRatio', 'categorySublimit', 'costLimit'],
      },
      [line('FORENSICS', 2_500_000), line('CALL_CENTER', 6_000_000)],
    );
    expect(totalReasons(result)).toEqual({ ratio: 250_000, sublimit: 250_000, limit: 1_000_000 });
    expect(result.total.payable).toBe(7_000_000);
  });

  it('leaves the whole cost of an unknown category, and the tax under a net policy, uncovered', () => {
    const result = claim({ categories: [{ category: 'CALL_CENTER', label: 'c', priorApproval: 'NONE' }] }, [
      line('BI', 1_000),
      line('CALL_CENTER', 1_100, { taxYen: 100n }),
    ]);
    expect(totalReasons(result)).toEqual({ not_covered: 1_000, tax: 100 });
  });

  it('names outside the period before a missing consent', () => {
    const terms = {
      categories: [{ category: 'FORENSICS', label: 'f', priorApproval: 'CONSENT' }],
      incidentResponsePeriodDays: 30,
    };
    const lines = [
      line('FORENSICS', 100, { serviceDate: '2026-06-01' }),
      line('FORENSICS', 10, { serviceDate: '2026-07-01' }),
      line('FORENSICS', 1, { serviceDate: '2026-07-02' }),
    ];
    const result = claim(terms, lines, { consents: [], discoveredOn: '2026-06-01' });
    expect(totalReasons(result)).toEqual({ no_consent: 110, outside_period: 1 });
    expect(totalReasons(claim(terms, lines, { discoveredOn: '2026-03-31' }))).toEqual({ outside_period: 111 });
  });

  it('counts a consent only up to its unit price, quantity and amount, and an oral one not where writing is needed', () => {
    const terms = { categories: [{ category: 'CONDOLENCE', label: 'g', priorApproval: 'WRITTEN', taxBasis: 'GROSS' }] };
    const lines = [line('CONDOLENCE', 53_000, { quantity: 100n })];
    const uncovered = (over: Partial<ClaimConsent>) =>
      claim(terms, lines, { consents: [consent('CONDOLENCE', over)] }).total.uncovered;
    expect(uncovered({})).toBe(0);
    expect(uncovered({ form: 'oral' })).toBe(53_000);
    expect(uncovered({ answer: 'denied' })).toBe(53_000);
    expect(uncovered({ unitPriceCapYen: 500n })).toBe(3_000);
    expect(uncovered({ quantityCap: 60n })).toBe(21_200);
    expect(uncovered({ amountCapYen: 50_000n })).toBe(3_000);
  });

  it('pays for an UNKNOWN prior approval, because the policy names no condition', () => {
    const terms = { categories: [{ category: 'CALL_CENTER', label: 'c', priorApproval: 'UNKNOWN' }] };
    expect(claim(terms, [line('CALL_CENTER', 500)], { consents: [] }).total.payable).toBe(500);
  });

  it('takes a credit note off its category', () => {
    const terms = { categories: [{ category: 'CALL_CENTER', label: 'c', priorApproval: 'NONE' }] };
    const result = claim(terms, [
      line('CALL_CENTER', 1_100, { taxYen: 100n }),
      line('CALL_CENTER', -550, { taxYen: -50n }),
    ]);
    expect(result.total).toEqual({ incurred: 550, eligible: 500, payable: 500, uncovered: 50 });
  });

  it('shares deductible and limit with earlier occurrences, and a limit with liability', () => {
    const terms = {
      categories: seed1Categories,
      deductibleYen: 100_000,
      costLimitYen: 10_000_000,
      occurrence: { id: 'one', deductibleUsedYen: 100_000, costLimitUsedYen: 1_000_000 },
      sharedLimit: { limitYen: 50_000_000, usedYen: 42_000_000 },
      steps: ['policyDeductible', 'costLimit', 'sharedLimit'],
    };
    const result = claim(terms, seed1);
    expect(result.total.payable).toBe(8_000_000);
    expect(totalReasons(result)).toEqual({ limit: 4_150_000 });
  });

  it('lets a part payment lower what is outstanding, not what is payable', () => {
    const terms = policy({ categories: seed1Categories, paidYen: 2_000_000, steps: ['lessPaid'] });
    const result = computePolicyClaim({ policy: terms, lines: seed1, consents: 'assumed', heads, discoveredOn: null });
    expect(result.total.payable).toBe(12_150_000);
    expect(outstandingYen(terms, result)).toBe(10_150_000);
  });

  it('considers what another insurer pays, as the residual of the loss or as a deduction', () => {
    const terms = (rule: string) => ({
      categories: seed1Categories,
      ratio: '50%',
      otherInsurance: { rule, contracts: [{ insurer: 'B', paysYen: 7_000_000 }] },
      steps: ['policyRatio', 'otherInsurance'],
    });
    expect(claim(terms('RESIDUAL'), seed1).total.payable).toBe(5_150_000);
    expect(claim(terms('DEDUCT'), seed1).total.payable).toBe(0);
  });
});

// One step at a time, worked out by hand in whole yen; the caps are those of the published packs (見舞 500 yen a person).
describe('a step of the policy', () => {
  const forensics = (over: object = {}) => ({ category: 'FORENSICS', label: '調査', priorApproval: 'NONE', ...over });
  const calls = (over: object = {}) => ({ category: 'CALL_CENTER', label: '電話', priorApproval: 'NONE', ...over });
  const gifts = (over: object = {}) => ({ category: 'CONDOLENCE', label: '見舞', priorApproval: 'NONE', ...over });
  const cards = (face: number, fee: number) => [line('CONDOLENCE', face), line('CONDOLENCE', fee, { isFee: true })];
  const both = [line('FORENSICS', 100_000), line('CALL_CENTER', 60_000)];
  const capOf = (per: string, feeCountsInCap = true) => ({ yen: 500, per, feeCountsInCap });
  const other = (rule: string, ...paysYen: number[]) => ({
    rule,
    contracts: paysYen.map((yen, at) => ({ insurer: `Insurer ${at}`, paysYen: yen })),
  });
  it.each<[string, PolicyInput, CostLine[], number, Record<string, number>, Partial<ClaimInput>?]>([
    [
      'takes a category’s deductible off that category alone',
      { categories: [forensics({ deductibleYen: 30_000 }), calls()], steps: ['categoryDeductible'] },
      both,
      130_000,
      { deductible: 30_000 },
    ],
    [
      'takes no more than there is',
      { categories: [forensics({ deductibleYen: 300_000 }), calls()], steps: ['categoryDeductible'] },
      both,
      60_000,
      { deductible: 100_000 },
    ],
    [
      'pays a category’s ratio of it, and all of one that has none',
      { categories: [forensics({ ratio: '92.5%' }), calls()], steps: ['categoryRatio'] },
      both,
      152_500,
      { ratio: 7_500 },
    ],
    [
      'limits a category, and none that has no limit',
      { categories: [forensics({ sublimitYen: 40_000 }), calls()], steps: ['categorySublimit'] },
      both,
      100_000,
      { sublimit: 60_000 },
    ],
    [
      'limits a group together, and nobody outside it',
      {
        categories: [forensics({ group: 'g' }), calls({ group: 'g' }), gifts()],
        groups: [{ id: 'g', label: 'g', sublimitYen: 80_000 }],
        steps: ['groupSublimit'],
      },
      [...both, line('CONDOLENCE', 9_000)],
      89_000,
      { sublimit: 80_000 },
    ],
    [
      'leaves a group alone that stays below its limit',
      {
        categories: [forensics({ group: 'g' }), calls()],
        groups: [{ id: 'g', label: 'g', sublimitYen: 100_000 }],
        steps: ['groupSublimit'],
      },
      both,
      160_000,
      {},
    ],
    [
      'takes of the policy’s deductible what earlier campaigns left of it',
      {
        categories: [forensics(), calls()],
        deductibleYen: 50_000,
        occurrence: { id: 'o', deductibleUsedYen: 20_000 },
        steps: ['policyDeductible'],
      },
      both,
      130_000,
      { deductible: 30_000 },
    ],
    [
      'takes no deductible that is used up',
      {
        categories: [forensics(), calls()],
        deductibleYen: 50_000,
        occurrence: { id: 'o', deductibleUsedYen: 70_000 },
        steps: ['policyDeductible'],
      },
      both,
      160_000,
      {},
    ],
    [
      'takes a deductible in proportion to what the categories have, and never more',
      { categories: [forensics(), calls()], deductibleYen: 900_000, steps: ['policyDeductible'] },
      both,
      0,
      { deductible: 160_000 },
    ],
    [
      'applies no ratio that the policy does not name',
      { categories: [forensics(), calls()], steps: ['policyRatio'] },
      both,
      160_000,
      {},
    ],
    [
      'applies no limit that the policy does not name',
      { categories: [forensics(), calls()], steps: ['costLimit', 'sharedLimit', 'otherInsurance', 'policyDeductible'] },
      both,
      160_000,
      {},
    ],
    [
      'pays nothing when earlier campaigns used the limit up',
      {
        categories: [forensics(), calls()],
        costLimitYen: 50_000,
        occurrence: { id: 'o', costLimitUsedYen: 60_000 },
        steps: ['costLimit'],
      },
      both,
      0,
      { limit: 160_000 },
    ],
    [
      'limits by what liability has left',
      {
        categories: [forensics(), calls()],
        sharedLimit: { limitYen: 200_000, usedYen: 90_000 },
        steps: ['sharedLimit'],
      },
      both,
      110_000,
      { limit: 50_000 },
    ],
    [
      'takes off what several other insurers pay',
      {
        categories: [forensics(), calls()],
        otherInsurance: other('DEDUCT', 30_000, 20_000),
        steps: ['otherInsurance'],
      },
      both,
      110_000,
      { other_insurance: 50_000 },
    ],
    [
      'pays what others leave of the loss, and nothing when they pay it all',
      {
        categories: [forensics(), calls()],
        otherInsurance: other('RESIDUAL', 130_000, 70_000),
        steps: ['otherInsurance'],
      },
      both,
      0,
      { other_insurance: 160_000 },
    ],
    [
      'caps by the people, the issuing fee inside',
      { categories: [gifts({ cap: capOf('PERSON') })], steps: ['categoryCap'] },
      cards(2_500_000, 150_000),
      2_500_000,
      { cap: 150_000 },
    ],
    [
      'caps by the people, the issuing fee outside',
      { categories: [gifts({ cap: capOf('PERSON', false) })], steps: ['categoryCap'] },
      cards(3_000_000, 150_000),
      2_650_000,
      { cap: 500_000 },
    ],
    [
      'leaves cards below the cap alone, whatever the fee',
      { categories: [gifts({ cap: capOf('PERSON', false) })], steps: ['categoryCap'] },
      cards(2_000_000, 900_000),
      2_900_000,
      {},
    ],
    [
      'caps what a deductible has left of cards and fee',
      {
        categories: [gifts({ cap: capOf('PERSON', false), deductibleYen: 100_000 })],
        steps: ['categoryDeductible', 'categoryCap'],
      },
      cards(3_000_000, 150_000),
      2_650_000,
      { deductible: 100_000, cap: 400_000 },
    ],
    [
      'caps by the records when it says so',
      { categories: [gifts({ cap: capOf('RECORD') })], steps: ['categoryCap'] },
      [line('CONDOLENCE', 9_000)],
      3_500,
      { cap: 5_500 },
      { heads: { ...heads, RECORD: 7n } },
    ],
    [
      'caps by the people when the heads it names are not counted',
      { categories: [gifts({ cap: capOf('ADDRESSEE') })], steps: ['categoryCap'] },
      [line('CONDOLENCE', 9_000)],
      4_500,
      { cap: 4_500 },
      { heads: { ...heads, ADDRESSEE: null, PERSON: 9n } },
    ],
    [
      'pays no gift when nobody is counted',
      { categories: [gifts({ cap: capOf('PERSON') })], steps: ['categoryCap'] },
      [line('CONDOLENCE', 9_000)],
      0,
      { cap: 9_000 },
      { heads: { ...heads, PERSON: null } },
    ],
    [
      'caps corporations by what their bills state when none got a card by post',
      { categories: [{ ...gifts({ cap: perCorporation }), category: 'CONDOLENCE_CORP' }], steps: ['categoryCap'] },
      [corporate(120_000, 2n)],
      100_000,
      { cap: 20_000 },
      { heads: { ...heads, CORPORATION: null } },
    ],
  ])('%s', (_, terms, lines, payable, reasons, over) => {
    const result = claim(terms, lines, over);
    expect(result.total.payable).toBe(payable);
    expect(totalReasons(result)).toEqual(reasons);
  });

  it('follows the policy’s order: a ratio before the deductible gives another claim than after it', () => {
    const terms = (steps: string[]) => ({
      categories: [forensics(), calls()],
      deductibleYen: 60_000,
      ratio: '50%',
      steps,
    });
    expect(claim(terms(['policyRatio', 'policyDeductible']), both).total.payable).toBe(20_000);
    expect(claim(terms(['policyDeductible', 'policyRatio']), both).total.payable).toBe(50_000);
  });

  it('cuts to the yen once, at the end: the larger remainder gets it, and the earlier category when they are equal', () => {
    const halves = { categories: [forensics({ ratio: '50%' }), calls({ ratio: '50%' })], steps: ['categoryRatio'] };
    const payables = (a: number, b: number) =>
      claim(halves, [line('FORENSICS', a), line('CALL_CENTER', b)]).categories.map((item) => item.payable);
    expect(payables(101, 101)).toEqual([51, 50]);
    const uneven = { categories: [forensics({ ratio: '50.1%' }), calls({ ratio: '50.9%' })], steps: ['categoryRatio'] };
    // 50.1 and 50.9: 101 in all, and the second has the larger remainder.
    const result = claim(uneven, [line('FORENSICS', 100), line('CALL_CENTER', 100)]);
    expect(result.categories.map((item) => item.payable)).toEqual([50, 51]);
  });

  it('names categories in the neutral order, with the policy’s label, and none for what it does not name', () => {
    const result = claim({ categories: [calls(), forensics()] }, [
      line('BI', 5),
      line('CALL_CENTER', 6),
      line('FORENSICS', 7),
    ]);
    expect(
      result.categories.map(({ category, label, incurred, eligible, uncovered }) => [
        category,
        label,
        incurred,
        eligible,
        uncovered,
      ]),
    ).toEqual([
      ['FORENSICS', '調査', 7, 7, 0],
      ['CALL_CENTER', '電話', 6, 6, 0],
      ['BI', '', 5, 0, 5],
    ]);
  });

  it('leaves outstanding what was not paid yet, never less than nothing, and only when the policy has that step', () => {
    const terms = (over: object) => policy({ categories: [forensics(), calls()], ...over });
    const open = (over: object) => {
      const file = terms(over);
      return outstandingYen(
        file,
        computePolicyClaim({ policy: file, lines: both, consents: 'assumed', heads, discoveredOn: null }),
      );
    };
    expect(open({ steps: ['lessPaid'], paidYen: 40_000 })).toBe(120_000);
    expect(open({ steps: ['lessPaid'], paidYen: 900_000 })).toBe(0);
    expect(open({ steps: ['lessPaid'] })).toBe(160_000);
    expect(open({ steps: ['costLimit'] })).toBe(160_000);
  });
});

const categoryPool = ['FORENSICS', 'CALL_CENTER', 'CONDOLENCE', 'NOTIFY_PRINT_MAIL', 'RESTORE', 'BI'] as const;
const amount = fc.integer({ min: 0, max: 3_000_000 });
const share = fc.integer({ min: 0, max: 1000 }).map((perMille) => `${Math.floor(perMille / 10)}.${perMille % 10}%`);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const randomPolicy = fc
  .record({
    terms: fc.array(
      fc.record({
        priorApproval: fc.constantFrom('NONE', 'CONSENT', 'WRITTEN', 'UNKNOWN', 'NOTICE'),
        taxBasis: fc.constantFrom('NET', 'GROSS'),
        cap: maybe(
          fc.record({
            yen: fc.integer({ min: 0, max: 1000 }),
            per: fc.constant('PERSON'),
            feeCountsInCap: fc.boolean(),
          }),
        ),
        deductibleYen: maybe(amount),
        ratio: maybe(share),
        sublimitYen: maybe(amount),
        group: maybe(fc.constant('g')),
      }),
      { minLength: 5, maxLength: 5 },
    ),
    deductibleYen: maybe(amount),
    ratio: maybe(share),
    costLimitYen: maybe(amount),
    sharedLimit: maybe(fc.record({ limitYen: amount, usedYen: amount })),
    other: maybe(fc.record({ rule: fc.constantFrom('RESIDUAL', 'DEDUCT'), paysYen: amount })),
    groupSublimit: amount,
    steps: fc.shuffledSubarray([...policySteps], { minLength: policySteps.length }),
  })
  .map(({ terms, other, groupSublimit, ...rest }) =>
    policy({
      ...rest,
      categories: terms.map((item, index) => ({ category: categoryPool[index], label: `label ${index}`, ...item })),
      groups: [{ id: 'g', label: 'group', sublimitYen: groupSublimit }],
      ...(other ? { otherInsurance: { rule: other.rule, contracts: [{ insurer: 'B', paysYen: other.paysYen }] } } : {}),
    }),
  );

const randomLines = fc.array(
  fc
    .record({
      category: fc.constantFrom(...categoryPool),
      grossYen: fc.integer({ min: 0, max: 2_000_000 }),
      taxPercent: fc.constantFrom(0, 10),
      quantity: maybe(fc.integer({ min: 1, max: 3_000 })),
      isFee: fc.boolean(),
    })
    .map(({ category, grossYen, taxPercent, quantity, isFee }) =>
      line(category, grossYen, {
        taxYen: BigInt(Math.floor((grossYen * taxPercent) / 110)),
        quantity: quantity === undefined ? null : BigInt(quantity),
        isFee,
      }),
    ),
  { maxLength: 12 },
);

const randomConsents = fc.array(
  fc
    .record({
      category: fc.constantFrom(...categoryPool),
      form: fc.constantFrom('oral' as const, 'written' as const),
      unitPriceCapYen: maybe(fc.integer({ min: 0, max: 1000 })),
      quantityCap: maybe(fc.integer({ min: 0, max: 3000 })),
      amountCapYen: maybe(amount),
    })
    .map(({ category, form, unitPriceCapYen, quantityCap, amountCapYen }) =>
      consent(category, {
        form,
        unitPriceCapYen: unitPriceCapYen === undefined ? null : BigInt(unitPriceCapYen),
        quantityCap: quantityCap === undefined ? null : BigInt(quantityCap),
        amountCapYen: amountCapYen === undefined ? null : BigInt(amountCapYen),
      }),
    ),
  { maxLength: 4 },
);

describe('any claim under any policy', () => {
  it('gives every uncovered yen exactly one reason, per category and in total', () => {
    fc.assert(
      fc.property(randomPolicy, randomLines, randomConsents, (terms, lines, consents) => {
        const result = computePolicyClaim({
          policy: terms,
          lines,
          consents,
          heads: { ...heads, PERSON: 700n },
          discoveredOn: null,
        });
        for (const category of result.categories) {
          expect(category.uncovered).toBe(category.incurred - category.payable);
          expect(category.reasons.reduce((sum, reason) => sum + reason.yen, 0)).toBe(category.uncovered);
          expect(category.reasons.every((reason) => reason.yen > 0)).toBe(true);
          expect(category.payable).toBeGreaterThanOrEqual(0);
          expect(category.eligible).toBeGreaterThanOrEqual(category.payable);
        }
        expect(result.total.incurred).toBe(lines.reduce((sum, item) => sum + Number(item.grossYen), 0));
        expect(result.total.uncovered).toBe(result.total.incurred - result.total.payable);
        expect(Object.values(totalReasons(result)).reduce((a, b) => a + b, 0)).toBe(result.total.uncovered);
      }),
      { numRuns: 500 },
    );
  });

  it('pays the exact amount cut once to the yen under the A type, however the categories share it', () => {
    const costs = fc.array(fc.integer({ min: 0, max: 2_000_000 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(costs, amount, share, amount, (yens, deductibleYen, ratio, costLimitYen) => {
        const terms = {
          categories: categoryPool
            .slice(0, 5)
            .map((category) => ({ category, label: category, priorApproval: 'NONE' })),
          deductibleYen,
          ratio,
          costLimitYen,
          steps: ['policyDeductible', 'policyRatio', 'costLimit'],
        };
        const result = claim(
          terms,
          yens.map((yen, index) => line(categoryPool[index] ?? 'BI', yen)),
        );
        const [whole = '0', tenth = '0'] = ratio.replace('%', '').split('.');
        const perMille = BigInt(whole) * 10n + BigInt(tenth);
        const loss = BigInt(yens.reduce((a, b) => a + b, 0));
        const after = loss > BigInt(deductibleYen) ? loss - BigInt(deductibleYen) : 0n;
        const exact = (after * perMille) / 1000n;
        expect(result.total.payable).toBe(Number(exact < BigInt(costLimitYen) ? exact : BigInt(costLimitYen)));
        expect(totalReasons(result).deductible ?? 0).toBe(Number(loss - after));
      }),
      {
        numRuns: 300,
        // A category of a few yen, in which the deductible alone could take up the fraction.
        examples: [
          [[15, 1, 610_401, 1_915_418, 1_029_186], 1_009_750, '75.7%', 1_924_198],
          [[1_226_732, 1, 1_999_920, 526_092, 1_843_191], 904_328, '85.0%', 2_541_416],
        ],
      },
    );
  });
});
