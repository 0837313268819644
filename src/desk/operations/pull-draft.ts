/** Writes the newest revision of the draft, or an older one, into a folder; what was changed there and never pushed stays. */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { compareDrafts, hashDraft } from '../drafts/draft.ts';
import { readDraftBase, readDraftFolder, writeDraftBase, writeDraftFolder } from '../drafts/draft-folder.ts';
import { findDraft } from '../drafts/push-draft.ts';
import { count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({
    dir: z.string().min(1),
    revision: z.coerce.number().int().min(1).optional(),
    force: z.boolean().default(false),
  }),
  output: z.strictObject({
    /** `changed`: the folder has changes that nobody pushed; nothing was written. */
    kind: z.enum(['pulled', 'changed']),
    dir: z.string(),
    revision: count,
    changes: z.array(z.strictObject({ path: z.string(), change: z.enum(['added', 'removed', 'changed']) })),
  }),
  run: async ({ db, app, campaign }, { dir: given, revision = null, force }) => {
    const dir = resolve(given);
    const draft = await findDraft(app, db, { campaignId: campaign.id, revision });
    if (draft === null) throw new AppError('DRAFT_MISSING');
    const here = await readDraftFolder(dir);
    const base = await readDraftBase(dir, campaign.id);
    const known = base === null ? null : await findDraft(app, db, { campaignId: campaign.id, revision: base });
    const isKnown = here.size === 0 || [draft, known].some((one) => one?.sha256 === hashDraft(here));
    const changes = compareDrafts(here, draft.documents);
    if (!isKnown && !force) return { kind: 'changed' as const, dir, revision: draft.revision, changes };
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await writeDraftFolder(dir, draft.documents);
    await writeDraftBase(dir, campaign.id, draft.revision);
    return { kind: 'pulled' as const, dir, revision: draft.revision, changes };
  },
});
