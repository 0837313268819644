/** What a mail that came back says, as `owabi mail-event` shows it. */
import { z } from 'zod';
import type { MailFileEvent } from '../../delivery/mail/delivery-status.ts';

/** Strings that the mail does not tell are "". */
export const mailFileEvent = z.strictObject({
  kind: z.enum(['bounce', 'delay', 'complaint', 'auto-reply', 'delivered', 'none']),
  recipient: z.string(),
  /** The address itself is dead. */
  hard: z.boolean(),
  status: z.string(),
  replyCode: z.string(),
  reason: z.string(),
}) satisfies z.ZodType<MailFileEvent>;
