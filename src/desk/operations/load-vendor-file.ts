/** Loads the print house's report of what was posted and what was spoiled. */
import { z } from 'zod';
import { recordVendorFile } from '../../delivery/letters/record-vendor-file.ts';
import { lineProblem } from '../fields/line-field.ts';
import { count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';
import { readNamedFile } from '../read-named-file.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ file: z.string() }),
  output: z.strictObject({
    lines: count,
    posted: count,
    spoiled: count,
    /** Lines that told nothing new. */
    known: count,
    problems: z.array(lineProblem),
    /** Lots formed to print spoiled pieces again. */
    reprintLots: count,
  }),
  run: async ({ app, campaign }, { file }) => {
    const { reprintLotIds, ...counts } = await recordVendorFile(app, { campaign, data: await readNamedFile(file) });
    return { ...counts, reprintLots: reprintLotIds.length };
  },
});
