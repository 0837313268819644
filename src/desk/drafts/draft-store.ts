/** SQL of drafts: revisions, which documents each has, and contents that revisions share. Contents come and go sealed. */
import { z } from 'zod';
import { bytes, type Db, execute, instant, maybeRow, rows, sql, type Tx } from '../../platform/postgres/db.ts';

export type DraftRevision = {
  readonly revision: number;
  readonly at: Date;
  readonly authorId: string | null;
  readonly sha256: string;
};

const revisionRow = z
  .object({ revision: z.number().int(), at: instant, author_id: z.string().nullable(), draft_sha256: z.string() })
  .transform(
    (found): DraftRevision => ({
      revision: found.revision,
      at: found.at,
      authorId: found.author_id,
      sha256: found.draft_sha256,
    }),
  );

/** Newest first. */
export async function listDraftRevisions(db: Db, campaignId: string): Promise<DraftRevision[]> {
  return await rows(
    db,
    revisionRow,
    sql`select revision, at, author_id, draft_sha256 from desk.draft_revision
        where campaign_id = ${campaignId} order by revision desc`,
  );
}

/** The newest revision, or the given one; null when there is none. */
export async function findDraftRevision(
  db: Db,
  campaignId: string,
  revision: number | null = null,
): Promise<DraftRevision | null> {
  const which = revision === null ? sql`true` : sql`revision = ${revision}`;
  return await maybeRow(
    db,
    revisionRow,
    sql`select revision, at, author_id, draft_sha256 from desk.draft_revision
        where campaign_id = ${campaignId} and ${which} order by revision desc limit 1`,
  );
}

const documentRow = z
  .object({ path: z.string(), sha256: z.string(), content_sealed: bytes })
  .transform((found) => ({ path: found.path, sha256: found.sha256, contentSealed: found.content_sealed }));

export async function listDraftDocuments(
  db: Db,
  campaignId: string,
  revision: number,
): Promise<z.output<typeof documentRow>[]> {
  return await rows(
    db,
    documentRow,
    sql`select d.path, d.sha256, c.content_sealed from desk.draft_document d
          join desk.draft_content c on c.campaign_id = d.campaign_id and c.sha256 = d.sha256
        where d.campaign_id = ${campaignId} and d.revision = ${revision} order by d.path`,
  );
}

const hashRow = z.object({ revision: z.number().int(), path: z.string(), sha256: z.string() });

/** The hash of every document of every revision, oldest first; contents stay closed. */
export async function listDraftHashes(db: Db, campaignId: string): Promise<z.output<typeof hashRow>[]> {
  return await rows(
    db,
    hashRow,
    sql`select revision, path, sha256 from desk.draft_document where campaign_id = ${campaignId} order by revision, path`,
  );
}

export async function insertDraftRevision(
  tx: Tx,
  draft: DraftRevision & {
    readonly campaignId: string;
    readonly factId: string;
    readonly documents: readonly { path: string; sha256: string; contentSealed: Buffer }[];
  },
): Promise<void> {
  const { campaignId, revision, documents } = draft;
  await execute(
    tx,
    sql`insert into desk.draft_revision (campaign_id, revision, at, author_id, draft_sha256, fact_id)
        values (${campaignId}, ${revision}, ${draft.at}, ${draft.authorId}, ${draft.sha256}, ${draft.factId})`,
  );
  const [paths, hashes] = [documents.map(({ path }) => path), documents.map(({ sha256 }) => sha256)];
  await execute(
    tx,
    sql`insert into desk.draft_content (campaign_id, sha256, content_sealed)
        select ${campaignId}, sha256, sealed from unnest(${hashes}::text[],
          ${documents.map(({ contentSealed }) => contentSealed)}::bytea[]) as u(sha256, sealed)
        on conflict do nothing`,
  );
  await execute(
    tx,
    sql`insert into desk.draft_document (campaign_id, revision, path, sha256)
        select ${campaignId}, ${revision}, path, sha256 from unnest(${paths}::text[], ${hashes}::text[]) as u(path, sha256)`,
  );
}
