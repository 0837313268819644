import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { getCampaign } from '../../src/campaign/find-campaign.ts';
import { previewNotices } from '../../src/desk/plan/preview-notices.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { freezeList } from '../../src/intake/list/freeze-list.ts';
import { newRef } from '../../src/kernel/ids.ts';
import { sampleCampaign, shippedSource } from '../notice/sample-notice.ts';
import { useApp } from '../support/app.ts';
import { aCampaignFile } from '../support/campaign-file.ts';

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
    const texts = {
      file: sampleCampaign(),
      notices: [shippedSource('adult'), shippedSource('card'), shippedSource('supplement')],
    };
    const result = await previewNotices(app, { campaign, texts, outDir });
    expect(result).toMatchObject({ people: 'samples', skipped: [] });
    const names = readdirSync(outDir);
    expect(names).toHaveLength(result.files.length);
    for (const part of [
      'email-1.eml',
      'email-1.html',
      'email-1.txt',
      'letter-1.pdf',
      'letter-1.gift.pdf',
      'gift-1.gift.pdf',
    ])
      expect(names.some((name) => name.endsWith(`longest-address.${part}`))).toBe(true);
    // A card cannot travel by e-mail, and a wave of cards has no letter without one.
    expect(names.filter((name) => name.includes('email-1.gift') || name.endsWith('gift-1.pdf'))).toEqual([]);
    expect(names.some((name) => name.includes('minor'))).toBe(true);
    for (const name of names) {
      expect(name).toMatch(/^\d\d-[a-z-]+\.[a-z0-9-]+(\.gift)?\.(eml|html|txt|pdf)$/);
      expect(statSync(join(outDir, name)).mode & 0o077).toBe(0);
    }
    expect(statSync(outDir).mode & 0o077).toBe(0);
    const most = names.find((name) => name.endsWith('most-items.email-1.txt')) ?? '';
    expect(readFileSync(join(outDir, most), 'utf8')).toContain('クレジットカード番号');
  });

  it('says which text is missing instead of failing', async () => {
    const outDir = join(app.exportDir, 'preview-2');
    const texts = { file: sampleCampaign(), notices: [shippedSource('adult')] };
    const result = await previewNotices(app, { campaign, texts, outDir });
    expect(JSON.stringify(result.skipped)).toContain('notice/card.ja.md');
  });

  it('puts on record whose data was opened and by whom, before the files are written', async () => {
    const made = await ensureCampaign(app, { dir: '/tmp/viewed', file: aCampaignFile({ id: 'viewed' }) });
    const list = join(app.exportDir, 'list.csv');
    mkdirSync(app.exportDir, { recursive: true });
    writeFileSync(list, '氏名,郵便番号,住所\n見本 太郎,100-0013,東京都千代田区霞が関1-3-2\n');
    await importRoster(app, { campaign: made, file: list, items: ['name'] });
    await freezeList(app, { campaign: made });
    const frozen = await getCampaign(app.pool, made.id);
    const texts = {
      file: sampleCampaign(),
      notices: [shippedSource('adult'), shippedSource('card'), shippedSource('supplement')],
    };
    const opened: (readonly string[])[] = [];
    const concerns = async (refs: readonly string[]) => {
      opened.push(refs);
    };
    const outDir = join(app.exportDir, 'preview-3');
    await previewNotices(app, { campaign: frozen, texts, outDir, concerns });
    expect(opened).toEqual([[expect.any(String)]]);
    const unwritable = join(list, 'folder');
    await expect(previewNotices(app, { campaign: frozen, texts, outDir: unwritable, concerns })).rejects.toThrow();
    expect(opened).toHaveLength(2);
  });
});
