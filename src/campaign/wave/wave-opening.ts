/** Whether a wave may hand over notices now, and if not, why and until when: the words that `status` shows for a wave that does not move. */
import type { CampaignState } from '../campaign-state.ts';
import { type Channel, channelTable, isPrinted } from './channel.ts';

/** Why a wave does not move. `until` is the latest moment at which this reason ends by itself. */
export const waitCodes = [
  'not_running',
  'not_planned',
  'not_started',
  'not_released',
  'nobody_waits',
  'named_only',
  'not_posted',
  'uncertain',
  'full_lot',
  'lots_disagree',
  'consent',
  'stock',
  'no_worker',
  'no_relay',
] as const;
export type WaitCode = (typeof waitCodes)[number];
export type Wait = { readonly code: WaitCode; readonly until: Date | null };

/** Before the end of its latest day a letter wave stops waiting for cards and for full lots: printing and posting take a day. */
const LAST_CALL_MS = 24 * 60 * 60 * 1000;

type Times = { readonly startAt: Date; readonly latestAt: Date; readonly releasedAt: Date | null };

/** From this moment on, neither money nor pace nor a half-full lot holds the wave (promise 4). */
export function lastCallOf({ startAt, latestAt }: Pick<Times, 'startAt' | 'latestAt'>): Date {
  return new Date(Math.max(startAt.getTime(), latestAt.getTime() - LAST_CALL_MS));
}

/** Whether the clock and the pace let it hand over: its start has come, and it is released or its latest moment has passed. */
export function isDue({ startAt, latestAt, releasedAt }: Times, now: Date): boolean {
  return startAt <= now && ((releasedAt !== null && releasedAt <= now) || latestAt <= now);
}

/** Whether its letters wait for cards that cannot be had yet, or go without; a wave of cards alone always waits. */
export function waitsForGift(wave: Times & { readonly channel: Channel }, now: Date): boolean {
  const { gift } = channelTable[wave.channel];
  switch (gift) {
    case 'never':
      return false;
    case 'may':
      return now < lastCallOf(wave);
    case 'must':
      return true;
  }
}

/** When the wave stops waiting for its cards; null when it never goes without them. */
export function giftWaitUntil(wave: Pick<Times, 'startAt' | 'latestAt'> & { readonly channel: Channel }): Date | null {
  return channelTable[wave.channel].gift === 'must' ? null : lastCallOf(wave);
}

/** Whether its lots wait until they are full: a takeover fills slowly, until nothing more can come or its last call is here. */
export function waitsForFullLot(
  wave: Times & { readonly takesOver: boolean },
  { sourceOpen, now }: { sourceOpen: number; now: Date },
): boolean {
  return wave.takesOver && sourceOpen > 0 && now < lastCallOf(wave);
}

export type OpeningFacts = {
  readonly now: Date;
  readonly state: CampaignState;
  readonly isPlanned: boolean;
  /** Places that are still to be handed over and lie in no lot. */
  readonly waiting: number;
  /** Places that are handed over to nobody yet, those in lots and on their way among them. */
  readonly pending: number;
  /** Places of which nobody knows whether they were handed over. */
  readonly uncertain: number;
  /** Places of the wave before a takeover that may still end there. */
  readonly sourceOpen: number;
  /** People whom only a named person puts in. */
  readonly isNamedOnly: boolean;
  /** What keeps cards from being reserved; null when nothing does or the wave has no gift. */
  readonly giftGate: 'stock' | 'consent' | null;
  readonly lotsDisagree: boolean;
  readonly hasWorker: boolean;
  /** No mail server could be reached when it was last tried. */
  readonly relayDown: boolean;
};

/** Every reason why the wave does not move, the first to be looked at first; [] when it moves. */
export function waitsOf(
  wave: Times & { readonly channel: Channel; readonly takesOver: boolean },
  facts: OpeningFacts,
): Wait[] {
  const { now } = facts;
  const because = (code: WaitCode, until: Date | null = null): Wait => ({ code, until });
  if (facts.state !== 'running') return [because('not_running')];
  if (!facts.isPlanned) return [because('not_planned')];
  if (wave.startAt > now) return [because('not_started', wave.startAt)];
  if (!isDue(wave, now)) return [because('not_released', wave.latestAt)];
  const isOnPaper = isPrinted(wave.channel);
  if (facts.waiting === 0) return restOf(isOnPaper, facts).map((code) => because(code));
  return [
    ...(facts.hasWorker ? [] : [because('no_worker')]),
    ...(facts.relayDown ? [because('no_relay')] : []),
    ...(isOnPaper && facts.lotsDisagree ? [because('lots_disagree')] : []),
    ...(facts.giftGate !== null && waitsForGift(wave, now) ? [because(facts.giftGate, giftWaitUntil(wave))] : []),
    ...(isOnPaper && waitsForFullLot(wave, facts) ? [because('full_lot', lastCallOf(wave))] : []),
  ];
}

/** What is still to come of a wave of which nothing can be sent any more; [] while something is on its way to a mail server. */
function restOf(isOnPaper: boolean, { pending, uncertain, isNamedOnly }: OpeningFacts): WaitCode[] {
  const rest: WaitCode[] = [
    ...(isOnPaper && pending > 0 ? (['not_posted'] as const) : []),
    ...(uncertain > 0 ? (['uncertain'] as const) : []),
  ];
  if (rest.length > 0 || pending > 0) return rest;
  return [isNamedOnly ? 'named_only' : 'nobody_waits'];
}
