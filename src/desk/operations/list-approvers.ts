/** Who may approve in this campaign. */
import { z } from 'zod';
import { listActors } from '../../campaign/actors/ensure-actor.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({}),
  output: z.strictObject({ approvers: z.array(z.strictObject({ id: z.uuid(), name: z.string() })) }),
  run: async ({ db, app, campaign }) => ({
    approvers: (await listActors(app, db, campaign.id))
      .filter(({ isApprover }) => isApprover)
      .map(({ id, name }) => ({ id, name })),
  }),
});
