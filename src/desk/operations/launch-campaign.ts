/** Starts what two people approved, and says what that does to whom and what will wait for consent or stock. */
import { z } from 'zod';
import { actingName } from '../fields/operation-field.ts';
import { answerState, stateAnswer } from '../fields/state-answer.ts';
import { launchCampaign } from '../lifecycle/launch-campaign.ts';
import { operationOf } from '../operation.ts';
import { describeStoredPlan, planEffects } from '../plan/describe-plan.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ by: actingName.optional(), withoutPublication: z.boolean().default(false) }),
  output: stateAnswer.extend({
    /** Absent before a plan is approved. */
    effects: planEffects.optional(),
  }),
  run: async ({ app, campaign }, { by = null, withoutPublication }) => {
    const { id, planId } = campaign;
    const effects = planId === null ? {} : { effects: await describeStoredPlan(app, { campaignId: id, planId }) };
    const answer = await answerState(app, await launchCampaign(app, { campaign, by, withoutPublication }));
    return { ...answer, ...effects };
  },
});
