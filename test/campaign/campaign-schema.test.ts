import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { campaignFileSchema } from '../../src/campaign/folder/campaign-file.ts';
import { packageRoot } from '../../src/platform/package-root.ts';

const path = join(packageRoot, 'templates/campaign/campaign.schema.json');

function generated(): string {
  const schema = z.toJSONSchema(campaignFileSchema, { io: 'input', unrepresentable: 'any' });
  return `${JSON.stringify({ title: 'Owabi campaign', ...schema }, null, 2)}\n`;
}

it('ships the JSON Schema that belongs to the campaign file of this version (OWABI_UPDATE=1 writes it)', () => {
  if (process.env.OWABI_UPDATE === '1') writeFileSync(path, generated());
  expect(readFileSync(path, 'utf8')).toBe(generated());
});
