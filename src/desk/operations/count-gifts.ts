/** Puts on record that two people counted the cards in stock, and sets the books to what they found. */
import { z } from 'zod';
import { countGifts } from '../../delivery/gifts/record-stock.ts';
import { count } from '../fields/operation-field.ts';
import { custodyFields, giftAccount, openCustody } from '../gift-custody.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: custodyFields(0),
  output: z.strictObject({
    /** Negative: cards are missing. */
    difference: count,
    account: giftAccount.nullable(),
  }),
  run: async (context, given) => await countGifts(context.app, await openCustody(context, given)),
});
