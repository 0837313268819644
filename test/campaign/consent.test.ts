// What the policy wants before a cost, and whether the cost waits for a consent that can be held.
import { expect, it } from 'vitest';
import { type ConsentNeed, consentNeed, needsConsent } from '../../src/campaign/consents/consent.ts';
import type { PriorApproval } from '../../src/campaign/policy/policy-terms.ts';
import { aPolicyFile } from '../support/campaign-file.ts';

const { categories } = aPolicyFile();
const policy = (priorApproval: PriorApproval) =>
  aPolicyFile({ categories: categories.map((item) => ({ ...item, priorApproval })) });

// "The policy does not say" is not "nothing is needed": the insurer is asked, and the cost waits for the answer.
it.each<[PriorApproval, ConsentNeed, boolean]>([
  ['NONE', 'none', false],
  ['NOTICE', 'notice', false],
  ['CONSENT', 'consent', true],
  ['WRITTEN', 'written', true],
  ['UNKNOWN', 'unknown', true],
])('a category under %s needs %s; it waits: %s', (priorApproval, need, waits) => {
  expect(consentNeed(policy(priorApproval), 'CONDOLENCE')).toBe(need);
  expect(needsConsent(policy(priorApproval), 'CONDOLENCE')).toBe(waits);
});

it('a category that the policy does not name is not covered, and waits for nothing', () => {
  expect(consentNeed(policy('WRITTEN'), 'NOT_COVERED')).toBe('not_covered');
  expect(needsConsent(policy('WRITTEN'), 'NOT_COVERED')).toBe(false);
});
