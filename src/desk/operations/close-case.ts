/** A named person ends a case. Ending it again changes nothing. */
import { z } from 'zod';
import { caseOutcomes, closeCase } from '../../contacts/recheck-cases.ts';
import { caseFields, describeCase } from '../fields/contact-case.ts';
import { actingName } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ case: z.string(), close: z.enum(caseOutcomes), by: actingName }),
  output: caseFields,
  run: async ({ app, campaign }, { case: caseId, close, by }) =>
    describeCase(await closeCase(app, { campaign, caseId, outcome: close, by })),
});
