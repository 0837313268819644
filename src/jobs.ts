/**
 * The table of contents: every job in the order of the data path. A job carries ids only; tables decide what is done, the
 * queue only wakes (mechanism 3). `key` plus epoch is the jobId, so that a second wake-up of the same work is one job.
 */
import { z } from 'zod';

const id = z.uuid();
const campaign = z.object({ campaignId: id });

export const jobs = {
  /** A launched plan becomes waves: each person of the list version gets a place or is undecided. */
  'plan-waves': { schema: campaign, key: (job: { campaignId: string }) => job.campaignId },
  /** One chunk of mails to one receiving site. */
  'send-mails': {
    schema: z.object({ campaignId: id, chunkId: id, epoch: z.number().int() }),
    key: (job: { chunkId: string; epoch: number }) => `${job.chunkId}-${job.epoch}`,
  },
  /** One lot of letters: PDF, manifest, pick list, hashes. */
  'prepare-lot': {
    schema: z.object({ campaignId: id, lotId: id, epoch: z.number().int() }),
    key: (job: { lotId: string; epoch: number }) => `${job.lotId}-${job.epoch}`,
  },
  /** Facts without a block are sealed, and the block's lines are charged. */
  'post-charges': { schema: campaign, key: (job: { campaignId: string }) => job.campaignId },
} as const satisfies Record<string, { schema: z.ZodType; key: (job: never) => string }>;

export type JobName = keyof typeof jobs;
export type JobPayload<N extends JobName> = z.output<(typeof jobs)[N]['schema']>;
