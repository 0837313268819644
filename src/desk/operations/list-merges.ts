/** Which rows of the lists were taken for one person and by which rule, with that person's name when it is asked for. */
import { z } from 'zod';
import { listMerges } from '../../intake/match/undo-merge.ts';
import { actingName, count, namesByRef, withNames } from '../fields/operation-field.ts';
import { openNames } from '../open-names.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({ names: withNames, by: actingName.optional() }),
  output: z.strictObject({
    merges: z.array(
      z.strictObject({
        /** The merged row: the handle for undoing. */
        ref: z.uuid(),
        personRef: z.uuid(),
        rule: z.string(),
        importNumber: count,
        rowNumber: count,
      }),
    ),
    names: namesByRef,
  }),
  run: async (context, { names }) => {
    const merges = await listMerges(context.db, context.campaign.id);
    const refs = merges.map(({ personRef }) => personRef);
    return { merges, ...(names ? { names: await openNames(context, refs) } : {}) };
  },
});
