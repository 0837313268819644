// The shipped sample campaign as values, for tests that change one thing and leave the rest as it is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CampaignFile, campaignFileSchema } from '../../src/campaign/folder/campaign-file.ts';
import type { PlanSnapshot } from '../../src/campaign/plan/plan.ts';
import { type PolicyFile, policyFileSchema } from '../../src/campaign/policy/policy-terms.ts';
import { sha256Hex } from '../../src/kernel/canonical.ts';
import { parseYaml } from '../../src/platform/formats/yaml.ts';
import { packageRoot } from '../../src/platform/package-root.ts';

function readTemplate(path: string): string {
  return readFileSync(join(packageRoot, 'templates', path), 'utf8');
}

/** A fresh copy of templates/campaign/campaign.yaml. */
export function aCampaignFile(changes: Partial<CampaignFile> = {}): CampaignFile {
  const { value } = parseYaml('campaign.yaml', readTemplate('campaign/campaign.yaml'), campaignFileSchema);
  if (!value) throw new Error('the sample campaign.yaml is faulty');
  return { ...value, ...changes };
}

/** A fresh copy of templates/policy/sample.yaml. */
export function aPolicyFile(changes: Partial<PolicyFile> = {}): PolicyFile {
  const { value } = parseYaml('policy.yaml', readTemplate('policy/sample.yaml'), policyFileSchema);
  if (!value) throw new Error('the sample policy.yaml is faulty');
  return { ...value, ...changes };
}

/** A plan's snapshot over the sample, with one short text for each of its variants. */
export function aPlanSnapshot(changes: Partial<PlanSnapshot> = {}): PlanSnapshot {
  const notice = (variant: string) => {
    const text = readTemplate(`notice/${variant}/ja/notice.md`);
    return { variant, language: 'ja', text, sha256: sha256Hex(text) };
  };
  const ratesText = readTemplate('rates/japan-post-2024-10.yaml');
  return {
    campaignFile: aCampaignFile(),
    policy: aPolicyFile(),
    ratesText,
    ratesSha256: sha256Hex(ratesText),
    notices: [notice('adult'), notice('card')],
    listVersion: 1,
    listSha256: sha256Hex('list'),
    fontsSha256: sha256Hex('fonts'),
    rendererVersion: 'test',
    ...changes,
  };
}
