/** Where a campaign stands: the equations, progress, clocks and what needs a decision. */
import { z } from 'zod';
import { campaignStates } from '../../campaign/campaign-state.ts';
import { channels } from '../../campaign/wave/channel.ts';
import { waitCodes } from '../../campaign/wave/wave-opening.ts';
import { outcomes, personTerms } from '../../delivery/outcome.ts';
import { bilingual, count, sha256, unpricedFields } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';
import { campaignStatus, type StatusDocument } from '../overview/campaign-status.ts';

const day = z.iso.date();

const output = z.strictObject({
  campaign: z.string(),
  state: z.enum(campaignStates),
  roster: z.strictObject({ rows: count, people: count, merged: count, rejected: count, open: count }),
  waves: z.array(
    z.strictObject({
      id: z.string(),
      channel: z.enum(channels),
      startAt: z.string(),
      latestAt: z.string(),
      /** Why it does not move, the first to be looked at first; [] when it moves. */
      waits: z.array(z.strictObject({ code: z.enum(waitCodes), until: z.iso.datetime().nullable() })),
      total: count,
      handedOver: count,
      failed: count,
      excluded: count,
      uncertain: count,
      pending: count,
    }),
  ),
  persons: z.strictObject({
    total: count,
    told: count,
    underway: count,
    substitute: count,
    excluded: count,
    undecided: count,
  }),
  outcomes: z.array(
    z.strictObject({
      term: z.enum(personTerms),
      outcome: z.enum(outcomes),
      people: count,
      earliestDueOn: day.nullable(),
    }),
  ),
  balanced: z.boolean(),
  plan: z.strictObject({ sha256, listVersion: count }).nullable(),
  drift: z.array(
    z.strictObject({ what: z.string(), path: z.string(), change: z.enum(['changed', 'added', 'removed']) }),
  ),
  clocks: z.array(
    z.strictObject({
      id: z.string(),
      law: z.string(),
      label: bilingual,
      receiver: bilingual,
      form: bilingual.nullable(),
      dueOn: day.nullable(),
      dueAt: z.iso.datetime().nullable(),
      targetOn: day.nullable(),
      doneOn: day.nullable(),
      state: z.enum(['done', 'done_late', 'open', 'due_soon', 'overdue']),
      daysLeft: count.nullable(),
      citation: z.string(),
      source: z.string(),
      reviewDue: day.nullable(),
      isReviewOverdue: z.boolean(),
    }),
  ),
  decisions: z.array(z.strictObject({ code: z.string(), count, dueOn: day.nullable() })),
  unpriced: unpricedFields,
  workers: count,
  journal: z.strictObject({ block: count, hash: sha256 }).nullable(),
  keyFingerprint: sha256.nullable(),
  at: z.iso.datetime(),
}) satisfies z.ZodType<StatusDocument>;

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({}),
  output,
  run: async ({ app, campaign, folder }) => await campaignStatus(app, campaign.id, { folder }),
});
