/** Freezes a plan: the snapshot goes encrypted into the file store, its hash into the database, and it waits for approval. */
import { recordFact } from '../../journal/record-fact.ts';
import { sha256Hex } from '../../kernel/canonical.ts';
import { AppError } from '../../kernel/errors.ts';
import { newRef } from '../../kernel/ids.ts';
import type { App, SealedReader } from '../../platform/app.ts';
import { type Db, transaction } from '../../platform/postgres/db.ts';
import type { Campaign } from '../campaign.ts';
import { getCampaign } from '../find-campaign.ts';
import { findPlan, findPlanByHash, insertPlan, lockCampaign, updateProposedPlan } from '../store.ts';
import { type Plan, type PlanSnapshot, readPlanSnapshot, writePlanSnapshot } from './plan.ts';

/**
 * Puts a plan up for approval. The same snapshot again returns the same plan (and puts it up again). `sha256` is over the
 * canonical JSON of the snapshot. Throws CAMPAIGN_CLOSED.
 */
export async function createPlan(
  app: Pick<App, 'pool' | 'keys' | 'files' | 'clock'>,
  { campaign, snapshot, actorId }: { campaign: Pick<Campaign, 'id'>; snapshot: PlanSnapshot; actorId?: string },
): Promise<{ planId: string; sha256: string; isNew: boolean }> {
  const json = writePlanSnapshot(snapshot);
  const known = await findSamePlan(app, campaign.id, json);
  const sha256 = known?.sha256 ?? sha256Hex(json);
  const file = known ? null : await app.files.put(app.keys.open(campaign.id).documents, [Buffer.from(json, 'utf8')]);
  const createdAt = app.clock();
  const result = await transaction(app.pool, async (tx) => {
    const { state, proposedPlanId } = await lockCampaign(tx, campaign.id);
    if (state === 'closed') throw new AppError('CAMPAIGN_CLOSED');
    const existing = known ?? (await findPlanByHash(tx, campaign.id, sha256));
    if (existing) {
      if (proposedPlanId !== existing.id) await updateProposedPlan(tx, campaign.id, existing.id);
      return { planId: existing.id, isNew: false };
    }
    const plan: Plan = {
      id: newRef(),
      campaignId: campaign.id,
      sha256,
      fileId: file?.id ?? '',
      listVersion: snapshot.listVersion,
      createdAt,
    };
    const factId = await recordFact(tx, {
      campaignId: campaign.id,
      kind: 'plan.proposed',
      occurredAt: createdAt,
      actorId: actorId ?? null,
      body: { planSha256: sha256, listVersion: snapshot.listVersion, listSha256: snapshot.listSha256 },
    });
    await insertPlan(tx, { ...plan, factId });
    await updateProposedPlan(tx, campaign.id, plan.id);
    return { planId: plan.id, isNew: true };
  });
  if (file && !result.isNew) await app.files.delete(file.id);
  return { ...result, sha256 };
}

/** Throws PLAN_MISSING. */
export async function getPlan(db: Db, planId: string): Promise<Plan> {
  const plan = await findPlan(db, planId);
  if (!plan) throw new AppError('PLAN_MISSING.id', { id: planId });
  return plan;
}

/** What the plan froze, read back from the encrypted store and checked against its hash. Throws FILE_CORRUPT. */
export async function getPlanSnapshot(app: SealedReader, planId: string): Promise<PlanSnapshot> {
  const plan = await getPlan(app.pool, planId);
  const json = await app.files.read(app.keys.open(plan.campaignId).documents, plan.fileId);
  if (sha256Hex(json) !== plan.sha256) throw new AppError('FILE_CORRUPT.plan');
  return readPlanSnapshot(json.toString('utf8'));
}

/** A plan that says the same: by its hash, or in an older format, so that a new version of Owabi asks for no new approvals. */
async function findSamePlan(
  app: Pick<App, 'pool' | 'keys' | 'files'>,
  campaignId: string,
  json: string,
): Promise<Plan | null> {
  const found = await findPlanByHash(app.pool, campaignId, sha256Hex(json));
  if (found) return found;
  const { proposedPlanId } = await getCampaign(app.pool, campaignId);
  if (proposedPlanId === null) return null;
  const isSame = writePlanSnapshot(await getPlanSnapshot(app, proposedPlanId)) === json;
  return isSame ? await getPlan(app.pool, proposedPlanId) : null;
}
