/** Builds the messages of a window before its intention, so that a mail that cannot be built never becomes an attempt. */
import { errorCodeOf } from '../../kernel/errors.ts';
import { buildMailMessage, envelopeAddress } from '../../platform/smtp/mail-message.ts';
import type { Drain } from './chunk-job.ts';
import type { OpenMail } from './chunk-store.ts';
import type { MailOutcome } from './mail-outcome.ts';
import type { ComposedMail } from './mail-plan.ts';
import { mailMessageId, newReturnTokens, returnAddress } from './return-address.ts';
import type { IntendedMail } from './submit-window.ts';

/** A mail ready to be intended; the token names the attempt in its return address. */
export type WindowMail = IntendedMail & { returnToken: string };

/** The mails that can be built, and the outcomes of those that cannot. */
export function prepareWindow(
  { plan, clock }: Pick<Drain, 'plan' | 'clock'>,
  mails: readonly OpenMail[],
  composed: ReadonlyMap<string, ComposedMail>,
): { mails: WindowMail[]; blocked: MailOutcome[] } {
  const tokens = newReturnTokens(mails.length);
  const blocked: MailOutcome[] = [];
  const ready: WindowMail[] = [];
  for (const [index, mail] of mails.entries()) {
    const content = composed.get(mail.assignmentId) ?? { kind: 'blocked', code: 'PERSON_MISSING' };
    const block = (code: string): void => {
      blocked.push({ assignmentId: mail.assignmentId, attempt: mail.attempt, outcome: { kind: 'blocked', code } });
    };
    if (content.kind === 'blocked') {
      block(content.code);
      continue;
    }
    const returnToken = tokens[index] ?? '';
    try {
      const to = envelopeAddress(content.to.address);
      const message = buildMailMessage({
        ...content,
        from: plan.from,
        ...(plan.replyTo ? { replyTo: plan.replyTo } : {}),
        messageId: mailMessageId(mail.noticeId, plan.returnDomain),
        date: clock(),
      });
      const from = returnAddress(returnToken, plan.returnDomain);
      ready.push({ assignmentId: mail.assignmentId, attempt: mail.attempt + 1, from, to, message, returnToken });
    } catch (error) {
      block(errorCodeOf(error));
    }
  }
  return { mails: ready, blocked };
}
