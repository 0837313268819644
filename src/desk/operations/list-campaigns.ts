/** Every campaign of this home by client, with where it stands and what is due next. */
import { z } from 'zod';
import { campaignStates } from '../../campaign/campaign-state.ts';
import { bilingual, count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';
import { type CampaignLine, listCampaignLines } from '../overview/list-campaigns.ts';

export const operation = operationOf({
  kind: 'home-read',
  input: z.strictObject({}),
  output: z.strictObject({
    campaigns: z.array(
      z.strictObject({
        campaign: z.string(),
        client: z.string().nullable(),
        state: z.enum(campaignStates),
        legalHold: z.boolean(),
        people: count,
        next: z
          .strictObject({
            on: z.iso.date(),
            at: z.iso.datetime().nullable(),
            label: bilingual.nullable(),
            decision: z.string().nullable(),
          })
          .nullable(),
        decisions: count,
      }) satisfies z.ZodType<CampaignLine>,
    ),
  }),
  run: async ({ app }) => ({ campaigns: await listCampaignLines(app) }),
});
