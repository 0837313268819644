/** Starts what two people approved, and says what that does to whom and what will wait for consent or stock. */
import { z } from 'zod';
import { waitCodes } from '../../campaign/wave/wave-opening.ts';
import { actingName } from '../fields/operation-field.ts';
import { answerState, stateAnswer } from '../fields/state-answer.ts';
import { launchCampaign } from '../lifecycle/launch-campaign.ts';
import { operationOf } from '../operation.ts';
import { campaignStatus } from '../overview/campaign-status.ts';
import { describeStoredPlan, planEffects } from '../plan/describe-plan.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ by: actingName.optional(), withoutPublication: z.boolean().default(false) }),
  output: stateAnswer.extend({
    /** Absent before a plan is approved. */
    effects: planEffects.optional(),
    waits: z.array(z.strictObject({ wave: z.string(), code: z.enum(waitCodes) })),
  }),
  run: async ({ app, campaign }, { by = null, withoutPublication }) => {
    const { id, planId } = campaign;
    const answer = await answerState(app, await launchCampaign(app, { campaign, by, withoutPublication }));
    if (planId === null) return { ...answer, waits: [] };
    const { waves } = await campaignStatus(app, id);
    return {
      ...answer,
      effects: await describeStoredPlan(app, { campaignId: id, planId }),
      waits: waves.flatMap((wave) =>
        wave.waits
          .filter(({ code }) => code === 'consent' || code === 'stock')
          .map(({ code }) => ({ wave: wave.id, code })),
      ),
    };
  },
});
