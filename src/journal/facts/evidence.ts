/**
 * The facts that the evidence room writes: what the totals were at a point of the chain, which bundle left the company,
 * who looked at one person's data, and who had the counters counted anew. Closed table: a kind that is not listed here cannot be recorded.
 */
import { z } from 'zod';
import { type BodyFormat, code, count, firstForm, ref, sha256 } from './fact-body.ts';

export const evidenceFacts = {
  'evidence.snapshot_taken': firstForm({
    /** Every fact up to and with a block, and those that were committed but not sealed yet. */
    covered: z.object({ block: count, facts: z.array(z.int()) }),
    parts: z.array(z.object({ path: z.string(), bytes: count, sha256 })),
  }),
  'bundle.built': firstForm({
    block: count,
    audience: code,
    sha256,
    bytes: count,
    files: count,
    keyFingerprint: sha256,
    recipientFingerprint: sha256.nullable(),
    isFinal: z.boolean(),
  }),
  'person.viewed': firstForm({ ref, shown: code }),
  'counters.rebuilt': firstForm({}),
} as const satisfies Record<string, BodyFormat>;
