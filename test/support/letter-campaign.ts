/** A running campaign with a letter wave and a gift wave, for store tests of letters and cards: people are references without records. */

import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import type { CampaignFile } from '../../src/campaign/folder/campaign-file.ts';
import { createPlan } from '../../src/campaign/plan/create-plan.ts';
import type { NoticePurpose } from '../../src/campaign/wave/purpose.ts';
import { insertPlaces } from '../../src/delivery/insert-places.ts';
import { insertPeople, upsertRules, upsertWave } from '../../src/delivery/plan-store.ts';
import { listWaves } from '../../src/delivery/wave-store.ts';
import { newRef } from '../../src/kernel/ids.ts';
import type { App } from '../../src/platform/app.ts';
import { sql, transaction } from '../../src/platform/postgres/db.ts';
import { aCampaignFile, aPlanSnapshot, aPolicyFile } from './campaign-file.ts';

export type LetterCampaign = { id: string; slug: string; planId: string; refs: string[] };

export type LetterCampaignOptions = {
  people: number;
  /** Loads real people and returns their refs; made up when left out. */
  enlist?: (campaign: { id: string; slug: string }) => Promise<string[]>;
  piecesPerLot?: number;
  /** The letter wave carries the card quo500. */
  hasGift?: boolean;
  file?: Partial<CampaignFile>;
  /** Every spend wants a consent when true (the default sample), none when false. */
  needsConsent?: boolean;
};

let counter = 0;

/** Registers and launches the campaign and gives everyone a place in the wave `letters`. */
export async function aLetterCampaign(app: App, options: LetterCampaignOptions): Promise<LetterCampaign> {
  counter += 1;
  const slug = options.file?.id ?? `letters-${counter}`;
  const file = aCampaignFile({ ...options.file, id: slug, lots: { pieces: options.piecesPerLot ?? 1_000 } });
  const campaign = await ensureCampaign(app, { dir: `/tmp/${slug}`, file });
  const sample = aPolicyFile();
  const policy = aPolicyFile({
    categories: sample.categories.map((category) =>
      category.category === 'CONDOLENCE'
        ? { ...category, priorApproval: options.needsConsent === false ? 'NONE' : 'CONSENT' }
        : category,
    ),
  });
  const { planId } = await createPlan(app, { campaign, snapshot: aPlanSnapshot({ campaignFile: file, policy }) });
  await app.pool.query(
    sql`update campaign.campaign set state = 'running', plan_id = ${planId}, list_version = 1 where id = ${campaign.id}`,
  );
  const refs = options.enlist ? await options.enlist(campaign) : Array.from({ length: options.people }, newRef);
  await transaction(app.pool, async (tx) => {
    await upsertRules(tx, campaign.id, { planId, ...file.fallback, hasSubstitute: false });
    const dates = {
      startAt: new Date('2026-11-20T00:00:00Z'),
      latestAt: new Date('2026-12-20T00:00:00Z'),
      releasedAt: new Date('2026-11-20T00:00:00Z'),
    };
    const wave = {
      campaignId: campaign.id,
      planId,
      purpose: 'initial' as NoticePurpose,
      segments: ['general'],
      fallbackOf: null,
      toldBy: null,
      ...dates,
    };
    await upsertWave(tx, {
      ...wave,
      waveId: 'letters',
      ordinal: 0,
      channel: 'letter',
      gift: options.hasGift ? 'quo500' : null,
    });
    await upsertWave(tx, {
      ...wave,
      waveId: 'gifts',
      ordinal: 1,
      channel: 'gift',
      purpose: 'supplement',
      gift: 'quo500',
    });
    const standing = { term: 'underway', outcome: 'letter_waiting', step: 'letter', dueOn: '2026-12-20' } as const;
    await insertPeople(
      tx,
      campaign.id,
      refs.map((ref, rank) => ({
        ref,
        rank,
        segment: 'general',
        variant: 'adult',
        unplaced: null,
        letterRequired: false,
        hasEmail: false,
        hasAddress: true,
        siteKey: null,
        listedVersion: 1,
        ...standing,
      })),
    );
    await placeIn(tx, { id: campaign.id, planId }, 'letters', refs);
  });
  return { id: campaign.id, slug, planId, refs };
}

/** Gives people a place in a wave, each with a notice. */
export async function placeIn(
  tx: Parameters<typeof insertPlaces>[0],
  campaign: { id: string; planId: string },
  waveId: string,
  refs: readonly string[],
): Promise<void> {
  const waves = await listWaves(tx, campaign.id);
  await insertPlaces(
    tx,
    { campaignId: campaign.id, planId: campaign.planId, waves },
    refs.map((ref, rank) => ({
      member: { ref, rank, siteKey: null },
      waveId,
      listVersion: 1,
      text: { variant: 'adult', language: 'ja' as const },
    })),
  );
}
