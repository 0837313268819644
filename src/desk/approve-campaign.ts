/**
 * One person approves what is in the campaign folder now: the folder is checked, frozen as a plan together with the list, and
 * the approval goes to that plan's hash. A folder with a fault is never put up for approval.
 */
import { type ApprovalResult, approvePlan } from '../campaign/approvals/approve-plan.ts';
import type { Campaign } from '../campaign/campaign.ts';
import { getCampaign, getCampaignFolder } from '../campaign/find-campaign.ts';
import type { CampaignFile } from '../campaign/folder/campaign-file.ts';
import { getCampaignFolderContent } from '../campaign/folder/campaign-folder.ts';
import { listFacts } from '../journal/store.ts';
import { toDay } from '../kernel/calendar.ts';
import type { Problem } from '../kernel/problem.ts';
import type { App } from '../platform/app.ts';
import type { Language } from '../platform/language.ts';
import type { Db } from '../platform/postgres/db.ts';
import { adoptPlanRates } from './adopt-plan-rates.ts';
import { checkFolder } from './check-campaign.ts';
import { describePlan, type PlanEffects } from './describe-plan.ts';
import { proposePlan } from './propose-plan.ts';

export type CampaignApproval =
  | (ApprovalResult & {
      /** What the plan will do to whom, counted on the frozen list. */
      effects: PlanEffects;
    })
  /** The folder has faults; nothing was frozen. */
  | { kind: 'faulty'; problems: readonly Problem[] };

/**
 * `expectSha256` is the hash that the person was shown; when the folder has changed since, the approval is refused with
 * PLAN_CHANGED. Throws LIST_NOT_FROZEN and FOLDER_UNREADABLE.
 */
export async function approveCampaign(
  app: App,
  input: { campaign: Campaign; by: string; code?: string; expectSha256?: string; language: Language },
): Promise<CampaignApproval> {
  const { campaign, by, code, expectSha256, language } = input;
  const dir = await getCampaignFolder(app, campaign.id);
  const { ok, problems } = await checkFolder(dir, { language, today: toDay(app.clock()) });
  if (!ok) return { kind: 'faulty', problems };
  const folder = await getCampaignFolderContent(dir, language);
  const { sha256 } = await proposePlan(app, campaign, folder);
  const effects = await describeProposed(app, campaign.id, folder.file);
  if (expectSha256 !== undefined && expectSha256 !== sha256)
    return { kind: 'refused', reason: 'PLAN_CHANGED', effects };
  const result = await approvePlan(app, {
    campaign,
    by,
    ...(code === undefined ? {} : { code }),
    expectSha256: sha256,
    loadedBy: await listLoaders(app.pool, campaign.id),
  });
  if (result.kind === 'recorded' && result.missing === 0) await adoptPlanRates(app, campaign.id);
  return { ...result, effects };
}

async function describeProposed(app: App, campaignId: string, file: CampaignFile): Promise<PlanEffects> {
  const { listVersion } = await getCampaign(app.pool, campaignId);
  return await describePlan(app.pool, { campaignId, listVersion: listVersion ?? 0, file });
}

/** Who loaded the list, as the journal records it. */
async function listLoaders(db: Db, campaignId: string): Promise<string[]> {
  const facts = await listFacts(db, campaignId);
  return [...new Set(facts.flatMap((fact) => (fact.actorId && fact.kind === 'roster.imported' ? [fact.actorId] : [])))];
}
