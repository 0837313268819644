/** The facts that the intake room writes. Closed table: a kind that is not listed here cannot be recorded. */
import { z } from 'zod';
import { type BodyFormat, count, countsByCode, firstForm, ref, sha256 } from './fact-body.ts';

export const intakeFacts = {
  'roster.imported': firstForm({
    import: count,
    fileSha256: sha256,
    rows: count,
    people: count,
    merged: count,
    rejected: count,
  }),
  /** Rows by what they were settled as. */
  'row.settled': countsByCode(),
  'merge.undone': firstForm({ ref, personRef: ref }),
  'list.frozen': firstForm({
    version: count,
    people: count,
    sha256,
    roster: z.strictObject({ rows: count, people: count, merged: count, rejected: count, open: count }),
  }),
} as const satisfies Record<string, BodyFormat>;
