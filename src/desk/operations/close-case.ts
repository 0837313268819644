/** A named person ends a case. Ending it again changes nothing. */
import { z } from 'zod';
import { caseOutcomes, closeCase } from '../../contacts/recheck-cases.ts';
import { caseFields, describeCase } from '../contact-case.ts';
import { operationOf } from '../operation.ts';
import { actingName } from '../operation-field.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ case: z.string(), close: z.enum(caseOutcomes), by: actingName }),
  output: caseFields,
  run: async ({ app, campaign }, { case: caseId, close, by }) =>
    describeCase(await closeCase(app, { campaign, caseId, outcome: close, by })),
});
