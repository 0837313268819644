/** Takes pieces out of their lots before they are posted, by a named person. */
import { z } from 'zod';
import { withdrawPieces } from '../../delivery/letters/withdraw-pieces.ts';
import { actingName, count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ pieces: z.array(z.string()).min(1), by: actingName }),
  output: z.strictObject({
    withdrawn: count,
    /** Pieces that are unknown or have left their lot already. */
    refused: z.array(z.string()),
  }),
  run: async ({ app, campaign, actor }, { pieces, by }) => {
    const actorId = await actor(by);
    return await withdrawPieces(app, { campaignId: campaign.id, codes: pieces, actorId });
  },
});
