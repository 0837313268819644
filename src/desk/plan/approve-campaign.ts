/**
 * One person approves what the campaign's draft says now: it is checked, frozen as a plan together with the list, and the
 * approval goes to that plan's hash. A draft with a fault is never put up for approval.
 */
import { type ApprovalResult, approvePlan } from '../../campaign/approvals/approve-plan.ts';
import type { Campaign } from '../../campaign/campaign.ts';
import { getCampaign } from '../../campaign/find-campaign.ts';
import type { CampaignFolder } from '../../campaign/folder/campaign-folder.ts';
import { listFacts } from '../../journal/store.ts';
import { toDay } from '../../kernel/calendar.ts';
import type { Problem } from '../../kernel/problem.ts';
import type { App } from '../../platform/app.ts';
import type { Language } from '../../platform/language.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { coverAudit } from '../audit/cover-audit.ts';
import { readDraft } from '../drafts/read-draft.ts';
import { adoptPlanRates } from './adopt-plan-rates.ts';
import { checkReading } from './check-campaign.ts';
import { describePlan, type PlanEffects } from './describe-plan.ts';
import { proposePlan } from './propose-plan.ts';

export type CampaignApproval =
  | (ApprovalResult & {
      /** What the plan will do to whom, counted on the frozen list. */
      effects: PlanEffects;
      /** What deserves a look and stopped nothing, the trial company's values among it. */
      warnings: readonly Problem[];
    })
  /** The draft has faults; nothing was frozen. */
  | { kind: 'faulty'; problems: readonly Problem[] };

/**
 * `expectSha256` is the hash that the person was shown; when the draft has changed since, the approval is refused with
 * PLAN_CHANGED. Throws LIST_NOT_FROZEN and FOLDER_UNREADABLE.
 */
export async function approveCampaign(
  app: App,
  input: {
    campaign: Campaign;
    /** The folder that was named; without it the draft's newest revision counts. */
    folder?: string | null;
    by: string;
    code?: string;
    expectSha256?: string;
    language: Language;
  },
): Promise<CampaignApproval> {
  const { campaign, by, code, expectSha256, language } = input;
  const reading = await readDraft(app, { campaignId: campaign.id, folder: input.folder ?? null, language });
  const { ok, problems, warnings } = checkReading(reading, { language, today: toDay(app.clock()) });
  const { folder } = reading;
  if (!ok || folder === undefined) return { kind: 'faulty', problems };
  const { sha256 } = await proposePlan(app, campaign, folder);
  const effects = await describeProposed(app, campaign.id, folder);
  if (expectSha256 !== undefined && expectSha256 !== sha256)
    return { kind: 'refused', reason: 'PLAN_CHANGED', effects, warnings };
  // Approvers sign the chain's head: what was done and looked at until now stands below it.
  await coverAudit(app, campaign.id);
  const result = await approvePlan(app, {
    campaign,
    by,
    ...(code === undefined ? {} : { code }),
    expectSha256: sha256,
    loadedBy: await listLoaders(app.pool, campaign.id),
  });
  if (result.kind === 'recorded' && result.missing === 0) await adoptPlanRates(app, campaign.id);
  return { ...result, effects, warnings };
}

async function describeProposed(app: App, campaignId: string, { file, policy }: CampaignFolder): Promise<PlanEffects> {
  const { listVersion } = await getCampaign(app.pool, campaignId);
  return await describePlan(app.pool, { campaignId, listVersion: listVersion ?? 0, file, policy, now: app.clock() });
}

/** Who loaded the list, as the journal records it. */
async function listLoaders(db: Db, campaignId: string): Promise<string[]> {
  const facts = await listFacts(db, campaignId);
  return [...new Set(facts.flatMap((fact) => (fact.actorId && fact.kind === 'roster.imported' ? [fact.actorId] : [])))];
}
