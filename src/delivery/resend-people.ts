/**
 * Puts named people into a wave of the purpose `resend`: only those whose first notice is known to have failed, and who have
 * nothing under way that may still reach them, so that nobody is told twice (promise 2).
 */
import { getCampaign } from '../campaign/find-campaign.ts';
import { getPlanSnapshot } from '../campaign/plan/create-plan.ts';
import { isWithinReach } from '../campaign/wave/channel.ts';
import { takingOf, textForPlace } from '../campaign/wave/wave.ts';
import { recordFact } from '../journal/record-fact.ts';
import { AppError } from '../kernel/errors.ts';
import type { App } from '../platform/app.ts';
import { transaction } from '../platform/postgres/db.ts';
import { advancePeople } from './advance-people.ts';
import { insertPlaces } from './insert-places.ts';
import { lockResendCandidates, type ResendCandidate } from './resend-store.ts';
import { listWaves, type WaveRecord } from './wave-store.ts';

/** Why a named person gets no place: a code of the catalogue, `people.resend.<code>`. */
export const resendRefusals = [
  'unknown_person',
  'already_told',
  'under_way',
  'not_failed',
  'decided_otherwise',
  'other_segment',
  'out_of_reach',
  'already_in_wave',
] as const;
export type ResendRefusal = (typeof resendRefusals)[number];

export type Resent = { readonly placed: number; readonly refused: readonly { ref: string; reason: ResendRefusal }[] };

/** One commit with one fact that names who decided. Throws WAVE_MISSING when the running plan has no such resend wave. */
export async function resendPeople(
  app: Pick<App, 'pool' | 'files' | 'keys' | 'clock'>,
  input: { campaignId: string; waveId: string; refs: readonly string[]; actorId: string },
): Promise<Resent> {
  const { campaignId, waveId, actorId } = input;
  const { planId } = await getCampaign(app.pool, campaignId);
  const waves = (await listWaves(app.pool, campaignId)).filter((wave) => wave.planId === planId);
  const wave = waves.find((found) => found.waveId === waveId);
  if (planId === null || !wave || takingOf(wave).kind !== 'named') {
    throw new AppError('WAVE_MISSING.resend', { wave: waveId });
  }
  const { campaignFile, listVersion } = await getPlanSnapshot(app, planId);
  return await transaction(app.pool, async (tx) => {
    const candidates = await lockResendCandidates(tx, campaignId, waveId, [...new Set(input.refs)]);
    const known = new Set(candidates.map(({ ref }) => ref));
    const judged = candidates.map((person) => ({ person, reason: refusalOf(person, wave) }));
    const chosen = judged.flatMap(({ person, reason }) => (reason === null ? [person] : []));
    const at = app.clock();
    await insertPlaces(
      tx,
      { campaignId, planId, waves },
      chosen.map((person) => ({
        member: person,
        waveId,
        listVersion,
        text: textForPlace(campaignFile, waveId, person.segment ?? ''),
      })),
    );
    if (chosen.length > 0) {
      const body = { waveId, people: chosen.length };
      await recordFact(tx, { campaignId, kind: 'people.resent', occurredAt: at, actorId, body });
    }
    await advancePeople(
      tx,
      campaignId,
      chosen.map(({ ref }) => ref),
      at,
    );
    return {
      placed: chosen.length,
      refused: [
        ...judged.flatMap(({ person, reason }) => (reason === null ? [] : [{ ref: person.ref, reason }])),
        ...input.refs.filter((ref) => !known.has(ref)).map((ref) => ({ ref, reason: 'unknown_person' as const })),
      ],
    };
  });
}

function refusalOf(person: ResendCandidate, wave: WaveRecord): ResendRefusal | null {
  if (person.term === 'told') return 'already_told';
  if (person.isStopped || person.term === 'excluded' || person.term === 'substitute') return 'decided_otherwise';
  if (person.isInWave) return 'already_in_wave';
  if (person.hasOpen) return 'under_way';
  if (!person.hasFailed) return 'not_failed';
  if (person.segment === null || !wave.segments.includes(person.segment)) return 'other_segment';
  return isWithinReach(wave.channel, person) ? null : 'out_of_reach';
}
