/** Says what mails that came back tell: bounces, complaints, automatic replies. Records nothing. */
import { z } from 'zod';
import { readFileEvents } from '../../delivery/mail/record-bounce.ts';
import { mailFileEvent } from '../fields/mail-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'local',
  input: z.strictObject({ files: z.array(z.string()).min(1) }),
  output: z.array(z.strictObject({ file: z.string(), events: z.array(mailFileEvent) })),
  run: async (_context, { files }) => {
    const read = [];
    for (const file of files) read.push({ file, events: (await readFileEvents(file)).mail.events });
    return read;
  },
});
