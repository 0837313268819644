/**
 * Decides in which waves a person has a place from the beginning. Whoever fits no segment or no wave gets a reason instead of
 * a place and stays visible as undecided: nobody is lost (promise 1).
 */
import type { CampaignFile } from '../campaign/folder/campaign-file.ts';
import { requiresLetter, type SegmentTraits } from '../campaign/wave/segment.ts';
import { wavesOf } from '../campaign/wave/wave.ts';
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

/** The person's places by the approved plan. Waves that follow take people later, when it is known who was told and how. */
export function placePerson(file: CampaignFile, person: SegmentTraits): Placement {
  const { segment, first } = wavesOf(file, person);
  const unplaced = whyUnplaced(person, segment !== null, first.length);
  return {
    segment: segment?.id ?? null,
    variant: segment?.variant ?? null,
    waveIds: unplaced === null ? first.map((wave) => wave.id) : [],
    unplaced,
    letterRequired: requiresLetter(file, person.leakedItems),
  };
}

function whyUnplaced(person: SegmentTraits, hasSegment: boolean, waves: number): Outcome | null {
  if (person.flags.includes('deceased')) return 'deceased';
  if (person.flags.includes('protected_address')) return 'protected_address';
  if (!hasSegment) return 'no_segment';
  return waves === 0 ? 'no_channel' : null;
}
