/** A case of somebody who says they are affected, as operations answer it: without what they said about themself. */
import { z } from 'zod';
import type { listCases } from '../../contacts/recheck-cases.ts';
import { count, isoInstant } from './operation-field.ts';

export const caseFields = z.strictObject({
  id: z.uuid(),
  contactId: z.uuid(),
  kind: z.enum(['claims_affected', 'escalated']),
  openedOnVersion: count,
  openedAt: isoInstant,
  dueOn: z.iso.date(),
  isOpen: z.boolean(),
  code: z.string(),
  /** The list version on which it was looked up last; null when never again. */
  recheckedVersion: count.nullable(),
  /** Who was found. */
  personRef: z.uuid().nullable(),
});

export function describeCase({ claimedSealed: _, ...one }: Awaited<ReturnType<typeof listCases>>[number]) {
  return one;
}
