/** How many mails, letters and gifts wait until a log or two people say what became of them. */
import { z } from 'zod';
import { countDoubtedLetters } from '../../delivery/home/doubt-store.ts';
import { countUncertain } from '../../delivery/mail/trace-store.ts';
import { operationOf } from '../operation.ts';
import { count } from '../operation-field.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({}),
  output: z.strictObject({ mails: count, letters: count }),
  run: async ({ db, campaign }) => ({
    mails: await countUncertain(db, campaign.id),
    letters: await countDoubtedLetters(db, campaign.id),
  }),
});
