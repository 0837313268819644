/** Sends the mails of one committed intention over a few connections and says what came of each. Never throws. */
import type { SmtpLink } from '../../platform/smtp/smtp.ts';
import { monotonicMs, type SubmissionOutcome } from '../../platform/smtp/smtp-submission.ts';
import type { MailOutcome } from './mail-outcome.ts';

/** A mail whose attempt is on record. */
export type IntendedMail = {
  readonly assignmentId: string;
  readonly attempt: number;
  readonly from: string;
  readonly to: string;
  readonly message: Buffer;
};

export type WindowGuard = {
  /** Asked before each mail and again before each dot. */
  readonly mayContinue: () => boolean;
  readonly deadlineMs: number;
  readonly acceptedBy: 'relay' | 'receiver';
};

export async function submitWindow(
  links: readonly SmtpLink[],
  mails: readonly IntendedMail[],
  guard: WindowGuard,
): Promise<MailOutcome[]> {
  const outcomes: MailOutcome[] = [];
  let next = 0;
  const lane = async (link: SmtpLink): Promise<void> => {
    // Its envelope went along with the dot before it: one round trip less for each mail.
    const reserved: IntendedMail[] = [];
    const take = (): IntendedMail | undefined => reserved.pop() ?? mails[next++];
    const reserve = (): IntendedMail | null => {
      const mail = guard.mayContinue() ? mails[next++] : undefined;
      if (mail === undefined) return null;
      reserved.push(mail);
      return mail;
    };
    for (let mail = take(); mail !== undefined; mail = take()) {
      const outcome = guard.mayContinue() ? await submitOne(link, mail, guard, reserve) : notSent('stopped');
      outcomes.push({ assignmentId: mail.assignmentId, attempt: mail.attempt, outcome });
    }
  };
  await Promise.all(links.map(lane));
  return outcomes;
}

async function submitOne(
  link: SmtpLink,
  mail: IntendedMail,
  guard: WindowGuard,
  nextEnvelope: () => IntendedMail | null,
): Promise<SubmissionOutcome> {
  if (monotonicMs() >= guard.deadlineMs) return notSent('deadline');
  return await link.submit({
    from: mail.from,
    to: mail.to,
    message: mail.message,
    deadlineMs: guard.deadlineMs,
    mayCommit: guard.mayContinue,
    nextEnvelope,
    by: guard.acceptedBy,
  });
}

function notSent(reason: 'stopped' | 'deadline'): SubmissionOutcome {
  return { kind: 'deferred', code: '', status: '', reply: '', reason, stage: 'connect' };
}
