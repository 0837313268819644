/** Writes every notice that chosen people may get as a file, made by the sender's own code. The folder will hold personal data. */
import { z } from 'zod';
import type { Campaign } from '../../campaign/campaign.ts';
import { needFolder } from '../../campaign/folder/campaign-folder.ts';
import { getPlanSnapshot } from '../../campaign/plan/create-plan.ts';
import { say } from '../../platform/words.ts';
import { readDraft } from '../drafts/read-draft.ts';
import { actingName } from '../fields/operation-field.ts';
import { findPerson } from '../find-person.ts';
import type { ReadingApp } from '../operation.ts';
import { operationOf } from '../operation.ts';
import { type PreviewTexts, previewNotices } from '../plan/preview-notices.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({
    /** A folder on this machine, for its maker's eyes only. */
    out: z.string().min(1),
    /** One person, by notice number or reference; without it the hardest of the list. */
    person: z.string().optional(),
    by: actingName.optional(),
  }),
  output: z.strictObject({
    files: z.array(z.string()),
    people: z.enum(['person', 'list', 'samples']),
    /** What could not be written and why, in the language of the call. */
    skipped: z.array(z.string()),
  }),
  run: async ({ db, app, campaign, folder, language, progress, concerns }, { out, person }) => {
    const ref = person === undefined ? {} : { ref: await findPerson(db, campaign.id, person) };
    const result = await previewNotices(app, {
      campaign,
      texts: await readTexts(app, campaign, folder),
      outDir: out,
      ...ref,
      concerns,
      onProgress: (done, total) => progress('cli.preview.progress', done, total),
    });
    return { ...result, skipped: result.skipped.map(({ word, params }) => say(language, word, params)) };
  },
});

/** A folder shows what is being written; an id shows what was proposed or approved, and before that the draft. */
async function readTexts(app: ReadingApp, campaign: Campaign, folder: string | null): Promise<PreviewTexts> {
  const planId = campaign.proposedPlanId ?? campaign.planId;
  if (folder !== null || planId === null) {
    const { file, notices } = needFolder(await readDraft(app, { campaignId: campaign.id, folder }));
    return { file, notices: notices.map((notice) => ({ ...notice, file: notice.path })) };
  }
  const { campaignFile, notices } = await getPlanSnapshot(app, planId);
  return {
    file: campaignFile,
    notices: notices.map((notice) => ({ ...notice, file: `${notice.variant}.${notice.language}.md` })),
  };
}
