/** SQL of approvals. */
import { z } from 'zod';
import { type Db, execute, instant, rows, sql, type Tx } from '../../platform/postgres/db.ts';

export const approvalProofs = ['passphrase', 'totp', 'declared'] as const;
export type ApprovalProof = (typeof approvalProofs)[number];

const approvalRow = z
  .object({
    id: z.string(),
    plan_id: z.string(),
    actor_id: z.string(),
    sha256: z.string(),
    proof: z.enum(approvalProofs),
    journal_head: z.string().nullable(),
    approved_at: instant,
  })
  .transform((found) => ({
    id: found.id,
    planId: found.plan_id,
    actorId: found.actor_id,
    /** The plan's hash that this person approved. */
    planSha256: found.sha256,
    /** `declared`: the name was given without proof. */
    proof: found.proof,
    /** Hash of the journal's newest block at that moment. */
    journalHead: found.journal_head,
    approvedAt: found.approved_at,
  }));
export type Approval = z.output<typeof approvalRow>;

/** The caller holds the campaign's lock and has checked that this person did not approve the plan before. */
export async function insertApproval(
  tx: Tx,
  approval: Approval & { campaignId: string; factId: string },
): Promise<void> {
  await execute(
    tx,
    sql`insert into campaign.approval (id, campaign_id, plan_id, actor_id, sha256, proof, journal_head, approved_at, fact_id)
        values (${approval.id}, ${approval.campaignId}, ${approval.planId}, ${approval.actorId}, ${approval.planSha256},
          ${approval.proof}, ${approval.journalHead}, ${approval.approvedAt}, ${approval.factId})`,
  );
}

export async function listPlanApprovals(db: Db, planId: string): Promise<Approval[]> {
  return await rows(db, approvalRow, sql`select * from campaign.approval where plan_id = ${planId} order by fact_id`);
}

/** Of every plan of the campaign, oldest first. */
export async function listApprovalRows(db: Db, campaignId: string): Promise<Approval[]> {
  return await rows(
    db,
    approvalRow,
    sql`select * from campaign.approval where campaign_id = ${campaignId} order by fact_id`,
  );
}
