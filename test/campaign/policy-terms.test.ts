// A policy as somebody types it from the certificate: what no single field shows to be wrong is refused with its place.
import { describe, expect, it } from 'vitest';
import {
  findPolicyCategory,
  perMille,
  policyFileSchema,
  policySteps,
  readPolicyVersion,
} from '../../src/campaign/policy/policy-terms.ts';

const category = { category: 'CALL_CENTER', label: '電話', priorApproval: 'NONE' };
const policy = {
  insurer: 'A',
  policyNumber: '1',
  period: { from: '2026-04-01', to: '2027-03-31' },
  categories: [category],
  steps: ['costLimit'],
};

/** `place: message what` of every fault. */
function faultsOf(changes: Record<string, unknown>): string[] {
  const { error } = policyFileSchema.safeParse({ ...policy, ...changes });
  return (error?.issues ?? []).map((issue) => {
    const params = 'params' in issue ? Object.values(issue.params ?? {}) : [];
    return [`${issue.path.join('.')}:`, issue.code === 'custom' ? issue.message : issue.code, ...params].join(' ');
  });
}

describe('a policy', () => {
  it('of the fewest terms is taken, and what it leaves open is what policies usually mean', () => {
    expect(
      policyFileSchema.parse({
        ...policy,
        categories: [{ ...category, cap: { yen: 0, per: 'PERSON' } }],
        steps: ['categoryCap'],
      }),
    ).toMatchObject({
      // 通達5-2-4: the insured takes input-tax credit.
      categories: [{ taxBasis: 'NET', cap: { yen: 0, per: 'PERSON', feeCountsInCap: true } }],
      groups: [],
    });
    const shared = policyFileSchema.parse({
      ...policy,
      sharedLimit: { limitYen: 1 },
      occurrence: { id: 'a' },
      otherInsurance: { contracts: [{ insurer: 'B', paysYen: 0 }] },
      incidentResponsePeriodDays: 1,
      noticeWithinDays: 1,
      steps: ['sharedLimit', 'otherInsurance'],
    });
    expect(shared).toMatchObject({
      sharedLimit: { usedYen: 0 },
      occurrence: { deductibleUsedYen: 0, costLimitUsedYen: 0 },
      otherInsurance: { rule: 'RESIDUAL' },
    });
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['without an insurer', { insurer: '' }, ['insurer: too_small']],
    ['without a number', { policyNumber: '' }, ['policyNumber: too_small']],
    ['without a category', { categories: [] }, ['categories: too_small']],
    [
      'without a label as the claim form writes it',
      { categories: [{ ...category, label: '' }] },
      ['categories.0.label: too_small'],
    ],
    ['without a step', { steps: [] }, ['steps: too_small']],
    ['with a limit below zero', { costLimitYen: -1 }, ['costLimitYen: too_small']],
    [
      'that ends before it begins',
      { period: { from: '2026-04-01', to: '2026-03-31' } },
      ['period.to: policy.fault.period'],
    ],
    ['of one day', { period: { from: '2026-04-01', to: '2026-04-01' } }, []],
    [
      'with a category twice, which would be paid by the first alone',
      { categories: [category, { ...category, label: 'other' }] },
      ['categories.1.category: policy.fault.twice CALL_CENTER'],
    ],
    [
      'with a group that is not there',
      {
        categories: [{ ...category, group: 'b' }],
        groups: [{ id: 'a', label: 'A', sublimitYen: 1 }],
        steps: ['groupSublimit'],
      },
      ['categories.0.group: policy.fault.group b'],
    ],
    [
      'with one of its groups',
      {
        categories: [{ ...category, group: 'b' }],
        groups: [
          { id: 'a', label: 'A', sublimitYen: 1 },
          { id: 'b', label: 'B', sublimitYen: 1 },
        ],
        steps: ['groupSublimit'],
      },
      [],
    ],
    [
      'with a group without an id',
      { groups: [{ id: '', label: 'A', sublimitYen: 1 }], steps: ['groupSublimit'] },
      ['groups.0.id: too_small'],
    ],
    ['with a step twice', { steps: ['costLimit', 'lessPaid', 'costLimit'] }, ['steps: policy.fault.twice costLimit']],
    [
      'without the other insurer’s name',
      { otherInsurance: { contracts: [{ insurer: '', paysYen: 1 }] }, steps: ['otherInsurance'] },
      ['otherInsurance.contracts.0.insurer: too_small'],
    ],
    [
      'with no other contract',
      { otherInsurance: { contracts: [] }, steps: ['otherInsurance'] },
      ['otherInsurance.contracts: too_small'],
    ],
  ])('%s', (_, changes, faults) => {
    expect(faultsOf(changes)).toEqual(faults);
  });

  const other = { category: 'FORENSICS', label: '調査', priorApproval: 'NONE' };
  it.each<[string, Record<string, unknown>]>([
    ['categoryCap', { categories: [other, { ...category, cap: { yen: 1000, per: 'PERSON' } }] }],
    ['categoryDeductible', { categories: [other, { ...category, deductibleYen: 0 }] }],
    ['categoryRatio', { categories: [other, { ...category, ratio: '90%' }] }],
    ['categorySublimit', { categories: [other, { ...category, sublimitYen: 0 }] }],
    ['groupSublimit', { groups: [{ id: 'a', label: 'A', sublimitYen: 0 }] }],
    ['policyDeductible', { deductibleYen: 0 }],
    ['policyRatio', { ratio: '90%' }],
    ['costLimit', { costLimitYen: 0 }],
    ['sharedLimit', { sharedLimit: { limitYen: 0 } }],
    ['otherInsurance', { otherInsurance: { contracts: [{ insurer: 'B', paysYen: 0 }] } }],
    ['lessPaid', { paidYen: 0 }],
  ])('with an amount for %s and no such step is refused, because the amount would be ignored', (step, changes) => {
    const others = policySteps.filter((each) => each !== step);
    expect(faultsOf({ ...changes, steps: others })).toEqual([`steps: policy.fault.step ${step}`]);
    expect(faultsOf({ ...changes, steps: [...others, step] })).toEqual([]);
  });
});

describe('the terms', () => {
  it.each([
    ['100%', 1000n],
    ['100.0%', 1000n],
    ['92.5%', 925n],
    ['90%', 900n],
    ['0.5%', 5n],
    ['0%', 0n],
  ])('pay %s as %s per mille', (share, exact) => {
    expect(faultsOf({ ratio: share, steps: ['policyRatio'] })).toEqual([]);
    expect(perMille(share)).toBe(exact);
  });

  it.each(['101%', '100.5%', '92.55%', '0.9', '-5%', ''])('have no share of %j', (share) => {
    expect(faultsOf({ ratio: share, steps: ['policyRatio'] })).toHaveLength(1);
  });

  it('name a category or pay nothing of it', () => {
    const terms = policyFileSchema.parse({
      ...policy,
      categories: [{ category: 'NOT_COVERED', label: 'x', priorApproval: 'NONE' }, category],
    });
    expect(findPolicyCategory(terms, 'CALL_CENTER')?.label).toBe('電話');
    expect(findPolicyCategory(terms, 'FORENSICS')).toBeNull();
    // What is not covered has no terms, whatever a policy calls by that name.
    expect(findPolicyCategory(terms, 'NOT_COVERED')).toBeNull();
  });

  it('are read as they were adopted, and not when a later version wrote them', () => {
    const terms = policyFileSchema.parse(policy);
    expect(readPolicyVersion({ ...terms, format: 1 })).toEqual(terms);
    expect(readPolicyVersion(terms)).toEqual(terms);
    expect(() => readPolicyVersion({ ...terms, format: 2 })).toThrow(expect.objectContaining({ code: 'FORMAT_NEWER' }));
  });
});
