/** What a campaign would cost and what the insurer would pay, before anything has happened. */
import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { type Estimate, estimateCampaign } from '../../ledger/estimate.ts';
import { readPolicy, readRates } from '../../ledger/read-terms.ts';
import { count, typedNumber } from '../fields/operation-field.ts';
import { typedTerms } from '../fields/typed-terms.ts';
import { operationOf } from '../operation.ts';

/** More people than Japan has: beyond it a number is a slip of the keyboard. */
const PEOPLE_MAX = 200_000_000;

export const operation = operationOf({
  kind: 'local',
  input: z.strictObject({ people: typedNumber(1, PEOPLE_MAX), ...typedTerms }),
  output: z.strictObject({
    lines: z.array(
      z.strictObject({
        what: z.string(),
        category: z.string(),
        /** The policy's own words; "" when the policy does not name the category. */
        label: z.string(),
        yen: count,
        priorApproval: z.string(),
      }),
    ),
    incurred: count,
    /** Without any answer of the insurer, and with all of them. */
    payableNow: count,
    payableIfConsented: count,
  }) satisfies z.ZodType<Estimate>,
  run: async (_context, { people, rates, policy }) => {
    const card = await readRates(rates);
    const terms = await readPolicy(policy);
    if (card.estimate.length === 0) throw new AppError('RATES_INVALID.noEstimate', { card: card.id });
    return estimateCampaign(card, terms, people);
  },
});
