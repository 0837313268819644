/** The facts that the desk writes: digests over its audit log. Closed table: a kind that is not listed here cannot be recorded. */
import { type BodyFormat, firstForm } from './fact-body.ts';

export const deskFacts = {
  'audit.covered': firstForm({}),
} as const satisfies Record<string, BodyFormat>;
