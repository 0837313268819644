/** Sets or releases the legal hold, under two names: while it is held nothing of the campaign is purged. */
import { z } from 'zod';
import { setLegalHold } from '../../campaign/set-legal-hold.ts';
import { actingName } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ isHeld: z.boolean(), by: actingName, and: actingName }),
  output: z.union([
    z.strictObject({ legalHold: z.boolean() }),
    z.strictObject({ kind: z.literal('refused'), reasons: z.array(z.string()) }),
  ]),
  run: async ({ app, campaign }, { isHeld, by, and }) => {
    const answer = await setLegalHold(app, { campaign, isHeld, by, and });
    return answer.kind === 'refused' ? { kind: 'refused' as const, reasons: answer.reasons } : { legalHold: isHeld };
  },
});
