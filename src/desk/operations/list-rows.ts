/** The rejected rows that still wait for somebody's decision: where they stand and why, and what is in them when that is asked for. */
import { z } from 'zod';
import { listOpenRows } from '../../intake/rejected/list-open-rows.ts';
import { actingName, count, withNames } from '../fields/operation-field.ts';
import { openRejectedRows } from '../open-names.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({ names: withNames, by: actingName.optional() }),
  output: z.strictObject({
    open: z.array(
      z.strictObject({
        id: z.string(),
        importNumber: count,
        rowNumber: count,
        line: count,
        reasons: z.array(z.string()),
        /** Of the first fifty, when names are asked for. */
        cells: z.array(z.string()).optional(),
      }),
    ),
  }),
  run: async (context, { names }) => ({
    open: names ? await openRejectedRows(context) : await listOpenRows(context.app, { campaign: context.campaign }),
  }),
});
