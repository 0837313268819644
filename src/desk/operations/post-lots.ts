/** Records the posting of what is open in lots under one stamped 差出票, by a named person. */
import { z } from 'zod';
import { daySchema } from '../../campaign/folder/local-time.ts';
import { postLots } from '../../delivery/letters/post-lots.ts';
import { isPostOffice, isSlipNumber } from '../../delivery/letters/slip-words.ts';
import { toDay } from '../../kernel/calendar.ts';
import { actingName, count, numberWithin } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({
    lots: z.array(numberWithin(1, 999_999)).min(1),
    slip: z.string().normalize('NFKC').refine(isSlipNumber, 'want.slipNumber'),
    /** Today when it is not given. */
    day: daySchema.optional(),
    office: z.string().normalize('NFKC').refine(isPostOffice, 'want.postOffice').default(''),
    by: actingName,
  }),
  output: z.strictObject({ slip: z.string(), day: z.iso.date(), posted: count }),
  run: async ({ app, campaign, actor }, { lots, slip, day = toDay(app.clock()), office, by }) => {
    const actorId = await actor(by);
    const posted = await postLots(app, {
      campaignId: campaign.id,
      lotNumbers: lots,
      slip: { slipNumber: slip, postedOn: day, postOffice: office },
      actorId,
    });
    return { slip, day, posted };
  },
});
