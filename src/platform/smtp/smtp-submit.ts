/**
 * Submits one mail on an open connection, phase by phase. The message leaves first, without its final dot; the dot, the point
 * of no return, follows only after the deadline and the caller's guard were checked.
 */
import type { SmtpDialogue } from './smtp-dialogue.ts';
import { parseSmtpReply } from './smtp-reply.ts';
import { type DeferralReason, type Envelope, monotonicMs, type SmtpStage, type Submission } from './smtp-submission.ts';
import { deferred, judgeEarly, judgeFinal, refusedAddress, type Verdict } from './smtp-verdict.ts';

const envelopeStages = ['mail', 'rcpt', 'data'] as const;
const UNSAFE_ADDRESS = /[^\x21-\x7e]|[<>]/;

/** Settles exactly once, at the latest `replyTimeoutMs` after the deadline. */
export function submitOn(
  dialogue: SmtpDialogue,
  submission: Submission,
  options: { replyTimeoutMs: number; by: 'relay' | 'receiver'; isEnvelopeSent: boolean },
): Promise<Verdict> {
  if (!isSafeEnvelope(submission)) return Promise.resolve(refusedAddress);
  return new Promise((resolve) => {
    let isSettled = false;
    let timer: NodeJS.Timeout;
    const settle = (verdict: Verdict): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      dialogue.listen(null);
      // A message whose dot has not left must never get one: the socket goes before anything else can.
      if (!verdict.isReusable) dialogue.destroy();
      resolve(verdict);
    };
    const abort = (reason: DeferralReason, stage: SmtpStage): void =>
      settle({ outcome: deferred(reason, stage), isReusable: false });
    const uncertain = (reason: 'lost' | 'timeout'): void =>
      settle({ outcome: { kind: 'uncertain', reason, reply: '' }, isReusable: false });
    const awaitFinalReply = (): void => {
      clearTimeout(timer);
      // After a stop (SIGSTOP, a suspended machine) timers run before the socket is read: let a reply that is already here
      // be read first.
      timer = setTimeout(() => setImmediate(() => uncertain('timeout')), options.replyTimeoutMs);
      dialogue.listen((text) =>
        text === null ? uncertain('lost') : settle(judgeFinal(parseSmtpReply(text), options.by)),
      );
    };
    const sendBody = (): void => {
      stage = 'body';
      dialogue.listen((text) =>
        text === null ? abort('lost', 'body') : settle(judgeEarly(parseSmtpReply(text), 'body')),
      );
      dialogue.write(stuffed(submission.message));
      releaseDot(dialogue, submission, () => isSettled, awaitFinalReply).then(
        (stopped) => stopped && abort(stopped, 'body'),
        () => abort('stopped', 'body'),
      );
    };
    let stage: SmtpStage = 'mail';
    timer = setTimeout(() => abort('deadline', stage), Math.max(1, submission.deadlineMs - monotonicMs()));
    sendEnvelope(dialogue, options.isEnvelopeSent ? null : submission, {
      onStage: (reached) => {
        stage = reached;
      },
      onReady: sendBody,
      settle,
    });
  });
}

/** No address may end its command and begin another. */
export const isSafeEnvelope = ({ from, to }: Envelope): boolean =>
  !UNSAFE_ADDRESS.test(from) && !UNSAFE_ADDRESS.test(to);
const commandsOf = ({ from, to }: Envelope) =>
  ({ mail: `MAIL FROM:<${from}>\r\n`, rcpt: `RCPT TO:<${to}>\r\n`, data: 'DATA\r\n' }) as const;

/** MAIL, RCPT and DATA: all at once when the server takes that, else one by one; null when they went with the last dot. */
function sendEnvelope(
  dialogue: SmtpDialogue,
  envelope: Envelope | null,
  on: { onStage: (stage: SmtpStage) => void; onReady: () => void; settle: (verdict: Verdict) => void },
): void {
  const commands = envelope && commandsOf(envelope);
  let step = 0;
  let refusal: Verdict | null = null;
  dialogue.listen((text) => {
    const stage = envelopeStages[step++] ?? 'data';
    on.onStage(stage);
    if (text === null) {
      return on.settle(
        refusal ? { ...refusal, isReusable: false } : { outcome: deferred('lost', stage), isReusable: false },
      );
    }
    const reply = parseSmtpReply(text);
    const isGood = stage === 'data' ? reply.code === '354' : reply.code.startsWith('2');
    if (refusal) {
      // The replies to what was sent along: a server that begins a message for nobody does not get one.
      if (reply.code === '421' || reply.code.startsWith('3')) on.settle({ ...refusal, isReusable: false });
      else if (stage === 'data') on.settle(refusal);
      return;
    }
    if (!isGood) {
      const verdict = judgeEarly(reply, stage);
      if (stage === 'data' || !dialogue.isPipelining || !verdict.isReusable) return on.settle(verdict);
      refusal = verdict;
    } else if (stage === 'data') on.onReady();
    else if (commands && !dialogue.isPipelining) dialogue.write(commands[envelopeStages[step] ?? 'data']);
  });
  if (commands) dialogue.write(dialogue.isPipelining ? commands.mail + commands.rcpt + commands.data : commands.mail);
}

/**
 * Waits until the body has left our buffers, asks the guard and both clocks (a suspended machine stops the monotonic one),
 * then sends the dot. Returns why it did not; null when it did or when the mail was settled meanwhile.
 */
async function releaseDot(
  dialogue: SmtpDialogue,
  submission: Submission,
  isSettled: () => boolean,
  beforeDot: () => void,
): Promise<DeferralReason | null> {
  const wallDeadlineMs = Date.now() + (submission.deadlineMs - monotonicMs());
  const isLate = (): boolean => monotonicMs() > submission.deadlineMs || Date.now() > wallDeadlineMs;
  for (let turn = 0; dialogue.unsentBytes() > 0; turn++) {
    if (isSettled()) return null;
    if (!dialogue.isOpen()) return 'lost';
    if (isLate()) return 'deadline';
    await new Promise((resolve) => (turn < 3 ? setImmediate(resolve) : setTimeout(resolve, 2)));
  }
  const verdict = submission.mayCommit();
  if (!(typeof verdict === 'boolean' ? verdict : await verdict)) return 'stopped';
  if (isSettled()) return null;
  if (!dialogue.isOpen()) return 'lost';
  if (isLate()) return 'deadline';
  beforeDot();
  const next = dialogue.isPipelining ? (submission.nextEnvelope?.() ?? null) : null;
  if (next === null) dialogue.write('.\r\n');
  else {
    const { mail, rcpt, data } = commandsOf(next);
    dialogue.expectAhead(envelopeStages.length);
    dialogue.write(`.\r\n${mail}${rcpt}${data}`);
  }
  return null;
}

/** RFC 5321 4.5.2. Our own messages have no such line; another's bare line ends could otherwise smuggle a dot. */
function stuffed(message: Uint8Array): Uint8Array {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  if (bytes[0] !== 0x2e && bytes.indexOf('\n.') < 0 && bytes.subarray(-2).toString('latin1') === '\r\n') return bytes;
  const text = bytes.toString('latin1').replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..');
  return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1');
}
