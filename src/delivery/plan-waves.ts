/**
 * Turns a launched plan into waves: every person of the frozen list version gets places in waves, or a reason why not. Works
 * in batches by rank and resumes after a kill where the last commit ended.
 */

import { getCampaign } from '../campaign/find-campaign.ts';
import type { CampaignFile } from '../campaign/folder/campaign-file.ts';
import { endInstant, startInstant } from '../campaign/folder/local-time.ts';
import { getPlanSnapshot } from '../campaign/plan/create-plan.ts';
import { type ListMember, listMembers } from '../intake/list/list-members.ts';
import { recordFact } from '../journal/record-fact.ts';
import { toDay } from '../kernel/calendar.ts';
import { newRef } from '../kernel/ids.ts';
import { issueNotices } from '../notice/issue-notices.ts';
import { analyzeNotices } from '../notice/store.ts';
import type { App } from '../platform/app.ts';
import { sql, type Tx, transaction, withClient } from '../platform/postgres/db.ts';
import { advancePeople } from './advance-people.ts';
import { nextStep } from './next-step.ts';
import {
  advancePlannedList,
  analyzePlaces,
  excludeDroppedPlaces,
  findPlannedList,
  finishPlannedList,
  insertAssignments,
  insertPeople,
  insertPlannedList,
  listPlaceless,
  type NewAssignment,
  type PersonStanding,
  updatePeople,
  upsertRules,
  upsertWave,
} from './plan-store.ts';
import { findLetterWave, placePerson } from './wave-plan.ts';
import { countWaves, excludePendingPlaces, listWaves, type WaveRecord } from './wave-store.ts';

const PEOPLE_PER_BATCH = 2_000;
const PLAN_LOCK_CLASS = 0x9a7e;

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
  return await withClient(app.pool, async (client) => {
    await client.query(sql`select pg_advisory_lock(${PLAN_LOCK_CLASS}, hashtext(${campaignId}))`);
    try {
      return await planUnderLock(app, campaignId);
    } finally {
      await client.query(sql`select pg_advisory_unlock(${PLAN_LOCK_CLASS}, hashtext(${campaignId}))`);
    }
  });
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
  await upsertRules(tx, campaignId, { planId, ...file.fallback });
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
      ownVariant: wave.variant ?? null,
      gift: wave.gift ?? null,
      fallbackOf: wave.fallbackOf ?? null,
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
  const places: { member: ListMember; waveId: string; variant: string }[] = [];
  const standings = members.map((member) => {
    const placement = placePerson(file, member);
    if (placement.variant !== null) {
      for (const waveId of placement.waveIds) places.push({ member, waveId, variant: placement.variant });
    }
    const letterWave = placement.segment === null ? null : findLetterWave(waves, placement.segment);
    const standing = nextStep(
      {
        places: placement.waveIds.flatMap((waveId) => {
          const wave = waves.find((found) => found.waveId === waveId);
          if (!wave || wave.channel === 'gift') return [];
          return [
            {
              channel: wave.channel,
              state: 'pending' as const,
              reason: null,
              latestOn: toDay(wave.latestAt),
              changedAt: now,
            },
          ];
        }),
        decision: null,
        letterRequired: placement.letterRequired,
        hasAddress: member.hasAddress,
        letterLatestOn: letterWave ? toDay(letterWave.latestAt) : null,
        unplaced: placement.unplaced,
      },
      file.fallback,
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
      ...standing,
    };
  });
  const added = await insertPeople(tx, campaignId, standings);
  const known = standings.filter(({ ref }) => !added.has(ref));
  const placeless = await reviewKnownPeople(tx, campaignId, known);
  // Whoever an earlier plan placed keeps those places: nobody is told twice because a list grew.
  const ownPlaces = places.filter(({ member }) => added.has(member.ref) || placeless.has(member.ref));
  await insertPlaces(tx, { campaignId, planId, listVersion, language: file.language, waves }, ownPlaces);
  await advancePeople(
    tx,
    campaignId,
    known.map(({ ref }) => ref),
    now,
  );
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

/** Gives people places in waves, each with its notice and number. Shared by planning and by the fallback sweep. */
export async function insertPlaces(
  tx: Tx,
  {
    campaignId,
    planId,
    listVersion,
    language,
    waves,
  }: {
    campaignId: string;
    planId: string;
    listVersion: number;
    language: CampaignFile['language'];
    waves: readonly WaveRecord[];
  },
  places: readonly { member: { ref: string; rank: number; siteKey: string | null }; waveId: string; variant: string }[],
): Promise<number> {
  let inserted = 0;
  for (const wave of waves) {
    const own = places.filter((place) => place.waveId === wave.waveId);
    if (own.length === 0) continue;
    const notices = await issueNotices(tx, {
      campaign: { id: campaignId, listVersion },
      planId,
      waveId: wave.waveId,
      purpose: wave.purpose,
      people: own.map(({ member, variant }) => ({ ref: member.ref, variant: wave.ownVariant ?? variant, language })),
    });
    const noticeOf = new Map(notices.map((notice) => [notice.ref, notice.noticeId]));
    const assignments: NewAssignment[] = own.map(({ member }) => ({
      id: newRef(),
      waveId: wave.waveId,
      personRef: member.ref,
      noticeId: noticeOf.get(member.ref) ?? null,
      rank: member.rank,
      siteKey: wave.channel === 'email' && member.siteKey !== null ? Buffer.from(member.siteKey, 'hex') : null,
    }));
    inserted += await insertAssignments(tx, campaignId, assignments);
  }
  return inserted;
}
