/** The arithmetic of a claim, checked again without the policy: each yen is payable or has exactly one reason. */
import { z } from 'zod';
import type { Wording } from '../../kernel/wording.ts';

const amounts = { incurred: z.int(), eligible: z.int(), payable: z.int(), uncovered: z.int() };

export const claimDocument = z.looseObject({
  categories: z.array(
    z.looseObject({
      category: z.string(),
      label: z.string(),
      ...amounts,
      reasons: z.array(z.looseObject({ code: z.string(), yen: z.int() })),
    }),
  ),
  total: z.looseObject(amounts),
});
export type ClaimDocument = z.output<typeof claimDocument>;

/** Every sum that does not hold: uncovered = incurred − payable = Σ reasons per category, and the totals over categories. */
export function findClaimFaults({ categories, total }: ClaimDocument): Wording[] {
  const faults: Wording[] = [];
  for (const item of categories) {
    const reasons = item.reasons.reduce((sum, reason) => sum + reason.yen, 0);
    if (item.uncovered !== item.incurred - item.payable)
      faults.push({ word: 'evidence.detail.uncovered', params: { category: item.category } });
    if (item.uncovered !== reasons)
      faults.push({
        word: 'evidence.detail.reasons',
        params: { category: item.category, uncovered: item.uncovered, reasons },
      });
    if (new Set(item.reasons.map((reason) => reason.code)).size !== item.reasons.length) {
      faults.push({ word: 'evidence.detail.reasonTwice', params: { category: item.category } });
    }
  }
  for (const key of ['incurred', 'eligible', 'payable', 'uncovered'] as const) {
    const sum = categories.reduce((added, item) => added + item[key], 0);
    if (sum !== total[key])
      faults.push({ word: 'evidence.detail.claimTotal', params: { amount: key, total: total[key], sum } });
  }
  return faults;
}
