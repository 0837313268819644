/** How much the window had to do, per day and topic. Names no one. */
import { z } from 'zod';
import { type ContactVolume, contactVolume } from '../../contacts/contact-volume.ts';
import { count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

const volume = {
  contacts: count,
  offered: count,
  answered: count,
  abandoned: count,
  withinTarget: count,
  talkMinutes: count,
};

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({}),
  output: z.strictObject({
    total: z.strictObject(volume),
    days: z.array(z.strictObject({ ...volume, day: z.iso.date() })),
    topics: z.array(z.strictObject({ ...volume, topic: z.string() })),
    byDayAndTopic: z.array(z.strictObject({ ...volume, day: z.iso.date(), topic: z.string() })),
    /** Per mille of the calls offered; null without calls. */
    answeredPerMille: count.nullable(),
    withinTargetPerMille: count.nullable(),
    busiest: z
      .strictObject({ startsAt: z.iso.datetime(), offered: count, answering: count, scheduled: count })
      .nullable(),
  }) satisfies z.ZodType<ContactVolume>,
  run: async ({ db, campaign }) => await contactVolume(db, campaign.id),
});
