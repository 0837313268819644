/** The legal hold (訴訟などに備えた保全): while it is on nothing of the campaign is purged. Set and released by two names, on record. */
import { recordFact } from '../journal/record-fact.ts';
import type { App } from '../platform/app.ts';
import { type Tx, transaction } from '../platform/postgres/db.ts';
import { ensureActor, normaliseActorName } from './actors/ensure-actor.ts';
import type { Campaign } from './campaign.ts';
import { lockCampaign, updateLegalHold } from './store.ts';

export type HoldAnswer =
  | { readonly kind: 'done'; readonly isHeld: boolean; readonly isNew: boolean }
  | { readonly kind: 'refused'; readonly reasons: readonly 'SAME_PERSON'[] };

/** Sets or releases the hold; what is so already stays as it is and writes no fact. */
export async function setLegalHold(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  { campaign, isHeld, by, and }: { campaign: Pick<Campaign, 'id'>; isHeld: boolean; by: string; and: string },
): Promise<HoldAnswer> {
  if (normaliseActorName(by) === normaliseActorName(and)) return { kind: 'refused', reasons: ['SAME_PERSON'] };
  const campaignId = campaign.id;
  const isNew = await transaction(app.pool, async (tx) => {
    const { legalHold } = await lockCampaign(tx, campaignId);
    if (legalHold === isHeld) return false;
    const actorId = await ensureActor(app, tx, { campaignId, name: by });
    const witnessId = await ensureActor(app, tx, { campaignId, name: and });
    const kind = isHeld ? 'campaign.held' : 'campaign.hold_released';
    await recordFact(tx, { campaignId, kind, occurredAt: app.clock(), actorId, body: { witnessId } });
    await updateLegalHold(tx, campaignId, isHeld);
    return true;
  });
  return { kind: 'done', isHeld, isNew };
}

/** Whether the campaign is held, its row locked until the caller's transaction ends. */
export async function isUnderHold(tx: Tx, campaignId: string): Promise<boolean> {
  return (await lockCampaign(tx, campaignId)).legalHold;
}
