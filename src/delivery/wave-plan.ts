/**
 * Decides in which waves a person has a place. Whoever fits no segment or no wave gets a reason instead of a place and stays
 * visible as undecided: nobody is lost (promise 1).
 */
import type { CampaignFile, Wave } from '../campaign/folder/campaign-file.ts';
import { findSegment, requiresLetter, type SegmentTraits } from '../campaign/wave/segment.ts';
import type { Outcome } from './outcome.ts';

export type Placement = {
  /** The person's segment and its text; null when none fits. */
  readonly segment: string | null;
  readonly variant: string | null;
  readonly waveIds: readonly string[];
  /** Set when waveIds is empty. */
  readonly unplaced: Outcome | null;
  readonly letterRequired: boolean;
};

const tells = (wave: { purpose: string }) => wave.purpose === 'initial' || wave.purpose === 'resend';

function isReachable(wave: Wave, person: SegmentTraits): boolean {
  return wave.channel === 'email' ? person.hasEmail : person.hasAddress;
}

/** The person's places by the approved plan. Gift waves take people later, when it is known who got no card. */
export function placePerson(file: CampaignFile, person: SegmentTraits): Placement {
  const segment = findSegment(file, person);
  const letterRequired = requiresLetter(file, person.leakedItems);
  const unplaced = (outcome: Outcome): Placement => ({
    segment: segment?.id ?? null,
    variant: segment?.variant ?? null,
    waveIds: [],
    unplaced: outcome,
    letterRequired,
  });
  if (person.flags.includes('deceased')) return unplaced('deceased');
  if (person.flags.includes('protected_address')) return unplaced('protected_address');
  if (!segment) return unplaced('no_segment');
  const wanted = file.waves.filter(
    (wave) => wave.channel !== 'gift' && wave.segments.includes(segment.id) && tells(wave),
  );
  const direct = wanted.filter((wave) => wave.fallbackOf === undefined && isReachable(wave, person));
  const chosen =
    direct.length > 0
      ? direct
      : wanted.filter((wave) => wave.fallbackOf !== undefined && isReachable(wave, person)).slice(0, 1);
  if (chosen.length === 0) return unplaced(wanted.length === 0 ? 'no_segment' : 'no_channel');
  return {
    segment: segment.id,
    variant: segment.variant,
    waveIds: chosen.map((wave) => wave.id),
    unplaced: null,
    letterRequired,
  };
}

/** The wave that takes over a person of this segment when a letter is due: its fallback wave, else its letter wave. */
export function findLetterWave<
  W extends { channel: string; purpose: string; segments: readonly string[]; fallbackOf: string | null },
>(waves: readonly W[], segment: string): W | null {
  const letters = waves.filter((wave) => wave.channel === 'letter' && tells(wave) && wave.segments.includes(segment));
  return letters.find((wave) => wave.fallbackOf !== null) ?? letters[0] ?? null;
}
