/** The revisions of the draft, newest first: when, by whom, and what each changed. */
import { z } from 'zod';
import { listActors } from '../../campaign/actors/ensure-actor.ts';
import { compareDrafts } from '../drafts/draft.ts';
import { listDraftHashes, listDraftRevisions } from '../drafts/draft-store.ts';
import { count, isoInstant, sha256 } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

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
    const hashes = new Map<number, Map<string, string>>();
    for (const { revision, path, sha256: hash } of await listDraftHashes(db, campaign.id))
      hashes.set(revision, (hashes.get(revision) ?? new Map()).set(path, hash));
    const documentsOf = (revision: number) => hashes.get(revision) ?? new Map<string, string>();
    const revisions = (await listDraftRevisions(db, campaign.id)).map(({ revision, at, authorId, sha256: hash }) => ({
      revision,
      at,
      author: authorId === null ? null : (names.get(authorId) ?? null),
      sha256: hash,
      changes: compareDrafts(documentsOf(revision - 1), documentsOf(revision)),
    }));
    return { revisions };
  },
});
