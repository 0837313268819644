/** Destroys the keys of a closed campaign, under two names; a dry run says what would go. */
import { z } from 'zod';
import { actingName, count } from '../fields/operation-field.ts';
import { type PurgeAnswer, purgeCampaign } from '../lifecycle/purge-campaign.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({
    by: actingName,
    and: actingName,
    all: z.boolean().default(false),
    dryRun: z.boolean().default(false),
  }),
  output: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.enum(['purged', 'would_purge']),
      keys: count,
      files: count,
      folders: z.array(z.string()),
    }),
    z.strictObject({ kind: z.literal('refused'), reasons: z.array(z.string()) }),
  ]) satisfies z.ZodType<PurgeAnswer>,
  run: async ({ app, campaign }, { by, and, all, dryRun }) =>
    await purgeCampaign(app, { campaign, by, and, scope: all ? 'all' : 'addresses', dryRun }),
});
