/** What is due in the first day, week and month, and what of it is done. */
import { z } from 'zod';
import { checklistFields } from '../fields/checklist-fields.ts';
import { operationOf } from '../operation.ts';
import { campaignChecklist } from '../overview/campaign-checklist.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({}),
  output: checklistFields,
  run: async ({ app, campaign, folder }) => ({ steps: await campaignChecklist(app, { campaign, folder }) }),
});
