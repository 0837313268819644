// The head of a notice text: what kind of notice it is, to which day its facts are true, and who released words that need a release.
import { z } from 'zod';
import { noticePurposes } from '../campaign/wave/purpose.ts';
import { isDay } from '../kernel/calendar.ts';

const text = z.string().trim().min(1);
const day = z.string().refine(isDay, 'want.day');

/** Fields whose wording a text may set itself, because campaign.yaml has them in one language only. */
export const translatableFields = [
  'company',
  'representative',
  'senderAddress',
  'summary',
  'cause',
  'notLeaked',
  'secondaryDamage',
  'hours',
  'gift',
] as const;

/**
 * `supersedes` is the purpose of the earlier notice that this one continues, corrects or withdraws. `release` names the lawyer and the
 * insurer's person who released the listed words, each exactly as written in the text; without it such words are faults.
 */
export const noticeFrontSchema = z.strictObject({
  purpose: z.enum(noticePurposes),
  supersedes: z.enum(noticePurposes).optional(),
  subject: text,
  asOf: day,
  release: z.strictObject({ lawyer: text, insurer: text, words: z.array(text).min(1) }).optional(),
  values: z.partialRecord(z.enum(translatableFields), text).optional(),
});

export type NoticeFront = z.infer<typeof noticeFrontSchema>;
