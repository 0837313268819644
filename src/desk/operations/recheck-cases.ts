/** Looks up every open case on the newest list version. */
import { z } from 'zod';
import { recheckCases } from '../../contacts/recheck-cases.ts';
import { actingName, count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ by: actingName.optional() }),
  output: z.strictObject({ checked: count, found: count }),
  run: async ({ app, campaign }) => await recheckCases(app, { campaign }),
});
