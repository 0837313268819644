/** The cases of people who say they are affected, oldest first. */
import { z } from 'zod';
import { listCases } from '../../contacts/recheck-cases.ts';
import { caseFields, describeCase } from '../fields/contact-case.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({
    /** Only this one. */
    case: z.string().optional(),
  }),
  output: z.strictObject({ cases: z.array(caseFields) }),
  run: async ({ db, campaign }, { case: wanted }) => {
    const cases = await listCases(db, campaign.id);
    return { cases: cases.filter(({ id }) => wanted === undefined || id === wanted).map(describeCase) };
  },
});
