import { expect, it } from 'vitest';
import { describeDrift } from '../../src/campaign/plan/describe-drift.ts';
import { planSnapshotSchema } from '../../src/campaign/plan/plan.ts';
import { hashJson } from '../../src/kernel/canonical.ts';
import { aCampaignFile, aPlanSnapshot, aPolicyFile } from '../support/campaign-file.ts';

const folder = () => ({
  file: aCampaignFile(),
  policy: aPolicyFile(),
  notices: aPlanSnapshot().notices.map((one) => ({ ...one, path: '' })),
});

it('says nothing when the folder is what was approved', () => {
  expect(describeDrift(folder(), aPlanSnapshot(), { listVersion: 1, rendererVersion: 'test' })).toEqual([]);
});

it('names each part that differs, and never its content', () => {
  const now = folder();
  now.file.waves[0] = { ...aCampaignFile().waves[0], latest: '2026-12-24' } as (typeof now.file.waves)[number];
  now.file.gifts = [];
  now.policy.costLimitYen = 1;
  now.notices = now.notices.filter((one) => one.variant !== 'card');
  now.notices.push({ variant: 'family', language: 'ja', text: 'x', sha256: '', path: '' });
  const adult = now.notices.find((one) => one.variant === 'adult');
  if (adult) adult.text += '!';
  expect(describeDrift(now, aPlanSnapshot(), { listVersion: 2, fontsSha256: 'other' })).toEqual([
    { what: 'campaign.yaml', path: 'waves.0.latest', change: 'changed' },
    { what: 'campaign.yaml', path: 'gifts.0', change: 'removed' },
    { what: 'policy.yaml', path: 'costLimitYen', change: 'changed' },
    { what: 'notice/adult.ja.md', path: '', change: 'changed' },
    { what: 'notice/card.ja.md', path: '', change: 'removed' },
    { what: 'notice/family.ja.md', path: '', change: 'added' },
    { what: 'list', path: '', change: 'changed' },
    { what: 'fonts', path: '', change: 'changed' },
  ]);
});

it('keeps the hash of a snapshot through storage, and changes it with anything inside', () => {
  const snapshot = aPlanSnapshot();
  const stored = planSnapshotSchema.parse(JSON.parse(JSON.stringify(snapshot)));
  expect(hashJson(stored)).toBe(hashJson(snapshot));
  for (const changed of [
    aPlanSnapshot({ listVersion: 2 }),
    aPlanSnapshot({ rendererVersion: 'next' }),
    aPlanSnapshot({ campaignFile: aCampaignFile({ client: 'x' }) }),
    aPlanSnapshot({ policy: aPolicyFile({ paidYen: 1 }) }),
    aPlanSnapshot({ notices: [] }),
  ]) {
    expect(hashJson(changed)).not.toBe(hashJson(snapshot));
  }
});
