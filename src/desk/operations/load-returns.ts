/** Loads the list of letters that the post brought back (返戻). */
import { z } from 'zod';
import { recordReturns } from '../../delivery/letters/record-returns.ts';
import { returnReasonCodes } from '../../journal/driver.ts';
import { lineProblem } from '../fields/line-field.ts';
import { count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';
import { readNamedFile } from '../read-named-file.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ file: z.string() }),
  output: z.strictObject({
    lines: count,
    returned: count,
    /** Lines that told nothing new. */
    known: count,
    byReason: z.partialRecord(z.enum(returnReasonCodes), count),
    /** Cards that came back into stock. */
    cardsBack: count,
    problems: z.array(lineProblem),
  }),
  run: async ({ app, campaign }, { file }) => await recordReturns(app, { campaign, data: await readNamedFile(file) }),
});
