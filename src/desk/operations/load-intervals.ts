/** Loads the call centre's interval report. The same file again, or a longer one, adds only what is new. */
import { z } from 'zod';
import { type LoadedIntervals, loadIntervalFile } from '../../contacts/load-intervals.ts';
import { actingName, count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ file: z.string(), by: actingName.optional() }),
  output: z.strictObject({
    rows: count,
    /** Intervals never reported before, and those reported with other figures. */
    added: count,
    corrected: count,
    answered: count,
    minutes: count,
  }) satisfies z.ZodType<LoadedIntervals>,
  run: async ({ app, campaign }, { file }) => await loadIntervalFile(app, { campaign: campaign.id, file }),
});
