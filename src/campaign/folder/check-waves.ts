/** Checks that every wave means something: it names what exists, takes somebody, and nobody gets the same news twice or falls through. */

import { type Channel, channelTable, type TellingChannel, tellingChannels } from '../wave/channel.ts';
import { purposeTable } from '../wave/purpose.ts';
import { segmentRequiresLetter } from '../wave/segment.ts';
import { takingOf, tellingWave, waveTells, waysTold } from '../wave/wave.ts';
import type { CampaignFault } from './campaign-fault.ts';
import type { CampaignFile, Wave } from './campaign-file.ts';

/** Faults of the waves; nothing here looks at days. */
export function checkWaves(file: CampaignFile): CampaignFault[] {
  return [
    ...file.waves.flatMap((wave, index) => [
      ...checkSegments(file, wave, `waves.${index}`),
      ...checkGift(file, wave, `waves.${index}`),
      ...checkPurpose(wave, `waves.${index}`),
      ...checkFallback(file, wave, `waves.${index}.fallbackOf`),
      ...checkTold(file, wave, `waves.${index}`),
    ]),
    ...checkToldOnce(file),
    ...checkLetterBehind(file),
  ];
}

/** What deserves a look: people who were told another way hear nothing of what follows. */
export function findPartialFollowUps(file: CampaignFile): CampaignFault[] {
  const covers = (wave: Wave) => {
    const taking = takingOf(wave);
    return taking.kind === 'told' ? taking.by : [];
  };
  return file.waves.flatMap((wave, index) => {
    if (takingOf(wave).kind !== 'told' || wave.fallbackOf !== undefined) return [];
    const { tells } = channelTable[wave.channel];
    return wave.segments.flatMap((segment, place): CampaignFault[] => {
      const alike = file.waves.filter(
        (other) =>
          channelTable[other.channel].tells === tells &&
          other.purpose === wave.purpose &&
          other.segments.includes(segment),
      );
      const missed = waysOf(file, segment).filter((channel) => {
        const told = tellingWave(file.waves, segment, channel);
        // A letter that carries a card of its own leaves nobody without one.
        return told && (tells || told.gift === undefined) && !alike.some((other) => covers(other).includes(channel));
      });
      if (missed.length === 0) return [];
      const params = { id: wave.id, segment, channels: missed.join(', ') };
      return [{ path: `waves.${index}.segments.${place}`, key: tells ? 'followUpPartial' : 'cardPartial', params }];
    });
  });
}

function checkSegments(file: CampaignFile, wave: Wave, at: string): CampaignFault[] {
  const known = file.segments.map((one) => one.id);
  return wave.segments.flatMap((id, place): CampaignFault[] => {
    const path = `${at}.segments.${place}`;
    if (!known.includes(id)) return [{ path, key: 'segmentUnknown', params: { id, known: known.join(', ') } }];
    return wave.segments.indexOf(id) === place ? [] : [{ path, key: 'twice', params: { id } }];
  });
}

function checkGift(file: CampaignFile, wave: Wave, at: string): CampaignFault[] {
  const { gift: rule } = channelTable[wave.channel];
  if (wave.gift === undefined)
    return rule === 'must' ? [{ path: at, key: 'giftMissing', params: { id: wave.id } }] : [];
  const path = `${at}.gift`;
  if (rule === 'never') return [{ path, key: 'giftByEmail' }];
  if (wave.purpose === 'retraction') return [{ path, key: 'giftOfRetraction' }];
  if (file.gifts.some((one) => one.id === wave.gift)) return [];
  const known = file.gifts.map((one) => one.id).join(', ') || '-';
  return [{ path, key: 'giftUnknown', params: { id: wave.gift, known } }];
}

function checkPurpose(wave: Wave, at: string): CampaignFault[] {
  const { purposes } = channelTable[wave.channel];
  if (!purposes.includes(wave.purpose)) {
    const params = { id: wave.id, purpose: wave.purpose, known: purposes.join(', ') };
    return [{ path: `${at}.purpose`, key: 'purposeOfChannel', params }];
  }
  // What follows says something else than the first notice: the segment's own text would repeat that.
  if (!purposeTable[wave.purpose].tells && wave.variant === undefined) {
    return [{ path: at, key: 'followUpText', params: { id: wave.id, purpose: wave.purpose } }];
  }
  return [];
}

/** Only a letter takes over, from an e-mail wave of the same purpose: that is what the fallback of a person does. */
function checkFallback(file: CampaignFile, wave: Wave, path: string): CampaignFault[] {
  if (wave.fallbackOf === undefined) return [];
  const before = file.waves.find((one) => one.id === wave.fallbackOf);
  if (!before) {
    const known = file.waves.map((one) => one.id).join(', ');
    return [{ path, key: 'waveUnknown', params: { id: wave.fallbackOf, known } }];
  }
  if (!takesOver(wave.channel, before.channel)) return [{ path, key: 'fallbackChannels' }];
  if (wave.purpose !== before.purpose || wave.purpose === 'resend') return [{ path, key: 'fallbackPurpose' }];
  const strangers = wave.segments.filter((id) => !before.segments.includes(id));
  if (strangers.length > 0) {
    return [{ path, key: 'fallbackSegments', params: { id: before.id, segments: strangers.join(', ') } }];
  }
  return [];
}

function takesOver(channel: Channel, before: Channel): boolean {
  switch (before) {
    case 'email':
      return channel === 'letter';
    case 'letter':
    case 'gift':
      return false;
  }
}

/** A wave that follows needs people who can have been told the way it asks for. */
function checkTold(file: CampaignFile, wave: Wave, at: string): CampaignFault[] {
  const taking = takingOf(wave);
  if (wave.toldBy !== undefined && (taking.kind !== 'told' || taking.failedIn !== null)) {
    return [{ path: `${at}.toldBy`, key: 'toldByOfFirst', params: { id: wave.id } }];
  }
  if (taking.kind !== 'told' || taking.failedIn !== null) return [];
  return wave.segments.flatMap((segment, place): CampaignFault[] => {
    const ways = waysOf(file, segment);
    if (taking.by.some((channel) => ways.includes(channel))) return [];
    const isSent = taking.by.some((channel) => tellingWave(file.waves, segment, channel));
    const params = { id: wave.id, segment, channels: taking.by.join(', ') };
    return [{ path: `${at}.segments.${place}`, key: isSent ? 'followUpLetterOnly' : 'followUpNobody', params }];
  });
}

/** How people of the segment come to count as told. */
function waysOf(file: CampaignFile, segment: string): TellingChannel[] {
  const by = tellingChannels.filter((channel) => tellingWave(file.waves, segment, channel));
  return waysTold(by, segmentRequiresLetter(file, segment));
}

/** Two waves that tell the same segment by the same channel would tell the same people twice. */
function checkToldOnce(file: CampaignFile): CampaignFault[] {
  return file.waves.flatMap((wave, index) => {
    const { channel } = wave;
    if (!waveTells(wave) || !isTellingChannel(channel) || purposeTable[wave.purpose].takes !== 'listed') return [];
    return wave.segments.flatMap((segment, place): CampaignFault[] => {
      const first = tellingWave(file.waves, segment, channel);
      if (!first || first.id === wave.id) return [];
      const params = { id: wave.id, segment, first: first.id };
      return [{ path: `waves.${index}.segments.${place}`, key: 'segmentTwice', params }];
    });
  });
}

/** Each segment that is told by e-mail also has a letter wave, or a substitute measure that somebody answers for. */
function checkLetterBehind(file: CampaignFile): CampaignFault[] {
  if (file.substitute) return [];
  return file.waves.flatMap((wave, index) => {
    if (wave.channel !== 'email' || !waveTells(wave)) return [];
    return wave.segments.flatMap((id, place): CampaignFault[] =>
      tellingWave(file.waves, id, 'letter')
        ? []
        : [{ path: `waves.${index}.segments.${place}`, key: 'noLetter', params: { id } }],
    );
  });
}

function isTellingChannel(channel: Channel): channel is TellingChannel {
  return channelTable[channel].tells;
}
