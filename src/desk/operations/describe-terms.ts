/** What a rate card and a policy call themselves, and the card's lines in both languages. */
import { z } from 'zod';
import { readPolicy, readRates } from '../../ledger/read-terms.ts';
import { bilingual } from '../fields/operation-field.ts';
import { typedTerms } from '../fields/typed-terms.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'local',
  input: z.strictObject(typedTerms),
  output: z.strictObject({ title: z.string(), insurer: z.string(), lines: z.array(bilingual) }),
  run: async (_context, { rates, policy }) => {
    const { title, estimate } = await readRates(rates);
    const { insurer } = await readPolicy(policy);
    return { title, insurer, lines: estimate.map(({ what, en }) => ({ ja: what, en })) };
  },
});
