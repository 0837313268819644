/** Records what mails that came back tell of a campaign's mails, and moves their people on. */
import { z } from 'zod';
import { recordBounce } from '../../delivery/mail/record-bounce.ts';
import { mailFileEvent } from '../fields/mail-field.ts';
import { count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ files: z.array(z.string()).min(1) }),
  output: z.strictObject({
    recorded: count,
    /** Events that were on record already. */
    known: count,
    files: z.array(
      z.strictObject({
        file: z.string(),
        events: z.array(mailFileEvent),
        /** False: it speaks of a mail that this campaign never sent. */
        matched: z.boolean(),
      }),
    ),
  }),
  run: async ({ app, campaign }, { files }) => {
    const report = await recordBounce(app, { campaignId: campaign.id, files });
    const unmatched = new Set(report.unmatched);
    return {
      recorded: report.recorded,
      known: report.known,
      files: report.files.map((read) => ({ ...read, matched: !unmatched.has(read.file) })),
    };
  },
});
