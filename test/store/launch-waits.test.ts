// What approvers and the launcher read before the first letter goes: what its cards wait for, until when, and what is still a trial's.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ensureActor } from '../../src/campaign/actors/ensure-actor.ts';
import { recordConsent } from '../../src/campaign/consents/record-consent.ts';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { getCampaign } from '../../src/campaign/find-campaign.ts';
import { scaffoldCampaign } from '../../src/campaign/folder/scaffold-campaign.ts';
import { effectsText } from '../../src/cli/render/plan-effects.ts';
import { receiveGifts } from '../../src/delivery/gifts/record-stock.ts';
import type { PlanEffects } from '../../src/desk/plan/describe-plan.ts';
import { runOperation } from '../../src/desk/run-operation.ts';
import { freezeList } from '../../src/intake/list/freeze-list.ts';
import type { Language } from '../../src/platform/language.ts';
import { say } from '../../src/platform/words.ts';
import { useApp } from '../support/app.ts';
import { folderContent } from '../support/folder-content.ts';
import { loadRoster, rosterRow, withWaves } from '../support/launched-campaign.ts';

const at = new Date('2026-11-20T03:00:00Z');
const app = useApp({ clock: () => at });
const owner = { door: 'cli', role: 'owner' } as const;

const waves = withWaves([
  'id: email-1, channel: email, segments: [card, general]',
  'id: letter-card, channel: letter, segments: [card], gift: quo500',
  'id: letter-1, channel: letter, segments: [general], gift: quo500, fallbackOf: email-1',
  'id: gift-1, channel: gift, purpose: supplement, variant: supplement, segments: [card, general], gift: quo500',
]);
/** The lines of one wave. */
const said = (effects: PlanEffects | undefined, wave: string, language: Language) => {
  const alone = effects && { ...effects, waves: effects.waves.filter(({ id }) => id === wave) };
  return alone ? effectsText(alone, (key, params) => say(language, key, params)) : '';
};

it('approve names what is the trial company’s; approve and launch say that letters wait for consent and cards until their last call', async () => {
  const dir = join(await mkdtemp(join(tmpdir(), 'owabi-waits-')), 'case');
  await scaffoldCampaign({ dir, today: '2026-11-19', id: 'waits', isTrial: true });
  const path = join(dir, 'campaign.yaml');
  await writeFile(path, waves(await readFile(path, 'utf8'), '2026-11-20'));
  const campaign = await ensureCampaign(app, await folderContent(dir));
  await loadRoster(app, campaign, [rosterRow(1), rosterRow(2, { email: '' })]);
  await freezeList(app, { campaign });
  const approve = async (by: string) => await runOperation(app, owner, 'approve-plan', { campaign: 'waits', by });
  const first = await approve('総務 花子');
  expect(first.warnings?.map((one) => one.path)).toEqual(expect.arrayContaining(['client', 'callCentre.phone']));
  expect(said(first.effects, 'letter-1', 'en')).toContain("waits for the insurer's consent (until 2026-12-09 23:59)");

  await approve('法務 一郎');
  const launched = await runOperation(app, owner, 'launch-campaign', {
    campaign: 'waits',
    by: '総務 花子',
    withoutPublication: true,
  });
  expect(launched.state).toBe('running');
  const { effects } = launched;
  expect(said(effects, 'letter-1', 'en')).toContain("waits for the insurer's consent (until 2026-12-09 23:59)");
  expect(said(effects, 'letter-1', 'en')).toContain('waits for cards in stock (until 2026-12-09 23:59)');
  expect(said(effects, 'letter-1', 'ja')).toContain('保険会社の同意を待っています（2026-12-09 23:59 まで）');
  // A card that is sent alone never goes without the consent; a mail carries none.
  expect(said(effects, 'gift-1', 'ja')).toMatch(/保険会社の同意を待っています$/m);
  expect(effects?.waves.find(({ id }) => id === 'email-1')?.waits).toEqual([]);

  const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: '見本 花子' });
  const witnessId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: '見本 次郎' });
  const custody = { campaignId: campaign.id, gift: 'quo500', actorId, witnessId, at, document: 'DN-1' };
  await receiveGifts(app, { ...custody, quantity: 10 });
  const stocked = await runOperation(app, owner, 'describe-plan', { campaign: 'waits' });
  expect(stocked.waves.map(({ waits }) => waits.map(({ code }) => code))).toEqual([
    [],
    ['consent'],
    ['consent'],
    ['consent'],
  ]);
  await recordConsent(app, {
    campaign: await getCampaign(app.pool, campaign.id),
    category: 'CONDOLENCE',
    answer: 'granted',
    form: 'written',
    quantityCap: 10,
    unitPriceCapYen: 530,
  });
  const agreed = await runOperation(app, owner, 'describe-plan', { campaign: 'waits' });
  expect(agreed.waves.flatMap(({ waits }) => waits)).toEqual([]);
});
