import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { getCampaign } from '../../src/campaign/find-campaign.ts';
import { planWaves } from '../../src/delivery/plan-waves.ts';
import { countWaves, listWaves } from '../../src/delivery/wave-store.ts';
import { closeCampaign } from '../../src/desk/lifecycle/close-campaign.ts';
import { campaignStatus } from '../../src/desk/overview/campaign-status.ts';
import { describeStoredPlan } from '../../src/desk/plan/describe-plan.ts';
import { freezeList } from '../../src/intake/list/freeze-list.ts';
import { useApp } from '../support/app.ts';
import { approveByTwo, launchedCampaign, loadRoster, rosterRow } from '../support/launched-campaign.ts';

const app = useApp();
const journey = {} as Awaited<ReturnType<typeof launchedCampaign>>;

const people = [
  ...Array.from({ length: 5 }, (_, index) => rosterRow(index)),
  rosterRow(5, { email: '' }),
  rosterRow(6, { address: '' }),
  rosterRow(7, { email: '', address: '' }),
  rosterRow(8, { items: '氏名;クレジットカード番号' }),
];

describe('planning the waves of a launched plan', () => {
  it('gives every person a place, or a reason why not, and the equations hold before and after', async () => {
    Object.assign(journey, await launchedCampaign(app, people));
    const { campaign } = journey;
    const before = await campaignStatus(app, campaign.id);
    expect(before.persons).toMatchObject({ total: 9, undecided: 9 });
    expect(before.balanced).toBe(true);
    await planWaves(app, { campaignId: campaign.id });
    const after = await campaignStatus(app, campaign.id);
    expect(after.persons).toMatchObject({ total: 9, underway: 8, undecided: 1 });
    expect(after.outcomes.find(({ term }) => term === 'undecided')?.outcome).toBe('no_channel');
    const waves = await countWaves(app.pool, campaign.id);
    expect(waves.get('email-1')?.total).toBe(7);
    expect(waves.get('letter-card')?.total).toBe(1);
    expect(waves.get('letter-1')?.total).toBe(1);
    expect(after.balanced).toBe(true);
  });

  it('was described before as what happened: people by wave and text, who has no place, cards and yen', async () => {
    const campaign = await getCampaign(app.pool, journey.campaign.id);
    const effects = await describeStoredPlan(app, { campaignId: campaign.id, planId: campaign.planId });
    const counts = await countWaves(app.pool, campaign.id);
    for (const wave of effects.waves)
      expect([wave.id, wave.people]).toEqual([wave.id, counts.get(wave.id)?.total ?? 0]);
    expect(effects).toMatchObject({
      people: 9,
      withoutPlace: [{ reason: 'no_channel', people: 1 }],
      // One card a person whom a letter or a gift wave can reach: 9, less the one without address and the one without both.
      cards: 7,
      cardsYen: 7 * 530,
    });
    expect(effects.waves.find(({ id }) => id === 'email-1')).toMatchObject({
      people: 7,
      atMostMore: 0,
      gift: null,
      texts: [
        { segment: 'card', variant: 'card', language: 'ja', people: 1 },
        { segment: 'general', variant: 'adult', language: 'ja', people: 6 },
      ],
    });
    expect(effects.waves.find(({ id }) => id === 'letter-1')).toMatchObject({ people: 1, atMostMore: 5 });
  });

  it('changes nothing when it runs again, or twice at once', async () => {
    const campaign = await getCampaign(app.pool, 'mihon-2026');
    const before = await campaignStatus(app, campaign.id);
    await Promise.all([planWaves(app, { campaignId: campaign.id }), planWaves(app, { campaignId: campaign.id })]);
    const after = await campaignStatus(app, campaign.id);
    expect(after.waves).toEqual(before.waves);
    expect(after.persons).toEqual(before.persons);
  });

  it('adds the people of a later list version under its approved plan, and places nobody twice', async () => {
    const campaign = await getCampaign(app.pool, 'mihon-2026');
    await loadRoster(app, campaign, [rosterRow(20), rosterRow(21)]);
    const imported = await campaignStatus(app, campaign.id);
    expect(imported.decisions).toContainEqual({ code: 'people_unlisted', count: 2, dueOn: null });
    const close = await closeCampaign(app, { campaign, by: null });
    expect(close.kind === 'refused' && close.reasons).toContain('PEOPLE_UNLISTED');
    await freezeList(app, { campaign });
    const frozen = await campaignStatus(app, campaign.id);
    expect(frozen.persons).toMatchObject({ total: 11, underway: 8, undecided: 3 });
    await approveByTwo(app, campaign);
    await planWaves(app, { campaignId: campaign.id });
    const after = await campaignStatus(app, campaign.id);
    expect(after.persons).toMatchObject({ total: 11, underway: 10, undecided: 1 });
    expect(after.balanced).toBe(true);
    const { planId } = await getCampaign(app.pool, campaign.id);
    expect((await listWaves(app.pool, campaign.id)).every((wave) => wave.planId === planId)).toBe(true);
    expect((await countWaves(app.pool, campaign.id)).get('email-1')?.total).toBe(9);
  });

  it('sends nothing more to whom a later version calls dead or protected, and a letter to whose card number turns up', async () => {
    const campaign = await getCampaign(app.pool, 'mihon-2026');
    await loadRoster(app, campaign, [
      rosterRow(0, { dead: '1' }),
      rosterRow(1, { guarded: '1' }),
      rosterRow(2, { items: 'クレジットカード番号' }),
    ]);
    await freezeList(app, { campaign });
    await approveByTwo(app, campaign);
    await planWaves(app, { campaignId: campaign.id });
    const after = await campaignStatus(app, campaign.id);
    expect(after.persons).toMatchObject({ total: 11, underway: 8, excluded: 1, undecided: 2 });
    expect(after.outcomes.find(({ outcome }) => outcome === 'deceased')?.people).toBe(1);
    expect(after.outcomes.find(({ outcome }) => outcome === 'protected_address')?.people).toBe(1);
    expect(after.waves.find(({ id }) => id === 'email-1')).toMatchObject({ total: 9, pending: 7, excluded: 2 });
    expect(after.balanced).toBe(true);
    const cards = await app.pool.query(
      'select count(*)::int as n from delivery.person where letter_required and campaign_id = $1',
      [campaign.id],
    );
    expect(cards.rows[0].n).toBe(2);
  });

  it('moves people to the new wave when a plan renames theirs', async () => {
    const campaign = await getCampaign(app.pool, 'mihon-2026');
    const { dir } = journey;
    const file = join(dir, 'campaign.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll('email-1', 'email-2'));
    await approveByTwo(app, campaign);
    await planWaves(app, { campaignId: campaign.id });
    const after = await campaignStatus(app, campaign.id);
    expect(after.persons).toMatchObject({ total: 11, underway: 8, excluded: 1, undecided: 2 });
    // Six: whoever still has a letter to come keeps just that.
    expect(after.waves.find(({ id }) => id === 'email-2')).toMatchObject({ total: 6, pending: 6 });
    expect(after.balanced).toBe(true);
  });
});
