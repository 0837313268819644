// The shipped estimate is the published worked example to the yen, and every shipped card and policy reads without a fault.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policyFileSchema } from '../../src/campaign/policy/policy-terms.ts';
import { estimateCampaign } from '../../src/ledger/estimate.ts';
import { rateCardSchema } from '../../src/ledger/rate-card.ts';
import { parseYaml } from '../../src/platform/formats/yaml.ts';
import { packageRoot } from '../../src/platform/package-root.ts';

const folder = (name: string) => join(packageRoot, 'templates', name);
const read = (file: string) => readFileSync(file, 'utf8');

function card(name: string) {
  const { value, problems } = parseYaml(name, read(join(folder('rates'), `${name}.yaml`)), rateCardSchema);
  expect(problems).toEqual([]);
  if (!value) throw new Error('unreadable');
  return value;
}
function policy(name: string) {
  const { value, problems } = parseYaml(name, read(join(folder('policy'), `${name}.yaml`)), policyFileSchema);
  expect(problems).toEqual([]);
  if (!value) throw new Error('unreadable');
  return value;
}

describe('an estimate', () => {
  it('gives the published example of 5,000 people to the yen', () => {
    expect(estimateCampaign(card('seed1-2022'), policy('sample'), 5000)).toEqual({
      lines: [
        {
          what: '調査',
          category: 'FORENSICS',
          label: '事故原因・被害範囲調査費用',
          yen: 2_500_000,
          priorApproval: 'CONSENT',
        },
        {
          what: 'コンサル',
          category: 'CONSULT_LEGAL',
          label: 'コンサルティング費用',
          yen: 500_000,
          priorApproval: 'CONSENT',
        },
        {
          what: 'コールセンター',
          category: 'CALL_CENTER',
          label: '事故対応費用',
          yen: 6_000_000,
          priorApproval: 'UNKNOWN',
        },
        {
          what: 'プリペイドカード',
          category: 'CONDOLENCE',
          label: '見舞金・見舞品購入費用',
          yen: 3_150_000,
          priorApproval: 'CONSENT',
        },
      ],
      incurred: 12_150_000,
      payableNow: 6_000_000,
      payableIfConsented: 12_150_000,
    });
  });

  it('lets the cost limit of the JCCI-style policy bind', () => {
    const estimate = estimateCampaign(card('seed1-2022'), policy('jcci'), 5000);
    expect(estimate.payableIfConsented).toBe(10_000_000);
  });

  it('takes the middle of a stated range', () => {
    const estimate = estimateCampaign(card('jnsa-2024'), policy('sample'), 10_000);
    expect(estimate.lines.map((line) => line.yen)).toEqual([
      3_500_000, 550_000, 650_000, 1_300_000, 8_500_000, 6_500_000,
    ]);
  });

  it('reads every shipped rate card and policy pack with its source, and each card finds a label for its categories in the sample policy', () => {
    const names = (kind: string) => readdirSync(folder(kind)).map((file) => file.replace('.yaml', ''));
    const sample = policy('sample');
    for (const name of names('policy')) {
      const { source, checkedOn } = policy(name);
      expect([source, checkedOn], `${name}: where it was read, and when`).not.toContain(undefined);
    }
    for (const name of names('rates')) {
      for (const { category } of card(name).estimate)
        expect(sample.categories.map((item) => item.category)).toContain(category);
    }
  });
});
