/**
 * Counts the three equations of promise 1 from the rooms' own tables, each total from another table than its terms, so that
 * an imbalance shows. Call it inside one repeatable-read transaction.
 */
import type { Campaign } from '../../campaign/campaign.ts';
import { getCampaign } from '../../campaign/find-campaign.ts';
import { personTerms } from '../../delivery/outcome.ts';
import { findPlannedList, listPlannedVersions } from '../../delivery/plan-store.ts';
import { countOutcomes } from '../../delivery/standing-store.ts';
import { countWaves, listWaves } from '../../delivery/wave-store.ts';
import { countRoster } from '../../intake/count-roster.ts';
import { getListVersion } from '../../intake/list/list-members.ts';
import { countListedPeople } from '../../intake/list/listed-store.ts';
import { countWaveNotices } from '../../notice/store.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { findImbalances } from '../verify/accounting.ts';

export async function countAccounting(db: Db, campaignId: string) {
  const campaign = await getCampaign(db, campaignId);
  const roster = await countRoster(db, campaignId);
  const places = await countWaves(db, campaignId);
  const notices = await countWaveNotices(db, campaignId);
  const waves = (await listWaves(db, campaignId)).map((wave) => ({
    id: wave.waveId,
    channel: wave.channel,
    ...(places.get(wave.waveId) ?? { handedOver: 0, failed: 0, excluded: 0, uncertain: 0, pending: 0 }),
    total: notices.get(wave.waveId) ?? 0,
  }));
  const total = await countTotal(db, campaignId, campaign.listVersion, roster.people);
  const persons = { total, told: 0, underway: 0, substitute: 0, excluded: 0, undecided: 0 };
  for (const { term, people } of await countOutcomes(db, campaignId)) persons[term] += people;
  // Until the plan has placed them, people stand as undecided: none of them is outside the equation. Once it has, whoever is
  // missing is an imbalance.
  const placed = personTerms.reduce((sum, term) => sum + persons[term], 0);
  if (!(await isPlaced(db, campaign))) persons.undecided += Math.max(0, total - placed);
  const counted = { roster, waves, persons };
  return { ...counted, balanced: findImbalances(counted).length === 0 };
}

/** People on the newest list version or on one that a plan placed: a later version never makes those told before vanish. */
async function countTotal(db: Db, campaignId: string, newest: number | null, imported: number): Promise<number> {
  if (newest === null) return imported;
  const versions = new Set([...(await listPlannedVersions(db, campaignId)), newest]);
  if (versions.size === 1) return (await getListVersion(db, campaignId, newest)).people;
  return await countListedPeople(db, campaignId, [...versions]);
}

/** Whether the plan that runs has placed everybody of the newest list version. */
async function isPlaced(db: Db, { id, planId, listVersion }: Campaign): Promise<boolean> {
  const planned = planId === null ? null : await findPlannedList(db, id, planId);
  return planned?.plannedAt != null && planned.listVersion === listVersion;
}
