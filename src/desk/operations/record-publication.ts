/** That the client published something, with the document's hash; the same again changes nothing. */
import { z } from 'zod';
import { localTimeSchema, startInstant } from '../../campaign/folder/local-time.ts';
import { publicationKinds, publicationWords } from '../../campaign/publications/publication.ts';
import { recordPublication } from '../../campaign/publications/record-publication.ts';
import { actingName, isoInstant, sha256, wordOf } from '../fields/operation-field.ts';
import { hashDocument } from '../hash-document.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({
    kind: wordOf(publicationWords),
    url: z.string().refine((text) => /^https?:\/\/[^\s]+$/.test(text), 'want.url'),
    /** The document on this machine; its hash is kept. */
    document: z.string().min(1),
    /** The moment to which it speaks; now by default. */
    asOf: localTimeSchema.optional(),
    by: actingName.optional(),
  }),
  output: z.strictObject({
    kind: z.enum(publicationKinds),
    url: z.string(),
    documentSha256: sha256,
    asOf: isoInstant,
    isNew: z.boolean(),
  }),
  run: async ({ app, campaign, actor }, { kind, url, document, asOf: text, by }) => {
    const documentSha256 = await hashDocument(document);
    const asOf = text === undefined ? app.clock() : startInstant(text);
    const acting = by === undefined ? {} : { actorId: await actor(by) };
    const { isNew } = await recordPublication(app, { campaign, kind, url, documentSha256, asOf, ...acting });
    return { kind, url, documentSha256, asOf, isNew };
  },
});
