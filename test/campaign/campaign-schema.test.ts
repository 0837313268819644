import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { campaignJsonSchema } from '../../src/campaign/campaign-schema.ts';
import { packageRoot } from '../../src/platform/package-root.ts';

it('ships the JSON Schema that belongs to the campaign file of this version (OWABI_UPDATE=1 writes it)', () => {
  const path = join(packageRoot, 'templates/campaign/campaign.schema.json');
  if (process.env.OWABI_UPDATE === '1') writeFileSync(path, campaignJsonSchema());
  expect(readFileSync(path, 'utf8')).toBe(campaignJsonSchema());
});
