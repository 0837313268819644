/** The steps of a checklist as operations answer them. */
import { z } from 'zod';
import type { ChecklistStep } from '../../campaign/law/checklist.ts';
import { checklistOwners, checklistPhases } from '../../campaign/law/regime.ts';
import { bilingual } from './operation-field.ts';

export const checklistFields = z.strictObject({
  steps: z.array(
    z.strictObject({
      id: z.string(),
      phase: z.enum(checklistPhases),
      owner: z.enum(checklistOwners),
      text: bilingual,
      dueOn: z.iso.date().nullable(),
      dueAt: z.iso.datetime().nullable(),
      isOverdue: z.boolean(),
      done: z.strictObject({ on: z.iso.date(), how: z.enum(['fact', 'name']) }).nullable(),
    }) satisfies z.ZodType<ChecklistStep>,
  ),
});
