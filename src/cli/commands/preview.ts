// `owabi preview`: the e-mail and the letter of any person, or of the hardest ones, exactly as they would leave.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Campaign } from '../../campaign/campaign.ts';
import { getPlanSnapshot } from '../../campaign/plan/create-plan.ts';
import { findPerson } from '../../desk/find-person.ts';
import { type PreviewTexts, previewNotices } from '../../desk/preview-notices.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import type { AppRun } from '../command.ts';
import { loadCampaignFolder, resolveCampaign } from '../resolve-campaign.ts';

export const runPreview: AppRun = async ({ app, args, options, say, progress }) => {
  if (typeof options.out !== 'string') {
    throw new AppError('USAGE_WRONG.previewOut');
  }
  const campaign = await resolveCampaign(app, args[0]);
  const texts = await readTexts(app, campaign, args[0] ?? '');
  const ref = typeof options.person === 'string' ? await findPerson(app.pool, campaign.id, options.person) : undefined;
  const { files, skipped, people } = await previewNotices(app, {
    campaign,
    texts,
    outDir: options.out,
    ...(ref === undefined ? {} : { ref }),
    onProgress: (done, total) => progress(say('cli.preview.progress'), done, total),
  });
  const lines = [
    say(`cli.preview.from.${people}`),
    ...files,
    ...skipped.map((reason) => say('cli.preview.skipped', { reason })),
  ];
  return { json: { files, people, skipped }, text: lines.join('\n'), exitCode: skipped.length > 0 ? 1 : 0 };
};

/** A folder shows what is being written; an id shows what was proposed or approved. */
async function readTexts(app: App, campaign: Campaign, argument: string): Promise<PreviewTexts> {
  if (existsSync(join(argument, 'campaign.yaml'))) {
    const folder = await loadCampaignFolder(argument, app.config.language);
    return { file: folder.file, notices: folder.notices.map((notice) => ({ ...notice, file: notice.path })) };
  }
  const planId = campaign.proposedPlanId ?? campaign.planId;
  if (!planId) throw new AppError('PLAN_MISSING.none');
  const { campaignFile, notices } = await getPlanSnapshot(app, planId);
  return {
    file: campaignFile,
    notices: notices.map((notice) => ({ ...notice, file: `${notice.variant}.${notice.language}.md` })),
  };
}
