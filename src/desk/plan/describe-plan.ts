/**
 * Says what a plan is about to do to whom: people by segment, channel and text, dates, cards and yen, and who would get nothing.
 * Counted with the very nouns that place people, so that what approvers and the launcher read is what happens (promise 3).
 */

import { z } from 'zod';
import type { CampaignFile, Gift, Wave } from '../../campaign/folder/campaign-file.ts';
import { endInstant, startInstant } from '../../campaign/folder/local-time.ts';
import { getPlanSnapshot } from '../../campaign/plan/create-plan.ts';
import type { PolicyFile } from '../../campaign/policy/policy-terms.ts';
import { channels } from '../../campaign/wave/channel.ts';
import { noticePurposes } from '../../campaign/wave/purpose.ts';
import { giftOf, takingOf, textOf, wavesOf } from '../../campaign/wave/wave.ts';
import { giftWaitUntil, waitsForGift } from '../../campaign/wave/wave-opening.ts';
import { listGiftGates } from '../../delivery/gifts/reserve-gifts.ts';
import { placePerson } from '../../delivery/wave-plan.ts';
import { type ListMember, listMembers } from '../../intake/list/list-members.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { count } from '../fields/operation-field.ts';

const effectText = z.strictObject({ segment: z.string(), variant: z.string(), language: z.string(), people: count });
type EffectText = z.output<typeof effectText>;

const waveEffect = z.strictObject({
  id: z.string(),
  channel: z.enum(channels),
  purpose: z.enum(noticePurposes),
  startAt: z.iso.datetime(),
  latestAt: z.iso.datetime(),
  /** People with a place in it from the beginning. */
  people: count,
  /** More people at most: whom another wave does not reach, or who are told first. Null where only named people come in. */
  atMostMore: count.nullable(),
  /** The text that people of each segment get. */
  texts: z.array(effectText),
  gift: z.strictObject({ id: z.string(), label: z.string(), unitYen: count }).nullable(),
  /** What its cards wait for as things stand, and when it goes without them; null for cards that are sent alone. */
  waits: z.array(z.strictObject({ code: z.enum(['stock', 'consent']), until: z.iso.datetime().nullable() })),
});
export type WaveEffect = z.output<typeof waveEffect>;

export const planEffects = z.strictObject({
  people: count,
  waves: z.array(waveEffect),
  /** People whom the plan gives no place, by the outcome word they stand at. */
  withoutPlace: z.array(z.strictObject({ reason: z.string(), people: count })),
  /** Cards at most, one a person, and what they cost. */
  cards: count,
  cardsYen: count,
});
export type PlanEffects = z.output<typeof planEffects>;

/** What a stored plan does. Throws PLAN_MISSING when there is none. */
export async function describeStoredPlan(
  app: Pick<App, 'pool' | 'keys' | 'files' | 'clock'>,
  { campaignId, planId }: { campaignId: string; planId: string | null },
): Promise<PlanEffects> {
  if (planId === null) throw new AppError('PLAN_MISSING.yet');
  const { campaignFile: file, policy, listVersion } = await getPlanSnapshot(app, planId);
  return await describePlan(app.pool, { campaignId, listVersion, file, policy, now: app.clock() });
}

const PEOPLE_PER_PAGE = 10_000;

type Tally = {
  people: number;
  first: Map<string, number>;
  later: Map<string, number>;
  texts: Map<string, EffectText>;
  unplaced: Map<string, number>;
  cards: Map<string, number>;
};

/** Reads the frozen list without opening anyone's data. */
export async function describePlan(
  db: Db,
  described: { campaignId: string; listVersion: number; file: CampaignFile; policy: PolicyFile; now: Date },
): Promise<PlanEffects> {
  const { campaignId, listVersion, file } = described;
  const tally: Tally = {
    people: 0,
    first: new Map(),
    later: new Map(),
    texts: new Map(),
    unplaced: new Map(),
    cards: new Map(),
  };
  for (let afterRank = -1; ; ) {
    const members = await listMembers(db, campaignId, listVersion, { afterRank, limit: PEOPLE_PER_PAGE });
    for (const member of members) countMember(tally, file, member);
    const last = members.at(-1);
    if (!last) break;
    afterRank = last.rank;
  }
  const waves: WaveEffect[] = [];
  for (const wave of file.waves)
    waves.push({ ...describeWave(file, wave, tally), waits: await listGiftWaits(db, described, wave) });
  const price = new Map(file.gifts.map((gift) => [gift.id, gift.priceYen]));
  return {
    people: tally.people,
    waves,
    withoutPlace: [...tally.unplaced].map(([reason, people]) => ({ reason, people })),
    cards: sum(tally.cards.values()),
    cardsYen: sum([...tally.cards].map(([gift, cards]) => cards * (price.get(gift) ?? 0))),
  };
}

function countMember(tally: Tally, file: CampaignFile, member: ListMember): void {
  tally.people += 1;
  const placement = placePerson(file, member);
  if (placement.unplaced !== null) {
    add(tally.unplaced, placement.unplaced);
    return;
  }
  const { segment, first, takeovers, followUps, named } = wavesOf(file, member);
  for (const wave of first) add(tally.first, wave.id);
  for (const wave of [...takeovers, ...followUps]) add(tally.later, wave.id);
  let gift: Gift | null = null;
  for (const wave of [...first, ...takeovers, ...followUps, ...named]) {
    gift ??= giftOf(file, wave);
    if (!segment) continue;
    const text = textOf(file, wave, segment);
    const key = JSON.stringify([wave.id, segment.id]);
    const known = tally.texts.get(key);
    tally.texts.set(key, { segment: segment.id, ...text, people: (known?.people ?? 0) + 1 });
  }
  if (gift) add(tally.cards, gift.id);
}

function describeWave(file: CampaignFile, wave: Wave, tally: Tally): Omit<WaveEffect, 'waits'> {
  const gift = giftOf(file, wave);
  return {
    id: wave.id,
    channel: wave.channel,
    purpose: wave.purpose,
    startAt: startInstant(wave.start).toISOString(),
    latestAt: endInstant(wave.latest).toISOString(),
    people: tally.first.get(wave.id) ?? 0,
    atMostMore: takingOf(wave).kind === 'named' ? null : (tally.later.get(wave.id) ?? 0),
    texts: wave.segments.flatMap((segment) => tally.texts.get(JSON.stringify([wave.id, segment])) ?? []),
    gift: gift && { id: gift.id, label: gift.label, unitYen: gift.priceYen },
  };
}

/** Nothing is planned yet when this is asked: consents and stock count as they are, dates as the plan has them. */
async function listGiftWaits(
  db: Db,
  { campaignId, file, policy, now }: { campaignId: string; file: CampaignFile; policy: PolicyFile; now: Date },
  wave: Wave,
): Promise<WaveEffect['waits']> {
  const gift = giftOf(file, wave);
  const times = { startAt: startInstant(wave.start), latestAt: endInstant(wave.latest), releasedAt: null };
  if (!gift || !waitsForGift({ ...times, channel: wave.channel }, now)) return [];
  const until = giftWaitUntil({ ...times, channel: wave.channel })?.toISOString() ?? null;
  return (await listGiftGates(db, { campaignId, gift, policy, at: now })).map((code) => ({ code, until }));
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
