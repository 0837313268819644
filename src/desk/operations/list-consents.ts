/** What the insurer was asked and answered, and how much of it is held. */
import { z } from 'zod';
import { listConsents } from '../../campaign/consents/record-consent.ts';
import { consentFields } from '../fields/consent-fields.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({}),
  output: z.strictObject({ consents: z.array(consentFields) }),
  run: async ({ db, campaign }) => ({ consents: await listConsents(db, campaign.id) }),
});
