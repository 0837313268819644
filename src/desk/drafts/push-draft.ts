/**
 * Brings documents into the database as the next revision of a campaign's draft. Whoever began from an older revision is told
 * what the newer one changed, and nothing of it is overwritten unseen.
 */
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import { recordFact } from '../../journal/record-fact.ts';
import { sha256Hex } from '../../kernel/canonical.ts';
import type { App } from '../../platform/app.ts';
import { open, seal } from '../../platform/crypto/crypt.ts';
import { type Db, transaction } from '../../platform/postgres/db.ts';
import { lockUntilCommit } from '../../platform/postgres/locks.ts';
import { compareDrafts, type DraftChange, type DraftDocuments, hashDraft } from './draft.ts';
import { findDraftRevision, insertDraftRevision, listDraftDocuments } from './draft-store.ts';

const contentAad = (campaignId: string, sha256: string) => `${campaignId}|${sha256}|content_sealed`;

export type StoredDraft = { readonly revision: number; readonly sha256: string; readonly documents: DraftDocuments };

/** The newest revision, or the given one, opened; null when there is none. */
export async function findDraft(
  app: Pick<App, 'keys'>,
  db: Db,
  { campaignId, revision = null }: { campaignId: string; revision?: number | null },
): Promise<StoredDraft | null> {
  const found = await findDraftRevision(db, campaignId, revision);
  if (found === null) return null;
  const { documents: key } = app.keys.open(campaignId);
  const documents = await listDraftDocuments(db, campaignId, found.revision);
  return {
    revision: found.revision,
    sha256: found.sha256,
    documents: new Map(
      documents.map(({ path, sha256, contentSealed }) => [
        path,
        open(key, contentAad(campaignId, sha256), contentSealed).toString('utf8'),
      ]),
    ),
  };
}

export type PushAnswer = {
  readonly kind: 'pushed' | 'unchanged' | 'moved';
  /** The newest revision now. */
  readonly revision: number;
  /** `pushed`: against the revision before; `moved`: what the newest revision has that these documents have not. */
  readonly changes: readonly DraftChange[];
};

/** `base` is the revision from which the documents were made, null for none; `isForced` is a named person's decision. */
export async function pushDraft(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  input: { campaignId: string; documents: DraftDocuments; base: number | null; by: string; isForced: boolean },
): Promise<PushAnswer> {
  const { campaignId, documents, base, by, isForced } = input;
  const { documents: key } = app.keys.open(campaignId);
  return await transaction(app.pool, async (tx) => {
    await lockUntilCommit(tx, { lock: 'draft', campaignId });
    const head = await findDraft(app, tx, { campaignId });
    const sha256 = hashDraft(documents);
    if (head?.sha256 === sha256) return { kind: 'unchanged', revision: head.revision, changes: [] };
    if (head !== null && head.revision !== base && !isForced)
      return { kind: 'moved', revision: head.revision, changes: compareDrafts(documents, head.documents) };
    const revision = (head?.revision ?? 0) + 1;
    const at = app.clock();
    const authorId = await ensureActor(app, tx, { campaignId, name: by });
    const body = { revision, sha256, documents: documents.size, isForced };
    const factId = await recordFact(tx, { campaignId, kind: 'draft.pushed', occurredAt: at, actorId: authorId, body });
    const sealed = [...documents].map(([path, text]) => {
      const hash = sha256Hex(text);
      return { path, sha256: hash, contentSealed: seal(key, contentAad(campaignId, hash), text) };
    });
    await insertDraftRevision(tx, { campaignId, revision, at, authorId, sha256, factId, documents: sealed });
    return { kind: 'pushed', revision, changes: compareDrafts(head?.documents ?? new Map(), documents) };
  });
}
