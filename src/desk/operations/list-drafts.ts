/** The revisions of the draft, newest first: when, by whom, and what each changed. */
import { z } from 'zod';
import { listActors } from '../../campaign/actors/ensure-actor.ts';
import { compareDrafts } from '../drafts/draft.ts';
import { listDraftRevisions } from '../drafts/draft-store.ts';
import { findDraft } from '../drafts/push-draft.ts';
import { operationOf } from '../operation.ts';
import { count, isoInstant, sha256 } from '../operation-field.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({}),
  output: z.strictObject({
    revisions: z.array(
      z.strictObject({
        revision: count,
        at: isoInstant,
        author: z.string().nullable(),
        sha256,
        changes: z.array(z.strictObject({ path: z.string(), change: z.enum(['added', 'removed', 'changed']) })),
      }),
    ),
  }),
  run: async ({ db, app, campaign }) => {
    const names = new Map((await listActors(app, db, campaign.id)).map(({ id, name }) => [id, name]));
    const revisions = [];
    for (const { revision, at, authorId, sha256 } of await listDraftRevisions(db, campaign.id)) {
      const [before, after] = await Promise.all([
        findDraft(app, db, { campaignId: campaign.id, revision: revision - 1 }),
        findDraft(app, db, { campaignId: campaign.id, revision }),
      ]);
      const changes = compareDrafts(before?.documents ?? new Map(), after?.documents ?? new Map());
      revisions.push({
        revision,
        at,
        author: authorId === null ? null : (names.get(authorId) ?? null),
        sha256,
        changes,
      });
    }
    return { revisions };
  },
});
