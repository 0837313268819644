/** The facts that the mails of the delivery room write. Each counts its events by kind. Closed table. */
import { type BodyFormat, countsByCode } from './fact-body.ts';

export const mailFacts = {
  /** Outcomes of a window of mails, as the sending worker saw them. */
  'mails.submitted': countsByCode(),
  /** Attempts whose worker died: nobody knows whether the server took them. */
  'mails.uncertain': countsByCode(),
  /** Bounces, delays, complaints and replies that came back. */
  'mails.reported': countsByCode(),
  /** Uncertain attempts settled by a relay's log or by two named people. */
  'mails.settled': countsByCode(),
} as const satisfies Record<string, BodyFormat>;

export type MailFactKind = keyof typeof mailFacts;
