/** Puts on record that cards came into stock, under two names. The same delivery note is recorded once. */
import { z } from 'zod';
import { daySchema } from '../../campaign/folder/local-time.ts';
import { receiveGifts } from '../../delivery/gifts/record-stock.ts';
import { isSlipNumber } from '../../delivery/letters/slip-words.ts';
import { custodyFields, giftAccount, openCustody } from '../gift-custody.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: custodyFields(1).extend({
    day: daySchema.optional(),
    /** The number of the delivery note. */
    document: z.string().normalize('NFKC').refine(isSlipNumber, 'want.slipNumber').optional(),
  }),
  output: giftAccount.nullable(),
  run: async (context, given) => await receiveGifts(context.app, await openCustody(context, given)),
});
