/** Moves a campaign from one state to another: the pure table decides, one guarded update under a row lock acts, one fact records. */
import { recordFact } from '../journal/record-fact.ts';
import { newRef } from '../kernel/ids.ts';
import { seal } from '../platform/crypto/crypt.ts';
import type { Tx } from '../platform/postgres/db.ts';
import type { Campaign } from './campaign.ts';
import { type CampaignState, canMove, type StateReason } from './campaign-state.ts';
import { findCampaignHome } from './home/home-store.ts';
import { insertStateEvent, lockCampaign, updateState } from './store.ts';

export type CampaignStateChange =
  | { kind: 'changed'; from: CampaignState; to: CampaignState; factId: string }
  /** It is there already; a second operator was faster. No fact. */
  | { kind: 'unchanged'; state: CampaignState }
  /** `home`: this database is a copy, and nobody has taken the campaign over yet. */
  | { kind: 'refused'; state: CampaignState; why: 'state' | 'home' };

/**
 * Changes the state in the caller's transaction. Facts carry no free text, so `reason` is a code; a person's own words go
 * into `note`, sealed with the campaign's proof key. `at` defaults to now.
 */
export async function setState(
  tx: Tx,
  input: {
    campaign: Pick<Campaign, 'id'>;
    to: CampaignState;
    actorId: string | null;
    reason: StateReason;
    note?: { text: string; proofKey: Uint8Array };
    at?: Date;
  },
): Promise<CampaignStateChange> {
  const { state: from } = await lockCampaign(tx, input.campaign.id);
  if (from === input.to) return { kind: 'unchanged', state: from };
  if (!canMove(from, input.to, input.reason)) return { kind: 'refused', state: from, why: 'state' };
  const campaignId = input.campaign.id;
  const found = input.to === 'running' ? await findCampaignHome(tx, campaignId) : null;
  if (found?.home?.suspended != null) return { kind: 'refused', state: from, why: 'home' };
  const id = newRef();
  const at = input.at ?? new Date();
  if (!(await updateState(tx, campaignId, from, input.to))) return { kind: 'refused', state: from, why: 'state' };
  const factId = await recordFact(tx, {
    campaignId,
    kind: 'campaign.state_changed',
    occurredAt: at,
    actorId: input.actorId,
    body: { from, to: input.to, reason: input.reason },
  });
  const noteSealed = input.note ? seal(input.note.proofKey, `${campaignId}|${id}|note_sealed`, input.note.text) : null;
  await insertStateEvent(tx, {
    id,
    campaignId,
    from,
    to: input.to,
    actorId: input.actorId,
    reason: input.reason,
    noteSealed,
    at,
    factId,
  });
  return { kind: 'changed', from, to: input.to, factId };
}
