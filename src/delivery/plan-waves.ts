/**
 * Turns a launched plan into waves: every person of the frozen list version gets places in waves, or a reason why not. Works
 * in batches by rank and resumes after a kill where the last commit ended.
 */

import { getCampaign } from '../campaign/find-campaign.ts';
import type { CampaignFile } from '../campaign/folder/campaign-file.ts';
import { endInstant, startInstant } from '../campaign/folder/local-time.ts';
import { getPlanSnapshot } from '../campaign/plan/create-plan.ts';
import type { TellingChannel } from '../campaign/wave/channel.ts';
import { tellingWave, textForPlace, waveTells } from '../campaign/wave/wave.ts';
import { type ListMember, listMembers } from '../intake/list/list-members.ts';
import { recordFact } from '../journal/record-fact.ts';
import { toDay } from '../kernel/calendar.ts';
import { analyzeNotices } from '../notice/store.ts';
import type { App } from '../platform/app.ts';
import { type Tx, transaction } from '../platform/postgres/db.ts';
import { underLock } from '../platform/postgres/locks.ts';
import { advancePeople } from './advance-people.ts';
import { insertPlaces } from './insert-places.ts';
import { nextStep } from './next-step.ts';
import {
  advancePlannedList,
  analyzePlaces,
  excludeDroppedPlaces,
  findPlannedList,
  finishPlannedList,
  insertPeople,
  insertPlannedList,
  listPlaceless,
  type PersonStanding,
  updatePeople,
  upsertRules,
  upsertWave,
} from './plan-store.ts';
import { type Placement, placePerson } from './wave-plan.ts';
import { countWaves, excludePendingPlaces, listWaves, type WaveRecord } from './wave-store.ts';

const PEOPLE_PER_BATCH = 2_000;

type Batch = {
  campaignId: string;
  planId: string;
  listVersion: number;
  file: CampaignFile;
  waves: readonly WaveRecord[];
};

type PlanApp = Pick<App, 'pool' | 'files' | 'keys' | 'clock'>;

/** Idempotent; a second caller waits for the first and finds nothing left to do. Returns the number of people looked at now. */
export async function planWaves(app: PlanApp, { campaignId }: { campaignId: string }): Promise<number> {
  return await underLock(app.pool, { lock: 'plan', campaignId }, () => planUnderLock(app, campaignId));
}

async function planUnderLock(app: PlanApp, campaignId: string): Promise<number> {
  const { planId } = await getCampaign(app.pool, campaignId);
  if (planId === null) return 0;
  const { campaignFile: file, listVersion } = await getPlanSnapshot(app, planId);
  await transaction(app.pool, (tx) => beginPlan(tx, { campaignId, planId, listVersion, file, now: app.clock() }));
  const planned = await findPlannedList(app.pool, campaignId, planId);
  if (!planned || planned.plannedAt !== null) return 0;
  const waves = await listWaves(app.pool, campaignId);
  let placed = 0;
  let afterRank = planned.lastRank;
  for (;;) {
    const members = await listMembers(app.pool, campaignId, listVersion, { afterRank, limit: PEOPLE_PER_BATCH });
    const last = members.at(-1);
    if (!last) break;
    await transaction(app.pool, async (tx) => {
      await placeBatch(tx, { campaignId, planId, listVersion, file, waves }, members, app.clock());
      await advancePlannedList(tx, campaignId, planId, last.rank);
    });
    placed += members.length;
    afterRank = last.rank;
  }
  await analyzePlaces(app.pool);
  await analyzeNotices(app.pool);
  await transaction(app.pool, async (tx) => {
    const totals = Object.fromEntries(
      [...(await countWaves(tx, campaignId))].map(([id, counts]) => [id, counts.total]),
    );
    await recordFact(tx, {
      campaignId,
      kind: 'waves.planned',
      occurredAt: app.clock(),
      body: { planId, listVersion, totals },
    });
    await finishPlannedList(tx, campaignId, planId, app.clock());
  });
  return placed;
}

type Beginning = { campaignId: string; planId: string; listVersion: number; file: CampaignFile; now: Date };

/** Registers the plan's waves once. What an earlier plan had begun goes on; waves that the new plan dropped are emptied. */
async function beginPlan(tx: Tx, { campaignId, planId, listVersion, file, now }: Beginning): Promise<void> {
  if (!(await insertPlannedList(tx, campaignId, planId, listVersion))) return;
  await upsertRules(tx, campaignId, { planId, ...file.fallback, hasSubstitute: file.substitute !== undefined });
  for (const [ordinal, wave] of file.waves.entries()) {
    const startAt = startInstant(wave.start);
    await upsertWave(tx, {
      campaignId,
      waveId: wave.id,
      planId,
      ordinal,
      channel: wave.channel,
      purpose: wave.purpose,
      segments: wave.segments,
      gift: wave.gift ?? null,
      fallbackOf: wave.fallbackOf ?? null,
      toldBy: wave.toldBy ?? null,
      startAt,
      latestAt: endInstant(wave.latest),
      // Released with its start until the pacing of the contacts room holds waves back.
      releasedAt: startAt,
    });
  }
  await advancePeople(tx, campaignId, await excludeDroppedPlaces(tx, campaignId, planId), now);
}

async function placeBatch(tx: Tx, batch: Batch, members: readonly ListMember[], now: Date): Promise<void> {
  const { campaignId, planId, file, waves, listVersion } = batch;
  const placed = members.map((member) => ({ member, placement: placePerson(file, member) }));
  const standings = placed.map(({ member, placement }) => firstStanding(batch, member, placement, now));
  const added = await insertPeople(tx, campaignId, standings);
  const known = standings.filter(({ ref }) => !added.has(ref));
  const placeless = await reviewKnownPeople(tx, campaignId, known);
  // Whoever an earlier plan placed keeps those places: nobody is told twice because a list grew.
  const places = placed
    .filter(({ member }) => added.has(member.ref) || placeless.has(member.ref))
    .flatMap(({ member, placement: { segment, waveIds } }) =>
      segment === null
        ? []
        : waveIds.map((waveId) => ({ member, waveId, listVersion, text: textForPlace(file, waveId, segment) })),
    );
  await insertPlaces(tx, { campaignId, planId, waves }, places);
  await advancePeople(
    tx,
    campaignId,
    known.map(({ ref }) => ref),
    now,
  );
}

/** Where a person of the list stands before anything was sent. */
function firstStanding(batch: Batch, member: ListMember, placement: Placement, now: Date): PersonStanding {
  const { file, waves, listVersion } = batch;
  const letterWave = placement.segment === null ? null : tellingWave(waves, placement.segment, 'letter');
  const standing = nextStep(
    {
      places: placement.waveIds.flatMap((waveId) => {
        const wave = waves.find((found) => found.waveId === waveId);
        if (!wave || !isTellingPlace(wave)) return [];
        const latestOn = toDay(wave.latestAt);
        return [{ channel: wave.channel, state: 'pending' as const, reason: null, latestOn, changedAt: now }];
      }),
      decision: null,
      letterRequired: placement.letterRequired,
      hasAddress: member.hasAddress,
      letterLatestOn: letterWave ? toDay(letterWave.latestAt) : null,
      unplaced: placement.unplaced,
    },
    { ...file.fallback, hasSubstitute: file.substitute !== undefined },
    toDay(now),
  );
  return {
    ref: member.ref,
    rank: member.rank,
    segment: placement.segment,
    variant: placement.variant,
    unplaced: placement.unplaced,
    letterRequired: placement.letterRequired,
    hasEmail: member.hasEmail,
    hasAddress: member.hasAddress,
    siteKey: member.siteKey === null ? null : Buffer.from(member.siteKey, 'hex'),
    listedVersion: listVersion,
    ...standing,
  };
}

function isTellingPlace(wave: WaveRecord): wave is WaveRecord & { channel: TellingChannel } {
  return waveTells(wave);
}

/**
 * What the new list says about people who were placed before: nothing more goes out to someone who has died or whose address
 * is protected now. Returns those who have no place left and may get one.
 */
async function reviewKnownPeople(tx: Tx, campaignId: string, known: readonly PersonStanding[]): Promise<Set<string>> {
  if (known.length === 0) return new Set();
  await updatePeople(tx, campaignId, known);
  const withdrawn = known.filter(({ unplaced }) => unplaced === 'deceased' || unplaced === 'protected_address');
  await excludePendingPlaces(
    tx,
    campaignId,
    withdrawn.map(({ ref }) => ref),
    'person_excluded',
  );
  return await listPlaceless(
    tx,
    campaignId,
    known.map(({ ref }) => ref),
  );
}
