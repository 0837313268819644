/**
 * The three equations of promise 1, each total from another table than its terms, so that an imbalance shows: by the rooms'
 * counters at once, or by a recount of their rows. Call it inside one read snapshot.
 */
import type { Campaign } from '../../campaign/campaign.ts';
import { getCampaign } from '../../campaign/find-campaign.ts';
import { personTerms } from '../../delivery/outcome.ts';
import { findPlannedList, listPlannedVersions } from '../../delivery/plan-store.ts';
import { listWaves } from '../../delivery/wave-store.ts';
import { getListVersion } from '../../intake/list/list-members.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { findImbalances } from '../verify/accounting.ts';
import { type CountSource, counters } from './count-source.ts';

export async function countAccounting(db: Db, campaignId: string, source: CountSource = counters) {
  const campaign = await getCampaign(db, campaignId);
  const roster = await source.roster(db, campaignId);
  const places = await source.places(db, campaignId);
  const notices = await source.notices(db, campaignId);
  const waves = (await listWaves(db, campaignId)).map((wave) => ({
    id: wave.waveId,
    channel: wave.channel,
    ...(places.get(wave.waveId) ?? { handedOver: 0, failed: 0, excluded: 0, uncertain: 0, pending: 0 }),
    total: notices.get(wave.waveId) ?? 0,
  }));
  const total = await countTotal(db, campaign, roster.people, source);
  const persons = { total, told: 0, underway: 0, substitute: 0, excluded: 0, undecided: 0 };
  for (const { term, people } of await source.outcomes(db, campaignId)) persons[term] += people;
  // Until the plan has placed them, people stand as undecided: none of them is outside the equation. Once it has, whoever is
  // missing is an imbalance.
  const placed = personTerms.reduce((sum, term) => sum + persons[term], 0);
  if (!(await isPlaced(db, campaign))) persons.undecided += Math.max(0, total - placed);
  const counted = { roster, waves, persons };
  return { ...counted, balanced: findImbalances(counted).length === 0 };
}

/** People on the newest list version or on one that a plan placed: a later version never makes those told before vanish. */
async function countTotal(db: Db, campaign: Campaign, imported: number, source: CountSource): Promise<number> {
  const { id, listVersion } = campaign;
  if (listVersion === null) return imported;
  const versions = await listCountedVersions(db, campaign);
  if (versions.length === 1) return (await getListVersion(db, id, listVersion)).people;
  return await source.listed(db, id, versions);
}

/** The list versions whose people are in the person equation, oldest first. */
export async function listCountedVersions(db: Db, { id, listVersion }: Campaign): Promise<number[]> {
  const newest = listVersion === null ? [] : [listVersion];
  return [...new Set([...(await listPlannedVersions(db, id)), ...newest])].sort((a, b) => a - b);
}

/** Whether the plan that runs has placed everybody of the newest list version. */
async function isPlaced(db: Db, { id, planId, listVersion }: Campaign): Promise<boolean> {
  const planned = planId === null ? null : await findPlannedList(db, id, planId);
  return planned?.plannedAt != null && planned.listVersion === listVersion;
}
