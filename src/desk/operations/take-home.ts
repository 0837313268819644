/** A named person says that this home sends for a campaign from now on, and no other does. */
import { z } from 'zod';
import { type TakenHome, takeHome } from '../../delivery/home/take-home.ts';
import { actingName, count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ by: actingName }),
  output: z.strictObject({
    /** False when it was the home that sends already. */
    taken: z.boolean(),
    generation: count,
    /** What another home may have sent, to be settled by log or by names. */
    mails: count,
    letters: count,
  }) satisfies z.ZodType<TakenHome>,
  run: async ({ app, campaign }, { by }) => await takeHome(app, { campaign, by }),
});
