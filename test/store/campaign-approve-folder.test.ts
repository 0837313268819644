import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureActor } from '../../src/campaign/actors/ensure-actor.ts';
import { approvePlan } from '../../src/campaign/approvals/approve-plan.ts';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { getCampaign } from '../../src/campaign/find-campaign.ts';
import { scaffoldCampaign } from '../../src/campaign/folder/scaffold-campaign.ts';
import { getPlanSnapshot } from '../../src/campaign/plan/create-plan.ts';
import { describeDrift } from '../../src/campaign/plan/describe-drift.ts';
import { approveCampaign } from '../../src/desk/plan/approve-campaign.ts';
import { proposePlan } from '../../src/desk/plan/propose-plan.ts';
import { chargeJournal } from '../../src/desk/upkeep/charge-journal.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { freezeList } from '../../src/intake/list/freeze-list.ts';
import { listRateVersionRows } from '../../src/ledger/store.ts';
import { useApp } from '../support/app.ts';
import { folderContent } from '../support/folder-content.ts';

const app = useApp({ clock: () => new Date('2026-11-20T03:00:00Z') });

describe('approving what is in the folder', () => {
  let dir = '';
  let campaign: Campaign;
  const edit = async (from: string, to: string) => {
    const path = join(dir, 'campaign.yaml');
    const text = await readFile(path, 'utf8');
    expect(text).toContain(from);
    await writeFile(path, text.replace(from, to));
  };
  const approve = (by: string, expectSha256?: string) =>
    approveCampaign(app, { campaign, by, language: 'en', ...(expectSha256 ? { expectSha256 } : {}) });

  beforeAll(async () => {
    dir = join(await mkdtemp(join(tmpdir(), 'owabi-approve-')), 'case');
    await scaffoldCampaign({ dir, today: '2026-11-20', id: 'folder-approval', isTrial: true });
    campaign = await ensureCampaign(app, await folderContent(dir));
  });
  afterAll(async () => {
    await rm(join(dir, '..'), { recursive: true, force: true });
  });

  it('is refused while the list is not frozen', async () => {
    await expect(approve('青葉')).rejects.toMatchObject({ code: 'LIST_NOT_FROZEN' });
  });

  it('goes to one hash for both people, and never to whoever loaded the list', async () => {
    const list = join(dir, 'list.csv');
    await writeFile(
      list,
      '氏名,郵便番号,住所,メールアドレス\n山田 太郎,100-0001,東京都千代田区千代田1-1,taro@example.jp\n',
    );
    const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: '取込 係' });
    await importRoster(app, { campaign, file: list, actorId });
    await freezeList(app, { campaign, actorId });
    expect(await approve('取込係')).toMatchObject({ kind: 'refused', reason: 'LOADED_THE_LIST' });
    const first = await approve('青葉');
    expect(first).toMatchObject({ kind: 'recorded', missing: 1, isLoaderKnown: true });
    const shown = first.kind === 'recorded' ? first.sha256 : '';
    expect(await approve('若葉', shown)).toMatchObject({ kind: 'recorded', missing: 0, sha256: shown });
    expect((await getCampaign(app.pool, campaign.id)).state).toBe('approved');
  });

  it('of an edited folder is a new plan; until two people approve it the old one stays, and the edit shows as drift', async () => {
    const { planId } = await getCampaign(app.pool, campaign.id);
    const frozen = await getPlanSnapshot(app, planId ?? '');
    await edit('pieces: 1000', 'pieces: 500');
    expect(describeDrift(await folderContent(dir), frozen)).toEqual([
      { what: 'campaign.yaml', path: 'lots.pieces', change: 'changed' },
    ]);
    expect(await approve('若葉')).toMatchObject({ kind: 'recorded', missing: 1 });
    expect((await getCampaign(app.pool, campaign.id)).planId).toBe(planId);
    expect((await getPlanSnapshot(app, planId ?? '')).campaignFile.lots.pieces).toBe(1_000);
  });

  it('is refused for a folder with a fault, and freezes nothing', async () => {
    const before = await getCampaign(app.pool, campaign.id);
    await edit('latest: 2026-11-24 18:00', 'latest: 2026-11-19 18:00');
    const result = await approve('若葉');
    expect(result).toMatchObject({ kind: 'faulty', problems: [{ file: 'campaign.yaml', path: 'waves.0.latest' }] });
    expect((await getCampaign(app.pool, campaign.id)).proposedPlanId).toBe(before.proposedPlanId);
  });

  it('takes the prices from the plan: neither a crash after the last approval nor a folder that is gone leaves them out', async () => {
    const away = join(dir, '..', 'away');
    await scaffoldCampaign({ dir: away, today: '2026-11-20', id: 'prices', isTrial: true });
    const folder = await folderContent(away);
    const made = await ensureCampaign(app, folder);
    const list = join(away, 'list.csv');
    await writeFile(list, '氏名,メールアドレス\n見本 太郎,taro@mihon.example\n');
    await importRoster(app, { campaign: made, file: list, items: ['name'] });
    await freezeList(app, { campaign: made });
    await proposePlan(app, made, folder);
    for (const by of ['青葉', '若葉']) await approvePlan(app, { campaign: made, by });
    await rm(away, { recursive: true });
    expect(await listRateVersionRows(app.pool, made.id)).toEqual([]);
    await chargeJournal(app, { campaignId: made.id });
    await chargeJournal(app, { campaignId: made.id });
    expect(await listRateVersionRows(app.pool, made.id)).toMatchObject([{ number: 1 }]);
  });
});
