/** Opens connections to a mail server: greeting, TLS and login are the library's; the dialogue on the open socket is ours. */
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import SMTPConnection, { type Options } from 'nodemailer/lib/smtp-connection';
import { AppError } from '../../kernel/errors.ts';
import { openDialogue, type SmtpDialogue } from './smtp-dialogue.ts';

export type SmtpSettings = {
  /** `smtp://user:pass@host:port` or `smtps://…`; query `tls=required|never`, `verify=no`, `name=our.host`. */
  readonly url: string;
  readonly connectTimeoutMs?: number;
  /** Longest wait for the reply to the final dot; RFC 5321 4.5.3.2.6 asks for 10 minutes, Owabi settles sooner. */
  readonly replyTimeoutMs?: number;
  /** Mails per connection before a new one is opened: relays close long sessions on their own terms. */
  readonly mailsPerConnection?: number;
};

const CONNECT_TIMEOUT_MS = 15_000;
const LIBRARY_TIMEOUT_MS = 3_600_000;

/** The library's options for an SMTP URL. A password never goes over an unencrypted line to another machine. Throws SMTP_URL_INVALID. */
export function smtpOptions(settings: SmtpSettings): Options & { auth?: { user: string; pass: string } } {
  let url: URL;
  try {
    url = new URL(settings.url);
  } catch {
    throw new AppError('SMTP_URL_INVALID.unreadable');
  }
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') {
    throw new AppError('SMTP_URL_INVALID.protocol', { protocol: url.protocol });
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

/** Greets, secures and logs in. Throws SMTP_DOWN. */
export function openConnection(options: ReturnType<typeof smtpOptions>): Promise<SmtpDialogue> {
  return new Promise((resolve, reject) => {
    const { auth, ...connectionOptions } = options;
    const connection = new SMTPConnection(connectionOptions);
    const fail = (cause: unknown): void => {
      clearTimeout(timer);
      connection.close();
      reject(new AppError('SMTP_DOWN', { host: options.host ?? '', port: options.port ?? '' }, { cause }));
    };
    const timer = setTimeout(() => fail(new Error('timeout')), options.connectionTimeout);
    // An `error` without a listener would end the process; once the socket is ours, its own events tell us of a loss.
    connection.on('error', fail);
    connection.once('end', () => fail(new Error('closed')));
    connection.connect((error) => {
      if (error) return fail(error);
      const isPipelining = /^250[ -]PIPELINING\b/im.test(connection.lastServerResponse || '');
      const succeed = (): void => {
        clearTimeout(timer);
        const socket = connection._socket;
        // The library's reader goes, and ours alone counts the replies from here on.
        if (socket) resolve(openDialogue(socket.removeAllListeners('data'), isPipelining));
        else fail(new Error('closed'));
      };
      if (auth === undefined || !connection.allowsAuth) return succeed();
      connection.login(auth, (loginError) => (loginError ? fail(loginError) : succeed()));
    });
  });
}
