import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { previewNotices } from '../../src/desk/preview-notices.ts';
import { newRef } from '../../src/kernel/ids.ts';
import { sampleCampaign, shippedSource } from '../notice/sample-notice.ts';
import { useApp } from '../support/app.ts';

const app = useApp();

const campaign: Campaign = {
  id: newRef(),
  slug: 'mihon-2026',
  state: 'draft',
  planId: null,
  proposedPlanId: null,
  listVersion: null,
  legalHold: false,
  createdAt: new Date(),
};

describe('previewing notices', () => {
  it('writes e-mail and letter of the hardest people before there is a list, owner-only and named after no one', async () => {
    const outDir = join(app.exportDir, 'preview');
    const texts = { file: sampleCampaign(), notices: [shippedSource('adult'), shippedSource('card')] };
    const result = await previewNotices(app, { campaign, texts, outDir });
    expect(result).toMatchObject({ people: 'samples', skipped: [] });
    const names = readdirSync(outDir);
    expect(names).toHaveLength(result.files.length);
    for (const ending of ['eml', 'html', 'txt', 'pdf'])
      expect(names.some((name) => name.endsWith(`longest-address.${ending}`))).toBe(true);
    expect(names.some((name) => name.includes('minor'))).toBe(true);
    for (const name of names) {
      expect(name).toMatch(/^\d\d-[a-z-]+\.(eml|html|txt|pdf)$/);
      expect(statSync(join(outDir, name)).mode & 0o077).toBe(0);
    }
    expect(statSync(outDir).mode & 0o077).toBe(0);
    const most = names.find((name) => name.endsWith('most-items.txt')) ?? '';
    expect(readFileSync(join(outDir, most), 'utf8')).toContain('クレジットカード番号');
  });

  it('says which text is missing instead of failing', async () => {
    const outDir = join(app.exportDir, 'preview-2');
    const texts = { file: sampleCampaign(), notices: [shippedSource('adult')] };
    const result = await previewNotices(app, { campaign, texts, outDir });
    expect(result.skipped.join()).toContain('there is no text card.ja.md');
  });
});
