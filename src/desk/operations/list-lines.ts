/** The lines of vendors' files that could not be used as they were: the open ones, or all with what was decided. */
import { z } from 'zod';
import { lineVerdicts, vendorFileKinds } from '../../delivery/letters/line-store.ts';
import { listLineQuestions } from '../../delivery/letters/settle-line.ts';
import { lineCode } from '../fields/line-field.ts';
import { count, isoInstant } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({ all: z.boolean().default(false) }),
  output: z.strictObject({
    problems: z.array(
      z.strictObject({
        id: z.uuid(),
        kind: z.enum(vendorFileKinds),
        /** Begin of the file's SHA-256, as `sha256sum` shows it. */
        file: z.string(),
        line: count,
        code: lineCode,
        /** The piece's number where one can be read; never a name. */
        text: z.string(),
        openedAt: isoInstant,
        verdict: z.enum(lineVerdicts).nullable(),
      }),
    ),
  }),
  run: async ({ app, campaign }, { all }) => ({
    problems: await listLineQuestions(app, campaign.id, { isOpenOnly: !all }),
  }),
});
