/** Puts named people whose first notice is known to have failed into a resend wave; each other one is refused with a reason. */
import { z } from 'zod';
import { resendPeople, resendRefusals } from '../../delivery/resend-people.ts';
import { actingName, count } from '../fields/operation-field.ts';
import { findPerson } from '../find-person.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({
    wave: z.string(),
    /** Notice numbers or references. */
    person: z.array(z.string()).min(1),
    by: actingName,
  }),
  output: z.strictObject({
    placed: count,
    refused: z.array(z.strictObject({ ref: z.uuid(), reason: z.enum(resendRefusals) })),
  }),
  run: async ({ app, campaign, actor, concerns }, { wave, person, by }) => {
    const refs = await Promise.all(person.map((text) => findPerson(app.pool, campaign.id, text)));
    await concerns(refs);
    const actorId = await actor(by);
    return await resendPeople(app, { campaignId: campaign.id, waveId: wave, refs, actorId });
  },
});
