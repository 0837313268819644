/** SQL of campaigns, plans, states and policy versions. Actors, approvals, consents and publications have stores of their own. */
import { z } from 'zod';
import { canonicalJson } from '../kernel/canonical.ts';
import { type Db, execute, instant, maybeRow, row, rows, type Sql, sql, type Tx } from '../platform/postgres/db.ts';
import type { Campaign } from './campaign.ts';
import { type CampaignState, campaignStates, type StateReason } from './campaign-state.ts';
import type { Plan } from './plan/plan.ts';
import { type PolicyFile, readPolicyVersion } from './policy/policy-terms.ts';

const campaignRow = z
  .object({
    id: z.string(),
    slug: z.string(),
    state: z.enum(campaignStates),
    plan_id: z.string().nullable(),
    proposed_plan_id: z.string().nullable(),
    list_version: z.number().int().nullable(),
    legal_hold: z.boolean(),
    created_at: instant,
  })
  .transform(
    (found): Campaign => ({
      id: found.id,
      slug: found.slug,
      state: found.state,
      planId: found.plan_id,
      proposedPlanId: found.proposed_plan_id,
      listVersion: found.list_version,
      legalHold: found.legal_hold,
      createdAt: found.created_at,
    }),
  );

/** By id or by slug (the id in campaign.yaml); null when this database has no such campaign. */
export async function findCampaignRow(db: Db, slugOrId: string): Promise<Campaign | null> {
  return await maybeRow(
    db,
    campaignRow,
    sql`select * from campaign.campaign where slug = ${slugOrId} or id::text = ${slugOrId}`,
  );
}

export async function listCampaignRows(db: Db): Promise<Campaign[]> {
  return await rows(db, campaignRow, sql`select * from campaign.campaign order by created_at, id`);
}

/** Locks the campaign until the transaction ends: two operators at once act one after the other. */
export async function lockCampaign(tx: Tx, campaignId: string): Promise<Campaign> {
  return await row(tx, campaignRow, sql`select * from campaign.campaign where id = ${campaignId} for update`);
}

/** False when the slug was taken in the meantime. */
export async function insertCampaign(
  tx: Tx,
  campaign: { id: string; slug: string; folderSealed: Buffer; createdAt: Date },
): Promise<boolean> {
  const inserted = await execute(
    tx,
    sql`insert into campaign.campaign (id, slug, folder_sealed, created_at)
        values (${campaign.id}, ${campaign.slug}, ${campaign.folderSealed}, ${campaign.createdAt}) on conflict (slug) do nothing`,
  );
  return inserted === 1;
}

export async function getFolderSealed(db: Db, campaignId: string): Promise<Buffer> {
  const schema = z.object({ folder_sealed: z.instanceof(Buffer) });
  const found = await row(db, schema, sql`select folder_sealed from campaign.campaign where id = ${campaignId}`);
  return found.folder_sealed;
}

export async function updateFolder(db: Db, campaignId: string, folderSealed: Buffer): Promise<void> {
  await execute(db, sql`update campaign.campaign set folder_sealed = ${folderSealed} where id = ${campaignId}`);
}

/** Only forwards: a version that was frozen later never gives way to an earlier one. */
export async function updateListVersion(db: Db, campaignId: string, version: number): Promise<void> {
  await execute(
    db,
    sql`update campaign.campaign set list_version = ${version}
        where id = ${campaignId} and (list_version is null or list_version <= ${version})`,
  );
}

export async function updateLegalHold(db: Db, campaignId: string, isHeld: boolean): Promise<void> {
  await execute(db, sql`update campaign.campaign set legal_hold = ${isHeld} where id = ${campaignId}`);
}

/** The guarded update of the state machine: false when the campaign is no longer in `from`. */
export async function updateState(
  tx: Tx,
  campaignId: string,
  from: CampaignState,
  to: CampaignState,
): Promise<boolean> {
  const changed = await execute(
    tx,
    sql`update campaign.campaign set state = ${to} where id = ${campaignId} and state = ${from}`,
  );
  return changed === 1;
}

export async function insertStateEvent(
  tx: Tx,
  event: {
    id: string;
    campaignId: string;
    from: CampaignState;
    to: CampaignState;
    actorId: string | null;
    reason: StateReason;
    noteSealed: Buffer | null;
    at: Date;
    factId: string;
  },
): Promise<void> {
  await execute(
    tx,
    sql`insert into campaign.state_event (id, campaign_id, from_state, to_state, actor_id, reason, note_sealed, at, fact_id)
        values (${event.id}, ${event.campaignId}, ${event.from}, ${event.to}, ${event.actorId}, ${event.reason},
          ${event.noteSealed}, ${event.at}, ${event.factId})`,
  );
}

const planRow = z
  .object({
    id: z.string(),
    campaign_id: z.string(),
    sha256: z.string(),
    file_id: z.string(),
    list_version: z.number().int(),
    created_at: instant,
  })
  .transform(
    (found): Plan => ({
      id: found.id,
      campaignId: found.campaign_id,
      sha256: found.sha256,
      fileId: found.file_id,
      listVersion: found.list_version,
      createdAt: found.created_at,
    }),
  );

export async function findPlan(db: Db, planId: string): Promise<Plan | null> {
  return await maybeRow(db, planRow, sql`select * from campaign.plan where id = ${planId}`);
}

export async function findPlanByHash(db: Db, campaignId: string, sha256: string): Promise<Plan | null> {
  return await maybeRow(
    db,
    planRow,
    sql`select * from campaign.plan where campaign_id = ${campaignId} and sha256 = ${sha256}`,
  );
}

export async function insertPlan(tx: Tx, plan: Plan & { factId: string }): Promise<void> {
  await execute(
    tx,
    sql`insert into campaign.plan (id, campaign_id, sha256, file_id, list_version, created_at, fact_id)
        values (${plan.id}, ${plan.campaignId}, ${plan.sha256}, ${plan.fileId}, ${plan.listVersion}, ${plan.createdAt}, ${plan.factId})`,
  );
}

export async function updateProposedPlan(tx: Tx, campaignId: string, planId: string): Promise<void> {
  await execute(tx, sql`update campaign.campaign set proposed_plan_id = ${planId} where id = ${campaignId}`);
}

export async function updatePlan(tx: Tx, campaignId: string, planId: string): Promise<void> {
  await execute(tx, sql`update campaign.campaign set plan_id = ${planId} where id = ${campaignId}`);
}

const policyRow = z.object({
  id: z.string(),
  sha256: z.string(),
  policy: z.unknown().transform(readPolicyVersion),
  adopted_at: instant,
});
export type PolicyVersion = z.output<typeof policyRow>;

/** When the campaign was closed; null while it is not. */
export async function findClosedAt(db: Db, campaignId: string): Promise<Date | null> {
  const found = await maybeRow(
    db,
    z.object({ at: instant }),
    sql`select e.at from campaign.state_event e join campaign.campaign c on c.id = e.campaign_id
        where c.id = ${campaignId} and c.state = 'closed' and e.to_state = 'closed' order by e.fact_id desc limit 1`,
  );
  return found?.at ?? null;
}

/** The policy that was adopted last, or null before the first plan. */
export async function findPolicyVersion(db: Db, campaignId: string): Promise<PolicyVersion | null> {
  return await maybeRow(
    db,
    policyRow,
    sql`select id, sha256, policy, adopted_at from campaign.policy_version
        where campaign_id = ${campaignId} order by fact_id desc limit 1`,
  );
}

export async function insertPolicyVersion(
  tx: Tx,
  version: { id: string; campaignId: string; sha256: string; policy: PolicyFile; adoptedAt: Date; factId: string },
): Promise<void> {
  await execute(
    tx,
    sql`insert into campaign.policy_version (id, campaign_id, sha256, policy, adopted_at, fact_id)
        values (${version.id}, ${version.campaignId}, ${version.sha256}, ${canonicalJson(version.policy)}, ${version.adoptedAt}, ${version.factId})`,
  );
}

/**
 * For statements of other rooms: true while the campaign runs this very plan, and this home is the one that sends. Pause is a
 * row, and this is who reads it.
 */
export function isRunningPlan(campaignId: string, planId: string): Sql {
  return sql`exists (select 1 from campaign.campaign k where k.id = ${campaignId} and k.state = 'running' and k.plan_id = ${planId}
    and not exists (select 1 from campaign.sending_home h where h.campaign_id = k.id and (h.suspended is not null or h.in_doubt)))`;
}
