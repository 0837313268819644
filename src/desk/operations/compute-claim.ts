/** What the insurer owes on the recorded invoices, and why each other yen is not covered. */
import { z } from 'zod';
import { costCategories } from '../../kernel/cost-category.ts';
import type { Claim } from '../../ledger/claim.ts';
import { computeClaim, computeClaimUnder } from '../../ledger/compute-claim.ts';
import { listUnpriced, type UnpricedLine } from '../../ledger/list-unpriced.ts';
import { readPolicy } from '../../ledger/read-terms.ts';
import { uncoveredReasons } from '../../ledger/uncovered-reason.ts';
import { count, unpricedFields } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

const amounts = { incurred: count, eligible: count, payable: count, uncovered: count };

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({
    /** A policy file on this machine, or the name of one that is shipped; without it the adopted policy. */
    policy: z.string().optional(),
  }),
  output: z.strictObject({
    categories: z.array(
      z.strictObject({
        category: z.enum(costCategories),
        label: z.string(),
        ...amounts,
        reasons: z.array(z.strictObject({ code: z.enum(uncoveredReasons), yen: count })),
      }),
    ),
    total: z.strictObject(amounts),
    unpriced: unpricedFields,
  }) satisfies z.ZodType<Claim & { unpriced: readonly UnpricedLine[] }>,
  run: async ({ app, campaign: { id } }, { policy }) => {
    const claim =
      policy === undefined
        ? await computeClaim(app, { campaign: id })
        : await computeClaimUnder(app, { campaign: id, policy: await readPolicy(policy) });
    return { ...claim, unpriced: await listUnpriced(app, id) };
  },
});
