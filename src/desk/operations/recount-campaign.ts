/** Holds the rooms' records against one another, and counters against their rows; the result stays for the status. */
import { z } from 'zod';
import { countedPlaces, type Reconciliation } from '../../evidence/figures/reconcile.ts';
import { coverAudit } from '../audit/cover-audit.ts';
import { count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';
import { recountCampaign } from '../upkeep/recount-campaigns.ts';

const side = z.strictObject({ from: z.enum(countedPlaces), count });
/** `what` is a code: `letters.posted`. */
const comparison = z.strictObject({ what: z.string(), left: side, right: side });

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({}),
  output: z.strictObject({
    ok: z.boolean(),
    compared: count,
    comparisons: z.array(comparison),
    differences: z.array(comparison.extend({ difference: count })),
  }) satisfies z.ZodType<Reconciliation>,
  run: async ({ app, campaign }) => {
    await coverAudit(app, campaign.id);
    return await recountCampaign(app, campaign.id);
  },
});
