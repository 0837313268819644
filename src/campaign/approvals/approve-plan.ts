/**
 * Approves the plan that waits: by its hash, by two different people, neither of whom loaded the list. The last approval
 * needed makes it the plan that runs. Nothing is sent that was not approved this way.
 */
import { recordFact } from '../../journal/record-fact.ts';
import { sealFacts } from '../../journal/seal-facts.ts';
import { newRef } from '../../kernel/ids.ts';
import type { App } from '../../platform/app.ts';
import { signingKey } from '../../platform/crypto/sign.ts';
import { type Db, type Tx, transaction } from '../../platform/postgres/db.ts';
import { ensureActorRow } from '../actors/ensure-actor.ts';
import { MIN_APPROVERS } from '../actors/register-approver.ts';
import { type ActorRow, listActorRows } from '../actors/store.ts';
import { verifyCode } from '../actors/verify-code.ts';
import type { Campaign } from '../campaign.ts';
import { getCampaign } from '../find-campaign.ts';
import { getPlan, getPlanSnapshot } from '../plan/create-plan.ts';
import type { Plan, PlanSnapshot } from '../plan/plan.ts';
import { adoptPolicy } from '../policy/adopt-policy.ts';
import { setState } from '../set-state.ts';
import { lockCampaign, updatePlan } from '../store.ts';
import { type Approval, type ApprovalProof, insertApproval, listApprovalRows, listPlanApprovals } from './store.ts';

export const approvalRefusals = [
  'PLAN_MISSING',
  'CAMPAIGN_CLOSED',
  /** The plan that waits is not the one this person was shown. */
  'PLAN_CHANGED',
  'ALREADY_APPROVED',
  'LOADED_THE_LIST',
  /** Approvers are registered, and this name is not among them. */
  'APPROVER_UNKNOWN',
  'CODE_MISSING',
  'CODE_WRONG',
  'TOO_MANY_ATTEMPTS',
] as const;
export type ApprovalRefusal = (typeof approvalRefusals)[number];

export type ApprovalResult =
  | {
      kind: 'recorded';
      planId: string;
      sha256: string;
      proof: ApprovalProof;
      /** How many approvals are still needed; 0 when the plan is approved. */
      missing: number;
      /** False when no one is on record as having loaded the list. */
      isLoaderKnown: boolean;
      /** Hash of the journal's newest block when the approval was given: kept outside, it pins the chain. */
      journalHead: string | null;
      factId: string;
    }
  | { kind: 'refused'; reason: ApprovalRefusal; retryAt?: Date };

export type ApprovalInput = {
  campaign: Pick<Campaign, 'id'>;
  /** Name of the person, as registered. */
  by: string;
  /** Passphrase or one-time code. */
  code?: string;
  /** Hash of the plan that this person was shown. */
  expectSha256?: string;
  /** Actors who loaded the list of this plan; they may not approve it. */
  loadedBy?: readonly string[];
};

/** One person's approval. Refusals are answers, not exceptions; a wrong code is counted although nothing else is written. */
export async function approvePlan(
  app: Pick<App, 'pool' | 'keys' | 'files' | 'clock'>,
  input: ApprovalInput,
): Promise<ApprovalResult> {
  const campaign = await getCampaign(app.pool, input.campaign.id);
  if (!campaign.proposedPlanId) return { kind: 'refused', reason: 'PLAN_MISSING' };
  const plan = await getPlan(app.pool, campaign.proposedPlanId);
  if (input.expectSha256 !== undefined && input.expectSha256 !== plan.sha256) {
    return { kind: 'refused', reason: 'PLAN_CHANGED' };
  }
  const snapshot = await getPlanSnapshot(app, plan.id);
  const required = Math.max(MIN_APPROVERS, snapshot.campaignFile.approvers.required);
  const person = await identify(app, campaign.id, input);
  if (person.kind === 'refused') return person;
  if (input.loadedBy?.includes(person.actor.id)) return { kind: 'refused', reason: 'LOADED_THE_LIST' };
  // The head that the approval names covers the plan's own fact, so whoever keeps the approval can hold the chain to it.
  const head = await sealFacts(app.pool, campaign.id, app.clock);
  const keyFingerprint = signingKey(app.keys.dir, campaign.id).fingerprint;
  const approval: Approval = {
    id: newRef(),
    planId: plan.id,
    actorId: person.actor.id,
    planSha256: plan.sha256,
    proof: person.proof,
    journalHead: head?.hash ?? null,
    approvedAt: app.clock(),
  };
  const isLoaderKnown = (input.loadedBy ?? []).length > 0;
  return await transaction(app.pool, (tx) =>
    writeApproval(tx, plan, approval, { required, isLoaderKnown, keyFingerprint, policy: snapshot.policy }),
  );
}

type Identified = { kind: 'known'; actor: ActorRow; proof: ApprovalProof } | (ApprovalResult & { kind: 'refused' });

/** Without any registered approver a name is only declared, and recorded as such. */
async function identify(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  campaignId: string,
  { by, code }: Pick<ApprovalInput, 'by' | 'code'>,
): Promise<Identified> {
  const actor = await ensureActorRow(app, app.pool, { campaignId, name: by });
  if (!actor.isApprover) {
    const anyRegistered = (await listActorRows(app.pool, campaignId)).some((one) => one.isApprover);
    return anyRegistered
      ? { kind: 'refused', reason: 'APPROVER_UNKNOWN' }
      : { kind: 'known', actor, proof: 'declared' };
  }
  if (code === undefined) return { kind: 'refused', reason: 'CODE_MISSING' };
  const check = await verifyCode(app, { campaignId, actor, code });
  switch (check.kind) {
    case 'right':
      return { kind: 'known', actor, proof: check.proof };
    case 'wrong':
      return { kind: 'refused', reason: 'CODE_WRONG' };
    case 'too_early':
      return { kind: 'refused', reason: 'TOO_MANY_ATTEMPTS', retryAt: check.retryAt };
  }
}

async function writeApproval(
  tx: Tx,
  plan: Plan,
  approval: Approval,
  {
    required,
    isLoaderKnown,
    keyFingerprint,
    policy,
  }: { required: number; isLoaderKnown: boolean; keyFingerprint: string; policy: PlanSnapshot['policy'] },
): Promise<ApprovalResult> {
  const { campaignId } = plan;
  const locked = await lockCampaign(tx, campaignId);
  if (locked.state === 'closed') return { kind: 'refused', reason: 'CAMPAIGN_CLOSED' };
  if (locked.proposedPlanId !== plan.id) return { kind: 'refused', reason: 'PLAN_CHANGED' };
  const before = await listPlanApprovals(tx, plan.id);
  if (before.some((one) => one.actorId === approval.actorId)) return { kind: 'refused', reason: 'ALREADY_APPROVED' };
  const missing = Math.max(0, required - before.length - 1);
  const factId = await recordFact(tx, {
    campaignId,
    kind: 'plan.approved',
    occurredAt: approval.approvedAt,
    actorId: approval.actorId,
    body: {
      planSha256: plan.sha256,
      journalHead: approval.journalHead,
      proof: approval.proof,
      approvals: before.length + 1,
      required,
      keyFingerprint,
      // False when nobody is on record as the one who loaded the list: the separation of duties is then only declared.
      isLoaderKnown,
    },
  });
  await insertApproval(tx, { ...approval, campaignId, factId });
  if (missing === 0 && locked.planId !== plan.id) {
    await updatePlan(tx, campaignId, plan.id);
    // Its terms of the policy count from now on; those of a plan that still waits never do.
    await adoptPolicy(tx, { campaignId, policy, at: approval.approvedAt, actorId: approval.actorId });
    if (locked.state === 'draft') {
      await setState(tx, {
        campaign: locked,
        to: 'approved',
        actorId: approval.actorId,
        reason: 'plan_approved',
        at: approval.approvedAt,
      });
    }
  }
  const { proof, journalHead } = approval;
  return { kind: 'recorded', planId: plan.id, sha256: plan.sha256, proof, missing, isLoaderKnown, journalHead, factId };
}

/** Approvals of every plan of the campaign, in order, for the evidence. */
export async function exportApprovals(db: Db, campaignId: string): Promise<Approval[]> {
  return await listApprovalRows(db, campaignId);
}
