/**
 * Holds every counter against a count of the rows that it stands for: what `reconcile` and the nightly recount show. A key that
 * agrees is not listed, only how many there are in all.
 */
import { getCampaign } from '../../campaign/find-campaign.ts';
import { listCountDifferences } from '../../delivery/tally-store.ts';
import { countUnsealed } from '../../journal/store.ts';
import { countChargedBlocks } from '../../ledger/store.ts';
import { listSumDifferences } from '../../ledger/sum-store.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { listCountedVersions } from './count-accounting.ts';
import { type CountSource, counters, recount } from './count-source.ts';
import type { Comparison } from './reconcile.ts';

const compare = (what: string, counted: number, found: number): Comparison => ({
  what: `counter.${what}`,
  left: { from: 'counters', count: counted },
  right: { from: 'rows', count: found },
});

/** Call it inside one read snapshot: only then is a difference one. */
export async function proveCounters(db: Db, campaignId: string): Promise<Comparison[]> {
  const counted = await takeCounts(db, campaignId, counters);
  const found = await takeCounts(db, campaignId, recount);
  const keys = [...new Set([...counted.keys(), ...found.keys()])];
  const differences = [...(await listCountDifferences(db, campaignId)), ...(await listSumDifferences(db, campaignId))];
  const unsealed = await countUnsealed(db, campaignId);
  const blocks = await countChargedBlocks(db, campaignId);
  return [
    ...keys.map((key) => compare(key, counted.get(key) ?? 0, found.get(key) ?? 0)),
    compare('facts.unsealed', unsealed.noted, unsealed.found),
    compare('blocks.charged', blocks.last, blocks.charged),
    ...differences.map(({ what, counted: left, found: right }) => compare(what, left, right)),
  ];
}

async function takeCounts(db: Db, campaignId: string, source: CountSource): Promise<Map<string, number>> {
  const roster = await source.roster(db, campaignId);
  const places = [...(await source.places(db, campaignId)).values()];
  const outcomes = await source.outcomes(db, campaignId);
  const versions = await listCountedVersions(db, await getCampaign(db, campaignId));
  return new Map([
    ...Object.entries(roster).map(([term, rows]) => [`roster.${term}`, rows] as const),
    ...[...(await source.notices(db, campaignId))].map(([wave, notices]) => [`notices ${wave}`, notices] as const),
    ['places', places.reduce((sum, wave) => sum + wave.total, 0)],
    ['people', outcomes.reduce((sum, { people }) => sum + people, 0)],
    ['listed', versions.length > 1 ? await source.listed(db, campaignId, versions) : 0],
  ]);
}
