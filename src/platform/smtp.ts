/**
 * Phase-aware SMTP submission. The final dot of DATA is the point of no return: it leaves only after the deadline and the
 * caller's guard were checked, and what happened before it (safe to retry) is never confused with what may have happened
 * after it (`uncertain`). Keeps promise 2, "nobody is told twice by accident".
 */
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Duplex, Readable } from 'node:stream';
import SMTPConnection, { type Options } from 'nodemailer/lib/smtp-connection';
import { AppError } from '../kernel/errors.ts';
import { isAddressDead, parseSmtpReply, type SmtpReply } from './smtp-reply.ts';

export type SmtpSettings = {
  /** `smtp://user:pass@host:port` or `smtps://…`; query `tls=required|never`, `verify=no`, `name=our.host`. */
  readonly url: string;
  readonly connectTimeoutMs?: number;
  /** Longest wait for the reply to the final dot; RFC 5321 4.5.3.2.6 asks for 10 minutes, Owabi settles sooner. */
  readonly replyTimeoutMs?: number;
  /** Mails per connection before a new one is opened: relays close long sessions on their own terms. */
  readonly mailsPerConnection?: number;
};

export type Submission = {
  /** Return address (VERP), one per attempt. */
  readonly from: string;
  readonly to: string;
  /** The finished message: CRLF line ends, 7-bit. */
  readonly message: Uint8Array;
  /** On the clock of `monotonicMs()`: after it no dot leaves. */
  readonly deadlineMs: number;
  /** Asked immediately before the dot: is the worker's session alive, is the campaign still running? */
  readonly mayCommit: () => boolean | Promise<boolean>;
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

/** One connection slot of a worker: reconnects when it must, submits one mail at a time. */
export type SmtpLink = {
  /** Opens the connection when there is none. Throws AppError SMTP_DOWN. */
  readonly ready: () => Promise<void>;
  /** Never throws. */
  readonly submit: (submission: Submission) => Promise<SubmissionOutcome>;
  readonly close: () => void;
};

const CONNECT_TIMEOUT_MS = 15_000;
const LIBRARY_TIMEOUT_MS = 3_600_000;
const RESET_TIMEOUT_MS = 5_000;
const MAILS_PER_CONNECTION = 500;
/** Also what a named `resend` waits for after the deadline, see delivery/mail. */
export const REPLY_TIMEOUT_MS = 60_000;

/** Milliseconds that neither summer time nor a corrected clock can turn back; they run on while a process is stopped. */
export function monotonicMs(): number {
  return performance.now();
}

/** The library's options for an SMTP URL. A password never goes over an unencrypted line to another machine. Throws SMTP_URL_INVALID. */
export function smtpOptions(settings: SmtpSettings): Options & { auth?: { user: string; pass: string } } {
  let url: URL;
  try {
    url = new URL(settings.url);
  } catch {
    throw new AppError('SMTP_URL_INVALID', 'The SMTP URL cannot be read.', { hint: 'smtp://user:password@host:587' });
  }
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') {
    throw new AppError('SMTP_URL_INVALID', `The SMTP URL begins with ${url.protocol}//, not smtp:// or smtps://.`);
  }
  const host = decodeURIComponent(url.hostname.replace(/^\[|\]$/g, ''));
  const tls = url.searchParams.get('tls') ?? '';
  const isLocal = host === 'localhost' || host === '::1' || host.startsWith('127.');
  const timeoutMs = settings.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const secure = url.protocol === 'smtps:';
  return {
    host,
    port: url.port ? Number(url.port) : secure ? 465 : url.username ? 587 : 25,
    secure,
    requireTLS: !secure && (tls === 'required' || (url.username !== '' && !isLocal && tls !== 'never')),
    ignoreTLS: tls === 'never',
    name: url.searchParams.get('name') ?? hostname(),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    // Every phase has a timer of ours, which looks at what has arrived before it gives up; the library's does not.
    socketTimeout: LIBRARY_TIMEOUT_MS,
    socketCloseTimeout: 0,
    maxResponseSize: 65_536,
    tls: {
      minVersion: 'TLSv1.2',
      ...(url.searchParams.get('verify') === 'no' ? { rejectUnauthorized: false } : {}),
      ...(isIP(host) ? {} : { servername: host }),
    },
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
  };
}

/** A slot for one connection. Nothing is opened before `ready` or `submit`. Throws SMTP_URL_INVALID. */
export function createSmtpLink(settings: SmtpSettings): SmtpLink {
  const options = smtpOptions(settings);
  const perConnection = settings.mailsPerConnection ?? MAILS_PER_CONNECTION;
  let connection: SMTPConnection | null = null;
  let submitted = 0;
  let needsReset = false;

  const drop = (): void => {
    connection?.close();
    connection = null;
  };

  const ready = async (): Promise<void> => {
    if (
      connection !== null &&
      needsReset &&
      !(await withTimeout(reset(connection), RESET_TIMEOUT_MS).catch(() => false))
    ) {
      drop();
    }
    needsReset = false;
    if (connection !== null && !connection.destroyed && submitted < perConnection) return;
    if (connection !== null && !connection.destroyed) connection.quit();
    else drop();
    submitted = 0;
    connection = await openConnection(options);
  };

  const submit = async (submission: Submission): Promise<SubmissionOutcome> => {
    const leftMs = submission.deadlineMs - monotonicMs();
    if (leftMs <= 0) return deferred('deadline', 'connect');
    try {
      await withTimeout(ready(), leftMs);
    } catch {
      drop();
      return deferred('connect', 'connect');
    }
    if (connection === null) return deferred('connect', 'connect');
    submitted += 1;
    const { outcome, isReusable } = await submitOn(connection, submission, {
      replyTimeoutMs: settings.replyTimeoutMs ?? REPLY_TIMEOUT_MS,
      by: submission.by ?? 'relay',
    });
    // After a refused envelope the transaction must be cleared; after an accepted message it already is (RFC 5321 4.1.1.4).
    needsReset = outcome.kind !== 'accepted';
    if (!isReusable) drop();
    return outcome;
  };

  return { ready, submit, close: () => (connection === null || connection.destroyed ? drop() : connection.quit()) };
}

function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), Math.max(1, timeoutMs));
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}

function openConnection(options: ReturnType<typeof smtpOptions>): Promise<SMTPConnection> {
  return new Promise((resolve, reject) => {
    const { auth, ...connectionOptions } = options;
    const connection = new SMTPConnection(connectionOptions);
    const timer = setTimeout(() => fail(new Error('timeout')), options.connectionTimeout);
    const fail = (cause: unknown): void => {
      clearTimeout(timer);
      connection.close();
      reject(
        new AppError('SMTP_DOWN', `The mail server at ${options.host}:${options.port} does not take mail.`, { cause }),
      );
    };
    // An `error` without a listener would end the process; later ones reach the submission through its callback.
    connection.on('error', fail);
    connection.once('end', () => fail(new Error('closed')));
    const succeed = (): void => {
      clearTimeout(timer);
      resolve(connection);
    };
    connection.connect((error) => {
      if (error) return fail(error);
      if (auth === undefined || !connection.allowsAuth) return succeed();
      connection.login(auth, (loginError) => (loginError ? fail(loginError) : succeed()));
    });
  });
}

function reset(connection: SMTPConnection): Promise<boolean> {
  if (connection.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const onEnd = (): void => resolve(false);
    connection.once('end', onEnd);
    connection.reset((error) => {
      // A relay that refuses many recipients is reset as often on one connection: listeners must not pile up.
      connection.off('end', onEnd);
      resolve(error === null);
    });
  });
}

type Verdict = { outcome: SubmissionOutcome; isReusable: boolean };

/** One mail on an open connection. Settles exactly once, at the latest `replyTimeoutMs` after the deadline. */
function submitOn(
  connection: SMTPConnection,
  submission: Submission,
  options: { replyTimeoutMs: number; by: 'relay' | 'receiver' },
): Promise<Verdict> {
  return new Promise((resolve) => {
    let isSettled = false;
    let hasDotLeft = false;
    let timer: NodeJS.Timeout;
    let stage: SmtpStage = 'mail';

    const settle = (verdict: Verdict): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      connection.off('end', onEnd);
      // A message whose dot has not left must never get one: the socket goes before the stream can end.
      if (!verdict.isReusable) destroySocket(connection);
      resolve(verdict);
    };
    const abort = (reason: DeferralReason, reply = ''): void =>
      settle({ outcome: { ...deferred(reason, stage), reply }, isReusable: false });
    // The library announces the end before it hands over the reply that explains it.
    const onEnd = (): void => queueMicrotask(onLost);
    const onLost = (): void =>
      hasDotLeft
        ? settle({ outcome: { kind: 'uncertain', reason: 'lost', reply: '' }, isReusable: false })
        : abort('lost');
    const onSilence = (): void =>
      settle({ outcome: { kind: 'uncertain', reason: 'timeout', reply: '' }, isReusable: false });
    const beforeDotTimer = (): void => abort('deadline');
    const releaseDot = (): boolean => {
      if (isSettled) return false;
      hasDotLeft = true;
      stage = 'reply';
      clearTimeout(timer);
      // After a stop (SIGSTOP, a suspended machine) timers run before the socket is read: let a reply that is already here
      // be read first.
      timer = setTimeout(() => setImmediate(onSilence), options.replyTimeoutMs);
      return true;
    };

    timer = setTimeout(beforeDotTimer, Math.max(1, submission.deadlineMs - monotonicMs()));
    connection.once('end', onEnd);
    const source = messageStream(connection, submission, {
      onStart: () => {
        stage = 'body';
      },
      releaseDot,
      abort,
    });
    connection.send({ from: submission.from, to: submission.to }, source, (error, info) => {
      const raw = error === null ? info?.response : error.response;
      const reply = parseSmtpReply(typeof raw === 'string' ? raw : '');
      settle(
        hasDotLeft
          ? judgeFinal(reply, error === null || error.code === 'EMESSAGE', options.by)
          : judgeEarly(reply, error, stage),
      );
    });
  });
}

/**
 * The message as a stream that ends only when it may: body first, then, once the body has left our buffers, the guard and
 * the deadline on both clocks (a suspended machine stops the monotonic one), then the end, which is the dot.
 */
function messageStream(
  connection: SMTPConnection,
  submission: Submission,
  phase: {
    onStart: () => void;
    releaseDot: () => boolean;
    abort: (reason: DeferralReason, reply?: string) => void;
  },
): Readable {
  const wallDeadlineMs = Date.now() + (submission.deadlineMs - monotonicMs());
  const isLate = (): boolean => monotonicMs() > submission.deadlineMs || Date.now() > wallDeadlineMs;

  const endInto = async (target: Duplex): Promise<void> => {
    for (let turn = 0; bufferedBytes(connection, target) > 0; turn++) {
      if (connection.destroyed || isLate()) return phase.abort(connection.destroyed ? 'lost' : 'deadline');
      await new Promise((resolve) => (turn < 3 ? setImmediate(resolve) : setTimeout(resolve, 2)));
    }
    const verdict = submission.mayCommit();
    if (!(typeof verdict === 'boolean' ? verdict : await verdict)) return phase.abort('stopped');
    if (isLate()) return phase.abort('deadline');
    if (phase.releaseDot()) target.end();
  };

  // The library pipes a stream into its dot-stuffing one. Ours overrides `pipe`, because only the pipe knows the target,
  // and the target's buffers say whether the body has really left.
  const source = new Readable({ read: () => {} });
  source.on('error', () => {});
  return Object.assign(source, {
    pipe<T extends NodeJS.WritableStream>(target: T): T {
      phase.onStart();
      // The library takes any 2xx or 3xx to DATA; anything but 354 means that replies and commands are out of step.
      if (!/^354/.test(connection.lastServerResponse || '') || !(target instanceof Duplex)) {
        phase.abort('protocol');
        return target;
      }
      target.write(submission.message);
      endInto(target).catch(() => phase.abort('stopped'));
      return target;
    },
  });
}

/** Bytes of the message that have not reached the kernel. */
function bufferedBytes(connection: SMTPConnection, target: Duplex): number {
  const inSocket = connection._socket ? connection._socket.writableLength : 0;
  return target.writableLength + target.readableLength + inSocket;
}

function destroySocket(connection: SMTPConnection): void {
  const socket = connection._socket;
  if (socket) socket.destroy();
  connection.close();
}

function deferred(reason: DeferralReason, stage: SmtpStage): SubmissionOutcome & { kind: 'deferred' } {
  return { kind: 'deferred', code: '', status: '', reply: '', reason, stage };
}

/** A reply to the final dot. Only a well-formed 2xx, 4xx or 5xx decides; anything else leaves the mail uncertain. */
function judgeFinal(reply: SmtpReply, isReply: boolean, by: 'relay' | 'receiver'): Verdict {
  const { code, status, text } = reply;
  if (isReply && code.startsWith('2')) {
    return { outcome: { kind: 'accepted', code, status, reply: text, by }, isReusable: true };
  }
  if (isReply && code.startsWith('4')) {
    const outcome = { kind: 'deferred', code, status, reply: text, reason: 'server', stage: 'reply' } as const;
    return { outcome, isReusable: code !== '421' };
  }
  if (isReply && code.startsWith('5')) {
    const outcome = { kind: 'refused', code, status, reply: text, hard: isAddressDead(reply), stage: 'reply' } as const;
    return { outcome, isReusable: true };
  }
  return {
    outcome: { kind: 'uncertain', reason: isReply ? 'garbage' : 'lost', reply: text },
    isReusable: false,
  };
}

/** Codes that speak of our session, not of the recipient: syntax, sequence, authentication. */
const SESSION_CODES = new Set(['500', '502', '503', '504', '521', '530', '534', '535', '538']);

/** A reply, or a loss, before the dot left: nothing was accepted, whatever the server says. */
function judgeEarly(
  reply: SmtpReply,
  error: { command?: string | undefined; code?: string | undefined } | null,
  at: SmtpStage,
): Verdict {
  const { code, status, text } = reply;
  const stage: SmtpStage =
    at === 'body' ? 'body' : error?.command === 'RCPT TO' ? 'rcpt' : error?.command === 'DATA' ? 'data' : 'mail';
  const isEnvelopeReply = error?.code === 'EENVELOPE' && code !== '421';
  if (code.startsWith('5') && stage !== 'mail' && !SESSION_CODES.has(code)) {
    const outcome = { kind: 'refused', code, status, reply: text, hard: isAddressDead(reply), stage } as const;
    return { outcome, isReusable: isEnvelopeReply };
  }
  if (error?.code === 'EENVELOPE' && stage === 'mail' && code === '' && error.command === 'API') {
    // The library refused the address before it sent anything (control characters, no recipient).
    const outcome = { kind: 'refused', code: '501', status: '5.1.3', reply: '', hard: true, stage: 'rcpt' } as const;
    return { outcome, isReusable: false };
  }
  const isLost = code === '' && ['ECONNECTION', 'ESOCKET', 'ETIMEDOUT'].includes(error?.code ?? '');
  const reason: DeferralReason = code.startsWith('4')
    ? 'server'
    : code.startsWith('5')
      ? 'sender'
      : isLost
        ? 'lost'
        : 'protocol';
  return {
    outcome: { kind: 'deferred', code, status, reply: text, reason, stage },
    isReusable: isEnvelopeReply && code !== '',
  };
}
