/** A row that was merged becomes a person of its own again, by name. */
import { z } from 'zod';
import { undoMerge } from '../../intake/match/undo-merge.ts';
import { actingName } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ ref: z.uuid('want.ref'), by: actingName }),
  output: z.strictObject({ undone: z.boolean() }),
  run: async ({ app, campaign, actor, concerns }, { ref, by }) => {
    await concerns([ref]);
    const actorId = await actor(by);
    return { undone: await undoMerge(app, { campaign, ref, actorId }) };
  },
});
