/**
 * Phase-aware SMTP submission: what happened before the final dot of DATA (safe to retry) is never confused with what may have
 * happened after it (`uncertain`). Keeps promise 2, "nobody is told twice by accident".
 */
import { openConnection, type SmtpSettings, smtpOptions } from './smtp-connect.ts';
import type { SmtpDialogue } from './smtp-dialogue.ts';
import {
  type Envelope,
  monotonicMs,
  REPLY_TIMEOUT_MS,
  type Submission,
  type SubmissionOutcome,
} from './smtp-submission.ts';
import { isSafeEnvelope, submitOn } from './smtp-submit.ts';
import { deferred } from './smtp-verdict.ts';

/** One connection slot of a worker: reconnects when it must, submits one mail at a time. */
export type SmtpLink = {
  /** Opens the connection when there is none. Throws AppError SMTP_DOWN. */
  readonly ready: () => Promise<void>;
  /** Never throws. */
  readonly submit: (submission: Submission) => Promise<SubmissionOutcome>;
  readonly close: () => void;
};

const RESET_TIMEOUT_MS = 5_000;
const MAILS_PER_CONNECTION = 500;

/** A slot for one connection. Nothing is opened before `ready` or `submit`. Throws SMTP_URL_INVALID. */
export function createSmtpLink(settings: SmtpSettings): SmtpLink {
  const options = smtpOptions(settings);
  const perConnection = settings.mailsPerConnection ?? MAILS_PER_CONNECTION;
  let dialogue: SmtpDialogue | null = null;
  let submitted = 0;
  let needsReset = false;
  /** What travelled with the last dot: the connection now waits for that mail, or is of no more use. */
  let ahead: Envelope | null = null;

  const drop = (): void => {
    dialogue?.destroy();
    dialogue = null;
    ahead = null;
  };

  const ready = async (): Promise<void> => {
    if (ahead !== null) drop();
    if (dialogue !== null && needsReset && !(await reset(dialogue))) drop();
    needsReset = false;
    if (dialogue?.isOpen() && submitted < perConnection) return;
    if (dialogue?.isOpen()) dialogue.quit();
    submitted = 0;
    dialogue = null;
    dialogue = await openConnection(options);
  };

  const submit = async (submission: Submission): Promise<SubmissionOutcome> => {
    const leftMs = submission.deadlineMs - monotonicMs();
    if (leftMs <= 0) return deferred('deadline', 'connect');
    const isEnvelopeSent = dialogue?.isOpen() === true && ahead?.from === submission.from && ahead.to === submission.to;
    if (!isEnvelopeSent && (ahead !== null || !dialogue?.isOpen() || needsReset || submitted >= perConnection)) {
      try {
        await withTimeout(ready(), leftMs);
      } catch {
        drop();
        return deferred('connect', 'connect');
      }
    }
    if (dialogue === null) return deferred('connect', 'connect');
    ahead = null;
    submitted += 1;
    const nextEnvelope = (): Envelope | null => {
      const next = submitted < perConnection ? (submission.nextEnvelope?.() ?? null) : null;
      ahead = next !== null && isSafeEnvelope(next) ? next : null;
      return ahead;
    };
    const { outcome, isReusable } = await submitOn(
      dialogue,
      { ...submission, nextEnvelope },
      { replyTimeoutMs: settings.replyTimeoutMs ?? REPLY_TIMEOUT_MS, by: submission.by ?? 'relay', isEnvelopeSent },
    );
    // After a refused envelope the transaction must be cleared; after the end of a message it already is (RFC 5321 4.1.1.4).
    needsReset = outcome.kind !== 'accepted' && ahead === null;
    if (!isReusable) drop();
    return outcome;
  };

  return { ready, submit, close: () => (dialogue?.isOpen() && ahead === null ? dialogue.quit() : drop()) };
}

function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), Math.max(1, timeoutMs));
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}

/** Clears a transaction that was refused; false when the server does not say so in time. */
async function reset(dialogue: SmtpDialogue): Promise<boolean> {
  if (!dialogue.isOpen()) return false;
  const isReset = new Promise<boolean>((resolve) => {
    dialogue.listen((text) => resolve(text?.startsWith('250') ?? false));
    dialogue.write('RSET\r\n');
  });
  const isClear = await withTimeout(isReset, RESET_TIMEOUT_MS).catch(() => false);
  dialogue.listen(null);
  return isClear;
}
