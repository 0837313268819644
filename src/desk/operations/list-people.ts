/** Who stands at an outcome, those due first in front, with their names when they are asked for. */
import { z } from 'zod';
import { outcomes } from '../../delivery/outcome.ts';
import { listWaitingPeople } from '../../delivery/standing-store.ts';
import { actingName, namesByRef, withNames } from '../fields/operation-field.ts';
import { outcomesMeant, outcomeWords } from '../fields/outcome-word.ts';
import { openNames } from '../open-names.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({ outcome: z.enum(outcomeWords), names: withNames, by: actingName.optional() }),
  output: z.strictObject({
    people: z.array(z.uuid()),
    waiting: z.array(z.strictObject({ ref: z.uuid(), outcome: z.enum(outcomes), dueOn: z.iso.date().nullable() })),
    names: namesByRef,
  }),
  run: async (context, { outcome, names }) => {
    const waiting = await listWaitingPeople(context.db, context.campaign.id, outcomesMeant(outcome));
    const people = waiting.map(({ ref }) => ref);
    return { people, waiting, ...(names ? { names: await openNames(context, people) } : {}) };
  },
});
