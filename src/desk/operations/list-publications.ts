/** What the client published, with the hash of each document. */
import { z } from 'zod';
import { publicationKinds } from '../../campaign/publications/publication.ts';
import { listPublications } from '../../campaign/publications/record-publication.ts';
import { isoInstant, sha256 } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({}),
  output: z.strictObject({
    publications: z.array(
      z.strictObject({
        id: z.uuid(),
        kind: z.enum(publicationKinds),
        url: z.string(),
        documentSha256: sha256,
        asOf: isoInstant,
        recordedAt: isoInstant,
      }),
    ),
  }),
  run: async ({ db, campaign }) => ({ publications: await listPublications(db, campaign.id) }),
});
