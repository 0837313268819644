/** What is submitted to a mail server and what can come of it: before the final dot safe to retry, after it perhaps uncertain. */
import { performance } from 'node:perf_hooks';

export type Envelope = {
  /** Return address (VERP), one per attempt. */
  readonly from: string;
  readonly to: string;
};

export type Submission = Envelope & {
  /** The finished message: CRLF line ends, 7-bit. */
  readonly message: Uint8Array;
  /** On the clock of `monotonicMs()`: after it no dot leaves. */
  readonly deadlineMs: number;
  /** Asked immediately before the dot: is the worker's session alive, is the campaign still running? */
  readonly mayCommit: () => boolean | Promise<boolean>;
  /**
   * Asked when the dot leaves: the envelope of the mail that this link will be given next, to travel along with the dot
   * (RFC 2920), or null. Whoever answers must submit that very mail next, or none at all on this connection.
   */
  readonly nextEnvelope?: () => Envelope | null;
  /** Whose 250 it is: our relay's (a later bounce is possible; the default) or the receiver's own. */
  readonly by?: 'relay' | 'receiver';
};

/** How far the dialogue had come; `reply` means that the dot had left. */
export type SmtpStage = 'connect' | 'mail' | 'rcpt' | 'data' | 'body' | 'reply';

export type SubmissionOutcome =
  | { kind: 'accepted'; code: string; status: string; reply: string; by: 'relay' | 'receiver' }
  | { kind: 'refused'; code: string; status: string; reply: string; hard: boolean; stage: SmtpStage }
  | { kind: 'deferred'; code: string; status: string; reply: string; reason: DeferralReason; stage: SmtpStage }
  | { kind: 'uncertain'; reason: 'lost' | 'timeout' | 'garbage'; reply: string };

/** `server`: a 4xx; `sender`: our own side was refused (5xx to MAIL FROM or login); the others name what broke or stopped us. */
export type DeferralReason = 'server' | 'sender' | 'connect' | 'lost' | 'protocol' | 'deadline' | 'stopped';

/** Also what a named `resend` waits for after the deadline, see delivery/mail. */
export const REPLY_TIMEOUT_MS = 60_000;

/** Milliseconds that neither summer time nor a corrected clock can turn back; they run on while a process is stopped. */
export function monotonicMs(): number {
  return performance.now();
}
