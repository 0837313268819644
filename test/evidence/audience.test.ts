// Which reader gets which file (promise 5): what nobody was named for stays inside.
import { expect, test } from 'vitest';
import { isForAudience } from '../../src/evidence/verify/audience.ts';

test.each<[string, boolean, boolean]>([
  ['data/accounting.json', true, true],
  ['data/people/merkle.json', true, true],
  ['data/claim.json', true, false],
  ['data/ledger.csv', true, false],
  ['data/evidence_missing.csv', true, false],
  ['data/reconcile.json', false, false],
  ['data/something_new.csv', false, false],
])('%s goes to the insurer: %s, to the regulator: %s, and stays inside in any case', (path, insurer, regulator) => {
  expect(isForAudience(path, 'insurer')).toBe(insurer);
  expect(isForAudience(path, 'regulator')).toBe(regulator);
  expect(isForAudience(path, 'internal')).toBe(true);
});
