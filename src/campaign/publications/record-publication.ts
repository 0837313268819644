/** Records that the client published something; the same publication again changes nothing. */
import { recordEvents } from '../../journal/record-fact.ts';
import { newRef } from '../../kernel/ids.ts';
import { acceptMoment } from '../../kernel/outside-day.ts';
import type { App } from '../../platform/app.ts';
import { type Db, transaction } from '../../platform/postgres/db.ts';
import type { Campaign } from '../campaign.ts';
import { campaignAftermath } from '../campaign-span.ts';
import type { Publication, PublicationKind } from './publication.ts';
import { insertPublication, listPublicationRows } from './store.ts';

/**
 * Returns whether the publication is new. `asOf` is the moment to which the document speaks; throws DAY_REFUSED when it lies in the future or
 * before the incident was known.
 */
export async function recordPublication(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  input: {
    campaign: Campaign;
    kind: PublicationKind;
    url: string;
    documentSha256: string;
    asOf: Date;
    actorId?: string;
  },
): Promise<{ isNew: boolean }> {
  const { campaign, kind, url, documentSha256 } = input;
  const recordedAt = app.clock();
  const span = await campaignAftermath(app, campaign.id);
  const asOf = acceptMoment(input.asOf, { now: recordedAt, campaign: span });
  const written = await transaction(app.pool, async (tx) => {
    return await recordEvents(tx, {
      campaignId: campaign.id,
      kind: 'publication.recorded',
      occurredAt: asOf,
      actorId: input.actorId ?? null,
      insert: async (factId) => {
        const publication = {
          id: newRef(),
          kind,
          url,
          documentSha256,
          asOf,
          recordedAt,
          campaignId: campaign.id,
          factId,
        };
        const row = await insertPublication(tx, publication);
        return row ? [row] : [];
      },
      describe: (rows) => ({
        events: rows.map((row) => [row.id, row.kind, 1, row.asOf.toISOString(), row.documentSha256]),
        lines: [],
        body: { kind, url, documentSha256, asOf: asOf.toISOString() },
      }),
    });
  });
  return { isNew: written !== null };
}

/** All publications of a campaign, oldest first. */
export async function listPublications(db: Db, campaignId: string): Promise<Publication[]> {
  return await listPublicationRows(db, campaignId);
}
