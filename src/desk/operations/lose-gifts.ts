/** Puts on record that cards of the stock are lost, under two names. */
import { daySchema } from '../../campaign/folder/local-time.ts';
import { loseGifts } from '../../delivery/gifts/record-stock.ts';
import { custodyFields, giftAccount, openCustody } from '../gift-custody.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: custodyFields(1).extend({ day: daySchema.optional() }),
  output: giftAccount.nullable(),
  run: async (context, given) => await loseGifts(context.app, await openCustody(context, given)),
});
