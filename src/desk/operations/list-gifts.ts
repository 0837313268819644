/** The stock of each kind of card with its equation, and whether it holds. */
import { z } from 'zod';
import { listGiftAccounts } from '../../delivery/gifts/gift-store.ts';
import { giftAccount } from '../gift-custody.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({}),
  output: z.strictObject({ gifts: z.array(giftAccount) }),
  run: async ({ db, campaign }) => ({ gifts: await listGiftAccounts(db, campaign.id) }),
});
