/** Decides which segment a person belongs to. The first match wins, so that nobody is in two; no match is null, never a guess. */
import type { CampaignFile, Segment } from '../folder/campaign-file.ts';
import type { HandlingFlag, PersonKind } from './person-kind.ts';

/** What of a person a segment may look at; nothing here needs decryption. */
export type SegmentTraits = {
  kind: PersonKind;
  flags: readonly HandlingFlag[];
  leakedItems: readonly string[];
  hasEmail: boolean;
  hasAddress: boolean;
};

/** The first segment of the file that fits, or null: the person is then `undecided`. */
export function findSegment(file: Pick<CampaignFile, 'segments'>, person: SegmentTraits): Segment | null {
  return file.segments.find((segment) => matches(segment.when, person)) ?? null;
}

function matches(when: Segment['when'], person: SegmentTraits): boolean {
  return (
    (!when.kinds || when.kinds.includes(person.kind)) &&
    (!when.items || when.items.some((item) => person.leakedItems.includes(item))) &&
    (!when.flags || when.flags.some((flag) => person.flags.includes(flag))) &&
    !when.withoutFlags?.some((flag) => person.flags.includes(flag)) &&
    (when.hasEmail === undefined || when.hasEmail === person.hasEmail) &&
    (when.hasAddress === undefined || when.hasAddress === person.hasAddress)
  );
}

/** Whether a letter is required for everybody of the segment, because of what it selects people by. */
export function segmentRequiresLetter(
  file: Pick<CampaignFile, 'segments' | 'letterRequiredFor'>,
  segmentId: string,
): boolean {
  const items = file.segments.find(({ id }) => id === segmentId)?.when.items;
  return items?.every((item) => file.letterRequiredFor.includes(item)) ?? false;
}

/** True when something leaked of this person (card or health data) for which an e-mail alone is not enough. */
export function requiresLetter(file: Pick<CampaignFile, 'letterRequiredFor'>, leakedItems: readonly string[]): boolean {
  return leakedItems.some((item) => file.letterRequiredFor.includes(item));
}
