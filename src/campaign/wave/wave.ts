/**
 * What a wave is: whom it takes, which text and language each of them gets, which gift, whether it tells. Check, preview,
 * approval, planning, sweep and status ask here and SQL gets the answers as parameters, so that no two of them can disagree
 * (promise 3). Whether it is open, and if not why, says wave-opening.ts.
 */
import { AppError } from '../../kernel/errors.ts';
import type { CampaignFile, Gift, Segment, Wave } from '../folder/campaign-file.ts';
import { type Channel, channelTable, isWithinReach, type TellingChannel, tellingChannels } from './channel.ts';
import { type NoticePurpose, purposeTable } from './purpose.ts';
import { findSegment, requiresLetter, type SegmentTraits } from './segment.ts';

/** The part of a wave that says whom it takes; a wave of the plan and a stored one both have it. */
export type WaveNature = {
  readonly channel: Channel;
  readonly purpose: NoticePurpose;
  readonly segments: readonly string[];
  readonly fallbackOf?: string | null | undefined;
  /** Of the people who were told, those whom one of these channels told; the wave's own when left out. */
  readonly toldBy?: readonly TellingChannel[] | null | undefined;
};

export type Taking =
  /** Everybody of its segments whom its channel reaches, when the list is placed. */
  | { readonly kind: 'listed' }
  /** People whom the named wave could not tell. */
  | { readonly kind: 'takeover'; readonly of: string }
  /** People told by one of these channels, `removed` ones when the list no longer holds them, and whom wave `failedIn` did not reach. */
  | {
      readonly kind: 'told';
      readonly by: readonly TellingChannel[];
      readonly removed: boolean;
      readonly failedIn: string | null;
    }
  /** Nobody by itself: a named person puts people into it. */
  | { readonly kind: 'named' };

/** Whether whoever gets a notice of this wave counts as told of the incident. */
export function waveTells({ channel, purpose }: Pick<WaveNature, 'channel' | 'purpose'>): boolean {
  return channelTable[channel].tells && purposeTable[purpose].tells;
}

/** Whom the wave takes. */
export function takingOf(wave: WaveNature): Taking {
  const { takes } = purposeTable[wave.purpose];
  const before = wave.fallbackOf ?? null;
  switch (takes) {
    case 'listed':
      return before === null ? { kind: 'listed' } : { kind: 'takeover', of: before };
    case 'named':
      return { kind: 'named' };
    case 'told':
    case 'told_and_removed':
      return {
        kind: 'told',
        by: before === null ? toldByOf(wave) : [],
        removed: takes === 'told_and_removed',
        failedIn: before,
      };
  }
}

function toldByOf(wave: WaveNature): readonly TellingChannel[] {
  if (wave.toldBy) return wave.toldBy;
  switch (wave.channel) {
    case 'email':
    case 'letter':
      return [wave.channel];
    case 'gift':
      // A card that follows is for those whose letter went without it, unless the plan says more.
      return ['letter'];
  }
}

/** Of the channels that notices go by, those by which a person can come to count as told. */
export function waysTold(by: readonly Channel[], letterRequired: boolean): TellingChannel[] {
  return tellingChannels.filter((channel) => by.includes(channel) && (!letterRequired || tellsAlone(channel)));
}

/** Whether it tells people for whom a letter is required (card or health data). */
function tellsAlone(channel: TellingChannel): boolean {
  switch (channel) {
    case 'email':
      return false;
    case 'letter':
      return true;
  }
}

/** The one wave by which a channel tells this segment of the incident, directly or as a takeover; null when there is none. */
export function tellingWave<W extends WaveNature>(
  waves: readonly W[],
  segment: string,
  channel: TellingChannel,
): W | null {
  return (
    waves.find(
      (wave) =>
        wave.channel === channel && purposeTable[wave.purpose].takes === 'listed' && wave.segments.includes(segment),
    ) ?? null
  );
}

/** Text and language for people of this segment. */
export function textOf(
  file: Pick<CampaignFile, 'language'>,
  wave: Pick<Wave, 'variant'>,
  segment: Pick<Segment, 'variant' | 'language'>,
): { readonly variant: string; readonly language: CampaignFile['language'] } {
  return { variant: wave.variant ?? segment.variant, language: segment.language ?? file.language };
}

/** As `textOf`, for a place by the ids of its wave and segment. Throws ROW_MISSING when the plan has no such wave or segment. */
export function textForPlace(file: CampaignFile, waveId: string, segmentId: string): ReturnType<typeof textOf> {
  const wave = file.waves.find((found) => found.id === waveId);
  const segment = file.segments.find((found) => found.id === segmentId);
  if (!wave || !segment) throw new AppError('ROW_MISSING.wave', { wave: waveId, segment: segmentId });
  return textOf(file, wave, segment);
}

/** The card that goes with the wave's notices, consent and stock willing. */
export function giftOf(file: Pick<CampaignFile, 'gifts'>, wave: Pick<Wave, 'channel' | 'gift'>): Gift | null {
  if (channelTable[wave.channel].gift === 'never') return null;
  return file.gifts.find((gift) => gift.id === wave.gift) ?? null;
}

/** One use of a text: the wave and segment whose people read it. */
export type TextUse = {
  readonly wave: Wave;
  readonly segment: Segment;
  readonly variant: string;
  readonly language: CampaignFile['language'];
  readonly gift: Gift | null;
};

/** Every text that the plan sends, by wave and segment, in the order of the waves. */
export function listTextUses(file: CampaignFile): TextUse[] {
  return file.waves.flatMap((wave) =>
    file.segments
      .filter((segment) => wave.segments.includes(segment.id))
      .map((segment) => ({ wave, segment, ...textOf(file, wave, segment), gift: giftOf(file, wave) })),
  );
}

/** The waves in which a person has, or may get, a place. */
export type WavesOfPerson = {
  readonly segment: Segment | null;
  /** Places from the beginning, at most one per channel. */
  readonly first: readonly Wave[];
  /** Takes over when the first ones fail. */
  readonly takeovers: readonly Wave[];
  /** What follows the first notice, and cards, where the wave takes those told by a way that can tell this person. */
  readonly followUps: readonly Wave[];
  /** Only when a named person puts them in. */
  readonly named: readonly Wave[];
};

/** By the list alone: decisions by name and what the post or the mail systems report come on top. */
export function wavesOf(
  file: Pick<CampaignFile, 'segments' | 'waves' | 'letterRequiredFor'>,
  person: SegmentTraits,
): WavesOfPerson {
  const segment = findSegment(file, person);
  if (!segment) return { segment, first: [], takeovers: [], followUps: [], named: [] };
  const reachable = file.waves.filter(
    (wave) => wave.segments.includes(segment.id) && isWithinReach(wave.channel, person),
  );
  const ofKind = (kind: Taking['kind']) => reachable.filter((wave) => takingOf(wave).kind === kind);
  const direct = ofKind('listed');
  const takeovers = ofKind('takeover');
  const named = ofKind('named');
  const by = [...direct, ...takeovers, ...named].map(({ channel }) => channel);
  const ways = waysTold(by, requiresLetter(file, person.leakedItems));
  const behind = { followUps: followUpsOf(ofKind('told'), ways), named };
  // Whom no first wave reaches begins with the wave that would have taken over.
  if (direct.length === 0) return { segment, first: takeovers.slice(0, 1), takeovers: takeovers.slice(1), ...behind };
  return { segment, first: direct, takeovers, ...behind };
}

/** Those of the waves that take somebody told by these ways, and those behind them. */
function followUpsOf(waves: readonly Wave[], ways: readonly TellingChannel[]): Wave[] {
  const takes = (wave: Wave) => {
    const taking = takingOf(wave);
    return taking.kind === 'told' && taking.by.some((channel) => ways.includes(channel));
  };
  const taken = waves.filter(takes).map(({ id }) => id);
  return waves.filter(({ id, fallbackOf }) => taken.includes(id) || (fallbackOf && taken.includes(fallbackOf)));
}
