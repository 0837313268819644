/** One person's whole story on one page, with what proves it. */
import { z } from 'zod';
import { type ToldStory, tellStory } from '../../evidence/story/tell-story.ts';
import { actingName, count, sha256 } from '../fields/operation-field.ts';
import { findPerson } from '../find-person.ts';
import { operationOf } from '../operation.ts';

const text = z.string().nullable();

const output = z.strictObject({
  ref: z.uuid(),
  name: text,
  list: z
    .strictObject({
      version: count,
      position: count,
      kind: z.string(),
      flags: z.array(z.string()),
      leakedItems: z.array(z.string()),
    })
    .nullable(),
  standing: z.strictObject({ term: z.string(), outcome: z.string(), step: text, dueOn: text }).nullable(),
  notices: z.array(
    z.strictObject({ number: z.string(), wave: z.string(), purpose: z.string(), issuedAt: z.iso.datetime() }),
  ),
  events: z.array(
    z.strictObject({
      at: z.iso.datetime(),
      what: z.string(),
      code: z.string(),
      notice: text,
      factId: count.nullable(),
    }),
  ),
  gifts: z.array(z.strictObject({ gift: z.string(), state: z.string(), priceYen: z.string() })),
  proof: z
    .strictObject({
      leaf: sha256,
      path: z.array(z.strictObject({ side: z.enum(['left', 'right']), hash: sha256 })),
      root: sha256,
    })
    .nullable(),
}) satisfies z.ZodType<ToldStory>;

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({ person: z.string(), by: actingName.optional() }),
  output,
  run: async ({ db, app, campaign, concerns }, { person }) => {
    const ref = await findPerson(db, campaign.id, person);
    await concerns([ref]);
    return await tellStory(app, { campaign, ref });
  },
});
