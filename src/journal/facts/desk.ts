/** The facts that the desk writes: digests over its audit log, and revisions of a draft. Closed table: a kind that is not listed here cannot be recorded. */
import { z } from 'zod';
import { type BodyFormat, count, firstForm, sha256 } from './fact-body.ts';

export const deskFacts = {
  'audit.covered': firstForm({}),
  'draft.pushed': firstForm({ revision: count, sha256, documents: count, isForced: z.boolean() }),
} as const satisfies Record<string, BodyFormat>;
