/** The facts that the mails of the delivery room write. Closed union: a kind that is not listed here cannot be recorded. */
export const mailFacts = [
  /** Outcomes of a window of mails, as the sending worker saw them. */
  'mails.submitted',
  /** Attempts whose worker died: nobody knows whether the server took them. */
  'mails.uncertain',
  /** Bounces, delays, complaints and replies that came back. */
  'mails.reported',
  /** Uncertain attempts settled by a relay's log or by two named people. */
  'mails.settled',
] as const;
