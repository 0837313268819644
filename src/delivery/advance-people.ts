/**
 * Recomputes where people stand after something happened to them, in the same transaction as the events: the person equation
 * holds at every commit (promise 1).
 */
import { tellingWave, waveTells } from '../campaign/wave/wave.ts';
import { type Day, toDay } from '../kernel/calendar.ts';
import type { Tx } from '../platform/postgres/db.ts';
import { excludeFollowUpsOfUntold } from './follow-up-store.ts';
import { type Decision, nextStep, type PersonHistory, type Standing } from './next-step.ts';
import { exclusionReasons } from './outcome.ts';
import { type HistoryRecord, lockPeople, updateStandings } from './standing-store.ts';
import { excludeLettersOfTold } from './stop-store.ts';
import { getRules, listWaves, type RulesRecord, type WaveRecord } from './wave-store.ts';

const isExclusion = (code: string | null): code is (typeof exclusionReasons)[number] =>
  (exclusionReasons as readonly (string | null)[]).includes(code);

function decisionOf(record: HistoryRecord): Decision | null {
  if (record.decision === 'substituted') return { kind: 'substituted' };
  if (record.decision === 'excluded' && isExclusion(record.decision_code))
    return { kind: 'excluded', reason: record.decision_code };
  return null;
}

function toHistory(record: HistoryRecord, waves: readonly WaveRecord[]): PersonHistory {
  const letterWave = record.segment === null ? null : tellingWave(waves, record.segment, 'letter');
  const places = (record.places ?? []).map((place) => ({ ...place, latestOn: toDay(place.latestAt) }));
  return {
    places,
    decision: decisionOf(record),
    letterRequired: record.letter_required && !record.released,
    hasAddress: record.has_address,
    letterLatestOn: letterWave ? toDay(letterWave.latestAt) : null,
    unplaced: record.unplaced,
  };
}

/** Pure part: the standings of the given histories today. */
export function standingsOf(
  records: readonly HistoryRecord[],
  waves: readonly WaveRecord[],
  rules: RulesRecord,
  today: Day,
): (Standing & { ref: string })[] {
  // A wave that the running plan dropped takes nobody over any more.
  const current = waves.filter((wave) => wave.planId === rules.planId);
  return records.map((record) => ({ ref: record.ref, ...nextStep(toHistory(record, current), rules, today) }));
}

/**
 * Call after inserting events and updating the places of `refs`, in the same transaction. Locks the people's rows in the
 * order of their refs, so that two workers never wait for each other in a ring. Returns the new standings.
 */
export async function advancePeople(
  tx: Tx,
  campaignId: string,
  refs: readonly string[],
  now: Date = new Date(),
): Promise<(Standing & { ref: string })[]> {
  if (refs.length === 0) return [];
  const [waves, rules] = [await listWaves(tx, campaignId), await getRules(tx, campaignId)];
  const standings = standingsOf(await lockPeople(tx, campaignId, refs), waves, rules, toDay(now));
  await updateStandings(tx, campaignId, standings);
  // An acceptance can be reported after the letter was planned: what is told by mail needs no letter any more.
  const told = standings.filter((standing) => standing.outcome === 'mail_accepted').map(({ ref }) => ref);
  await excludeLettersOfTold(tx, campaignId, told);
  if (waves.some((wave) => !waveTells(wave))) {
    const untold = standings.filter((standing) => standing.term !== 'told').map(({ ref }) => ref);
    await excludeFollowUpsOfUntold(tx, campaignId, untold);
  }
  return standings;
}
