// A home of an older Owabi goes on: a campaign approved under an older plan format is sent, previewed, counted and claimed; an old backup restores.
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { findCampaign, getCampaign } from '../../src/campaign/find-campaign.ts';
import { createPlan, getPlan, getPlanSnapshot } from '../../src/campaign/plan/create-plan.ts';
import { campaignStatus } from '../../src/desk/overview/campaign-status.ts';
import { previewNotices } from '../../src/desk/plan/preview-notices.ts';
import { listFacts } from '../../src/journal/store.ts';
import { canonicalJson, sha256Hex } from '../../src/kernel/canonical.ts';
import { computeClaim } from '../../src/ledger/compute-claim.ts';
import { exportEntries } from '../../src/ledger/list-entries.ts';
import type { App } from '../../src/platform/app.ts';
import { openKeyStore } from '../../src/platform/crypto/keys.ts';
import { openFileStore } from '../../src/platform/files.ts';
import { createPool } from '../../src/platform/postgres/db.ts';
import { restoreBackup } from '../../src/platform/postgres/restore.ts';
import { openTestApp } from '../support/app.ts';
import { findBrokenEntry } from '../support/broken-entry.ts';
import { createTestDatabase } from '../support/database.ts';
import { launchedCampaign, rosterRow, withWaves } from '../support/launched-campaign.ts';
import { sendWaves } from '../support/send-waves.ts';
import { type RawSmtpServer, startRawSmtpServer } from '../support/smtp-raw-server.ts';

const golden = resolve(import.meta.dirname, '../fixtures/formats');

let server: RawSmtpServer;
let app: App;
let campaign: Campaign;

beforeAll(async () => {
  server = await startRawSmtpServer();
  app = await openTestApp({ env: { OWABI_SMTP_URL: server.url } });
  const waves = [
    'id: email-1, channel: email, segments: [card, general]',
    'id: letter-card, channel: letter, segments: [card]',
    'id: letter-1, channel: letter, segments: [general], fallbackOf: email-1',
  ];
  ({ campaign } = await launchedCampaign(app, [rosterRow(1), rosterRow(2)], withWaves(waves)));
  await storeAsFirstFormat(campaign.planId ?? '');
}, 60_000);

afterAll(async () => {
  await app.close();
  await server.close();
});

/** What the plan's file held before plans carried a number; the table is append-only, so this takes the trigger away for a moment. */
async function storeAsFirstFormat(planId: string): Promise<void> {
  const json = canonicalJson(await getPlanSnapshot(app, planId));
  const { id } = await app.files.put(app.keys.open(campaign.id).documents, [Buffer.from(json)]);
  await app.pool.query('alter table campaign.plan disable trigger append_only');
  await app.pool.query(
    `update campaign.plan set sha256 = '${sha256Hex(json)}', file_id = '${id}' where id = '${planId}'`,
  );
  await app.pool.query('alter table campaign.plan enable trigger append_only');
}

describe('a campaign that runs on a plan of the first format', () => {
  it('is sent, counted, previewed and claimed', async () => {
    await sendWaves(app, campaign.id);
    expect(server.messages).toHaveLength(2);
    expect(await campaignStatus(app, campaign.id)).toMatchObject({ balanced: true, persons: { total: 2, told: 2 } });
    const outDir = mkdtempSync(join(tmpdir(), 'owabi-preview-'));
    const { campaignFile, notices } = await getPlanSnapshot(app, campaign.planId ?? '');
    const texts = { file: campaignFile, notices: notices.map((one) => ({ ...one, file: `${one.variant}.md` })) };
    const preview = await previewNotices(app, { campaign, texts, outDir });
    expect(preview.files.length).toBeGreaterThan(0);
    expect((await computeClaim(app, { campaign: campaign.id })).total.incurred).toBe(0);
  });

  it('needs no new approvals when its folder says the same in the new format', async () => {
    const snapshot = await getPlanSnapshot(app, campaign.planId ?? '');
    const again = await createPlan(app, { campaign, snapshot });
    expect(again).toEqual({
      planId: campaign.planId,
      sha256: (await getPlan(app.pool, again.planId)).sha256,
      isNew: false,
    });
    expect((await createPlan(app, { campaign, snapshot: { ...snapshot, rendererVersion: 'next' } })).isNew).toBe(true);
  });
});

describe('a backup of the first format', () => {
  it('restores into this version: status, chain, claim and entries are what they were', async () => {
    const database = await createTestDatabase();
    const pool = createPool(database.url, { max: 3 });
    try {
      const folder = mkdtempSync(join(tmpdir(), 'owabi-older-'));
      cpSync(join(golden, 'backup/1.keys'), join(folder, 'keys'), { recursive: true });
      const filesDir = join(folder, 'files');
      await restoreBackup(pool, { file: join(golden, 'backup/1.zip'), filesDir });
      const older: App = { ...app, pool, keys: openKeyStore(join(folder, 'keys')), files: openFileStore(filesDir) };
      const found = await findCampaign(pool, 'mihon-2026');
      const id = (await getCampaign(pool, found?.id ?? '')).id;
      expect(await campaignStatus(older, id)).toMatchObject({ balanced: true, persons: { total: 46, told: 46 } });
      expect((await computeClaim(older, { campaign: id })).total).toMatchObject({
        incurred: 562_458,
        payable: 512_000,
      });
      expect(findBrokenEntry(id, await exportEntries(older, id))).toBeNull();
      expect(await listFacts(pool, id)).toHaveLength(55);
    } finally {
      await pool.end();
      await database.drop();
    }
  });
});
