/** A named person says that a step of the checklist is done, or that it is not. */
import { z } from 'zod';
import { checklistFields } from '../fields/checklist-fields.ts';
import { actingName } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';
import { tickStep } from '../overview/campaign-checklist.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ step: z.string().min(1), isDone: z.boolean(), by: actingName }),
  output: checklistFields,
  run: async ({ app, campaign, folder }, { step, isDone, by }) => ({
    steps: await tickStep(app, { campaign, folder, step, by, isDone }),
  }),
});
