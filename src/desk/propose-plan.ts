/**
 * Freezes what is in the campaign folder now, together with the frozen list, as the plan that waits for approval; and says
 * what in the folder differs from a frozen plan (drift).
 */

import type { Campaign } from '../campaign/campaign.ts';
import type { CampaignFolder } from '../campaign/campaign-folder.ts';
import { createPlan } from '../campaign/create-plan.ts';
import { getCampaign } from '../campaign/find-campaign.ts';
import type { PlanSnapshot } from '../campaign/plan.ts';
import { fontsSha256, rendererVersion } from '../delivery/letters/letter-format.ts';
import { getListVersion } from '../intake/list-members.ts';
import { canonicalJson, sha256Hex } from '../kernel/canonical.ts';
import { AppError } from '../kernel/errors.ts';
import type { App } from '../platform/app.ts';

/** The snapshot of the folder and the newest list version. Throws LIST_NOT_FROZEN. */
export async function snapshotFolder(
  app: Pick<App, 'pool'>,
  campaign: Campaign,
  folder: CampaignFolder,
): Promise<PlanSnapshot> {
  const { listVersion } = await getCampaign(app.pool, campaign.id);
  if (listVersion === null) {
    throw new AppError('LIST_NOT_FROZEN', 'the list of people is not frozen yet', {
      hint: `Run \`owabi import ${campaign.slug} FILE\`, look at the report, then \`owabi freeze ${campaign.slug}\`.`,
    });
  }
  const list = await getListVersion(app.pool, campaign.id, listVersion);
  return {
    campaignFile: folder.file,
    policy: folder.policy,
    ratesSha256: sha256Hex(folder.ratesText),
    notices: folder.notices.map(({ variant, language, text }) => ({
      variant,
      language,
      text,
      sha256: sha256Hex(text),
    })),
    listVersion,
    listSha256: list.sha256,
    fontsSha256: await fontsSha256(),
    rendererVersion,
  };
}

export async function proposePlan(
  app: App,
  campaign: Campaign,
  folder: CampaignFolder,
): Promise<{ planId: string; sha256: string }> {
  return await createPlan(app, { campaign, snapshot: await snapshotFolder(app, campaign, folder) });
}

/** What in the folder is not what the frozen plan runs: names of parts, never their content. */
export function describeDrift(current: PlanSnapshot, frozen: PlanSnapshot): string[] {
  const drift: string[] = [];
  if (canonicalJson(current.campaignFile) !== canonicalJson(frozen.campaignFile)) drift.push('campaign.yaml');
  if (canonicalJson(current.policy) !== canonicalJson(frozen.policy)) drift.push('policy.yaml');
  if (current.ratesSha256 !== frozen.ratesSha256) drift.push('rates.yaml');
  if (current.listSha256 !== frozen.listSha256) drift.push(`list version ${current.listVersion}`);
  if (current.fontsSha256 !== frozen.fontsSha256 || current.rendererVersion !== frozen.rendererVersion)
    drift.push('renderer');
  const name = (notice: { variant: string; language: string }) => `notice/${notice.variant}.${notice.language}.md`;
  const before = new Map(frozen.notices.map((notice) => [name(notice), notice.sha256]));
  for (const notice of current.notices) {
    if (before.get(name(notice)) !== notice.sha256) drift.push(name(notice));
    before.delete(name(notice));
  }
  return [...drift, ...before.keys()];
}
