/** Freezes what is in the campaign folder now, together with the frozen list, as the plan that waits for approval. */

import type { Campaign } from '../../campaign/campaign.ts';
import { getCampaign } from '../../campaign/find-campaign.ts';
import type { CampaignFolder } from '../../campaign/folder/campaign-folder.ts';
import { createPlan } from '../../campaign/plan/create-plan.ts';
import type { PlanSnapshot } from '../../campaign/plan/plan.ts';
import { fontsSha256, rendererVersion } from '../../delivery/letters/letter-format.ts';
import { getListVersion } from '../../intake/list/list-members.ts';
import { sha256Hex } from '../../kernel/canonical.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';

/** The snapshot of the folder and the newest list version. Throws LIST_NOT_FROZEN. */
export async function snapshotFolder(
  app: Pick<App, 'pool'>,
  campaign: Campaign,
  folder: CampaignFolder,
): Promise<PlanSnapshot> {
  const { listVersion } = await getCampaign(app.pool, campaign.id);
  if (listVersion === null) {
    throw new AppError('LIST_NOT_FROZEN.plan', { campaign: campaign.slug });
  }
  const list = await getListVersion(app.pool, campaign.id, listVersion);
  return {
    campaignFile: folder.file,
    policy: folder.policy,
    ratesText: folder.ratesText,
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
