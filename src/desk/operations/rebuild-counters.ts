/** Replaces the counters by a count of the rows, on record under a name. */
import { z } from 'zod';
import { actingName } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';
import { rebuildCounters } from '../upkeep/add-up-counters.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ by: actingName }),
  output: z.strictObject({ rebuilt: z.literal(true) }),
  run: async ({ app, campaign }, { by }) => {
    await rebuildCounters(app, { campaignId: campaign.id, by });
    return { rebuilt: true as const };
  },
});
