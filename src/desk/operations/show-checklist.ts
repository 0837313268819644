/** What is due in the first day, week and month, and what of it is done. */
import { z } from 'zod';
import { campaignChecklist } from '../campaign-checklist.ts';
import { checklistFields } from '../checklist-fields.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({}),
  output: checklistFields,
  run: async ({ app, campaign, folder }) => ({ steps: await campaignChecklist(app, { campaign, folder }) }),
});
