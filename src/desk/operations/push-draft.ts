/** Brings a folder's documents into the database as the next revision of the draft, unless somebody else was first. */
import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { readDraftBase, readDraftFolder, writeDraftBase } from '../drafts/draft-folder.ts';
import { pushDraft } from '../drafts/push-draft.ts';
import { actingName, count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

const draftChanges = z.array(z.strictObject({ path: z.string(), change: z.enum(['added', 'removed', 'changed']) }));

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ by: actingName, force: z.boolean().default(false) }),
  output: z.strictObject({
    kind: z.enum(['pushed', 'unchanged', 'moved']),
    revision: count,
    base: count.nullable(),
    changes: draftChanges,
  }),
  run: async ({ app, campaign, folder }, { by, force }) => {
    if (folder === null) throw new AppError('USAGE_WRONG.pushFolder');
    const base = await readDraftBase(folder, campaign.id);
    const documents = await readDraftFolder(folder);
    const answer = await pushDraft(app, { campaignId: campaign.id, documents, base, by, isForced: force });
    if (answer.kind !== 'moved') await writeDraftBase(folder, campaign.id, answer.revision);
    return { ...answer, base };
  },
});
