/** Says of each wave that does not move why, with the questions that `waitsOf` wants answered asked of the tables. */

import type { CampaignState } from '../campaign/campaign-state.ts';
import type { PlanSnapshot } from '../campaign/plan/plan.ts';
import { isPrinted } from '../campaign/wave/channel.ts';
import { takingOf } from '../campaign/wave/wave.ts';
import { type Wait, waitsOf } from '../campaign/wave/wave-opening.ts';
import type { Db } from '../platform/postgres/db.ts';
import { listGiftGates } from './gifts/reserve-gifts.ts';
import { blockingLots } from './letters/lot-account.ts';
import { listLotAccounts } from './letters/lot-store.ts';
import { listWavesWithoutRelay } from './mail/chunk-store.ts';
import { listWavesWaiting, type WaveCounts, type WaveRecord } from './wave-store.ts';

export type WaitInput = {
  readonly campaignId: string;
  readonly state: CampaignState;
  readonly now: Date;
  /** The terms of each wave by its id. */
  readonly counts: ReadonlyMap<string, WaveCounts>;
  /** The plan that runs; null when it cannot be opened, and then nothing is said of cards. */
  readonly snapshot: PlanSnapshot | null;
  readonly hasWorker: boolean;
};

/** By wave id; [] for a wave that moves. */
export async function listWaveWaits(
  db: Db,
  waves: readonly WaveRecord[],
  input: WaitInput,
): Promise<Map<string, readonly Wait[]>> {
  const { campaignId, counts, now, state, hasWorker } = input;
  const waiting = await listWavesWaiting(db, campaignId);
  const withoutRelay = await listWavesWithoutRelay(db, campaignId);
  const hasLetters = waves.some((wave) => isPrinted(wave.channel) && waiting.has(wave.waveId));
  const lotsDisagree = hasLetters && blockingLots(await listLotAccounts(db, campaignId)).length > 0;
  const waits = new Map<string, readonly Wait[]>();
  for (const wave of waves) {
    const source = wave.fallbackOf === null ? undefined : counts.get(wave.fallbackOf);
    const isWaiting = waiting.has(wave.waveId);
    const facts = {
      now,
      state,
      isPlanned: wave.plannedAt !== null,
      waiting: isWaiting ? 1 : 0,
      pending: counts.get(wave.waveId)?.pending ?? 0,
      uncertain: counts.get(wave.waveId)?.uncertain ?? 0,
      sourceOpen: source === undefined ? 0 : source.pending + source.uncertain,
      isNamedOnly: takingOf(wave).kind === 'named',
      giftGate: isWaiting ? await findGate(db, wave, input) : null,
      lotsDisagree,
      hasWorker,
      relayDown: withoutRelay.has(wave.waveId),
    };
    waits.set(wave.waveId, waitsOf({ ...wave, takesOver: wave.fallbackOf !== null }, facts));
  }
  return waits;
}

async function findGate(
  db: Db,
  wave: WaveRecord,
  { campaignId, now, snapshot }: WaitInput,
): Promise<'stock' | 'consent' | null> {
  const gift = snapshot?.campaignFile.gifts.find((found) => found.id === wave.gift);
  if (!snapshot || !gift) return null;
  const [gate = null] = await listGiftGates(db, { campaignId, gift, policy: snapshot.policy, at: now });
  return gate;
}
