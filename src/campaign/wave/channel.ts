/** The ways to reach a person, one row each. What a channel means anywhere follows from this table, so that a new one cannot be forgotten. */
import { type NoticePurpose, noticePurposes } from './purpose.ts';

export const channels = ['email', 'letter', 'gift'] as const;
export type Channel = (typeof channels)[number];

type ChannelFacts = {
  /** What the list must hold of a person before this channel reaches them. */
  readonly reach: 'email' | 'address';
  /** How the notice is set: as an e-mail, or printed. */
  readonly medium: 'email' | 'letter';
  /** False for a card that follows: it tells nobody of the incident. */
  readonly tells: boolean;
  readonly gift: 'never' | 'may' | 'must';
  readonly purposes: readonly NoticePurpose[];
};

const all: readonly NoticePurpose[] = noticePurposes;
const onlySupplement: readonly NoticePurpose[] = ['supplement'];

export const channelTable = {
  email: { reach: 'email', medium: 'email', tells: true, gift: 'never', purposes: all },
  letter: { reach: 'address', medium: 'letter', tells: true, gift: 'may', purposes: all },
  gift: { reach: 'address', medium: 'letter', tells: false, gift: 'must', purposes: onlySupplement },
} as const satisfies Record<Channel, ChannelFacts>;

/** How a notice is set. */
export type Medium = (typeof channelTable)[Channel]['medium'];
/** What of a person the list must hold. */
export type Reach = (typeof channelTable)[Channel]['reach'];

const printed = { email: false, letter: true } as const satisfies Record<Medium, boolean>;

/** Whether its notices are pieces of paper that go through lots and a post office. */
export function isPrinted(channel: Channel): boolean {
  return printed[channelTable[channel].medium];
}
export const printedChannels: readonly Channel[] = channels.filter(isPrinted);

/** A channel whose notices can tell a person of the incident. */
export type TellingChannel = { [C in Channel]: (typeof channelTable)[C]['tells'] extends true ? C : never }[Channel];

const isTelling = (channel: Channel): channel is TellingChannel => channelTable[channel].tells;
export const tellingChannels: readonly TellingChannel[] = channels.filter(isTelling);

/** Whether the list holds what the channel needs. */
export function isWithinReach(channel: Channel, person: { hasEmail: boolean; hasAddress: boolean }): boolean {
  const { reach } = channelTable[channel];
  switch (reach) {
    case 'email':
      return person.hasEmail;
    case 'address':
      return person.hasAddress;
  }
}
