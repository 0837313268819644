/** SQL of publications. */
import { z } from 'zod';
import { type Db, instant, maybeRow, rows, sql, type Tx } from '../../platform/postgres/db.ts';
import { type Publication, publicationKinds } from './publication.ts';

const publicationRow = z
  .object({
    id: z.string(),
    kind: z.enum(publicationKinds),
    url: z.string(),
    document_sha256: z.string(),
    as_of: instant,
    recorded_at: instant,
  })
  .transform(
    (found): Publication => ({
      id: found.id,
      kind: found.kind,
      url: found.url,
      documentSha256: found.document_sha256,
      asOf: found.as_of,
      recordedAt: found.recorded_at,
    }),
  );

/** Null when the same publication was recorded before. */
export async function insertPublication(
  tx: Tx,
  publication: Publication & { campaignId: string; factId: string },
): Promise<Publication | null> {
  return await maybeRow(
    tx,
    publicationRow,
    sql`insert into campaign.publication (id, campaign_id, kind, url, document_sha256, as_of, recorded_at, fact_id)
        values (${publication.id}, ${publication.campaignId}, ${publication.kind}, ${publication.url},
          ${publication.documentSha256}, ${publication.asOf}, ${publication.recordedAt}, ${publication.factId})
        on conflict do nothing returning *`,
  );
}

export async function listPublicationRows(db: Db, campaignId: string): Promise<Publication[]> {
  return await rows(
    db,
    publicationRow,
    sql`select * from campaign.publication where campaign_id = ${campaignId} order by as_of, fact_id`,
  );
}
