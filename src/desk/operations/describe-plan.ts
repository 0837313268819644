/** What the newest plan does to whom, without approving or starting anything. */
import { z } from 'zod';
import { operationOf } from '../operation.ts';
import { describeStoredPlan, planEffects } from '../plan/describe-plan.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({}),
  output: planEffects,
  run: async ({ app, campaign: { id, proposedPlanId, planId } }) =>
    await describeStoredPlan(app, { campaignId: id, planId: proposedPlanId ?? planId }),
});
