/** What a reply, or its absence, says about a mail: the same code means another thing before and after the final dot. Pure. */
import { isAddressDead, type SmtpReply } from './smtp-reply.ts';
import type { DeferralReason, SmtpStage, SubmissionOutcome } from './smtp-submission.ts';

/** `isReusable`: replies and commands are still in step, and the connection can carry the next mail. */
export type Verdict = { readonly outcome: SubmissionOutcome; readonly isReusable: boolean };

/** Not sent, or not taken, for a reason that says nothing about the recipient. */
export function deferred(reason: DeferralReason, stage: SmtpStage): SubmissionOutcome & { kind: 'deferred' } {
  return { kind: 'deferred', code: '', status: '', reply: '', reason, stage };
}

/** An address that must not reach the wire: with a line break it would be a command of its own. */
export const refusedAddress: Verdict = {
  outcome: { kind: 'refused', code: '501', status: '5.1.3', reply: '', hard: true, stage: 'rcpt' },
  isReusable: true,
};

/** A reply to the final dot. Only a well-formed 2xx, 4xx or 5xx decides; anything else leaves the mail uncertain. */
export function judgeFinal(reply: SmtpReply, by: 'relay' | 'receiver'): Verdict {
  const { code, status, text } = reply;
  if (code.startsWith('2')) {
    return { outcome: { kind: 'accepted', code, status, reply: text, by }, isReusable: true };
  }
  if (code.startsWith('4')) {
    const outcome = { kind: 'deferred', code, status, reply: text, reason: 'server', stage: 'reply' } as const;
    return { outcome, isReusable: code !== '421' };
  }
  if (code.startsWith('5')) {
    const outcome = { kind: 'refused', code, status, reply: text, hard: isAddressDead(reply), stage: 'reply' } as const;
    return { outcome, isReusable: true };
  }
  return {
    outcome: { kind: 'uncertain', reason: 'garbage', reply: text },
    isReusable: false,
  };
}

/** Codes that speak of our session, not of the recipient: syntax, sequence, authentication. */
const SESSION_CODES = new Set(['500', '502', '503', '504', '521', '530', '534', '535', '538']);

/** A reply before the dot left: nothing was accepted, whatever the server says. */
export function judgeEarly(reply: SmtpReply, stage: 'mail' | 'rcpt' | 'data' | 'body'): Verdict {
  const { code, status, text } = reply;
  const isRefusal = code.startsWith('4') || code.startsWith('5');
  // In the middle of a body nothing but dropping the connection takes the message back.
  const isReusable = isRefusal && code !== '421' && stage !== 'body';
  if (code.startsWith('5') && stage !== 'mail' && !SESSION_CODES.has(code)) {
    return {
      outcome: { kind: 'refused', code, status, reply: text, hard: isAddressDead(reply), stage },
      isReusable,
    };
  }
  const reason: DeferralReason = code.startsWith('4') ? 'server' : code.startsWith('5') ? 'sender' : 'protocol';
  return { outcome: { kind: 'deferred', code, status, reply: text, reason, stage }, isReusable };
}
