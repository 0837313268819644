/** The arithmetic of a claim, checked again without the policy: each yen is payable or has exactly one reason. */
import { z } from 'zod';

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
export function findClaimFaults({ categories, total }: ClaimDocument): string[] {
  const faults: string[] = [];
  for (const item of categories) {
    const reasons = item.reasons.reduce((sum, reason) => sum + reason.yen, 0);
    if (item.uncovered !== item.incurred - item.payable)
      faults.push(`${item.category}: uncovered is not incurred − payable`);
    if (item.uncovered !== reasons)
      faults.push(`${item.category}: uncovered ${item.uncovered}, reasons add up to ${reasons}`);
    if (new Set(item.reasons.map((reason) => reason.code)).size !== item.reasons.length) {
      faults.push(`${item.category}: a reason is named twice`);
    }
  }
  for (const key of ['incurred', 'eligible', 'payable', 'uncovered'] as const) {
    const sum = categories.reduce((added, item) => added + item[key], 0);
    if (sum !== total[key]) faults.push(`${key}: total ${total[key]}, categories add up to ${sum}`);
  }
  return faults;
}
