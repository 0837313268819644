/** What is still to come: contacts and seats per day, and what the insurer will owe when everything is billed. */
import { z } from 'zod';
import { daySchema } from '../../campaign/folder/local-time.ts';
import { count, definedOnly, typedNumber } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';
import { type CampaignForecast, forecastCampaign } from '../overview/forecast-campaign.ts';

const DAYS_MAX = 366;

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({ from: daySchema.optional(), days: typedNumber(1, DAYS_MAX).default(28) }),
  output: z.strictObject({
    contacts: z.array(z.strictObject({ day: z.iso.date(), expected: count, seats: count, reported: count.nullable() })),
    /** Null before a policy is adopted. Yen. */
    money: z
      .strictObject({
        incurred: count,
        payable: count,
        incurredWhenBilled: count,
        payableWhenBilled: count,
        paid: count,
        outstanding: count,
        outstandingWhenBilled: count,
      })
      .nullable(),
  }) satisfies z.ZodType<CampaignForecast>,
  run: async ({ app, campaign }, { from, days }) =>
    await forecastCampaign(app, { campaign, days, ...definedOnly({ from }) }),
});
