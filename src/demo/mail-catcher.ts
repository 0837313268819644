/**
 * The demo's mail relay: a real SMTP server that keeps every mail as a file and also defers, refuses, bounces, complains and
 * drops connections. It keeps a record of its own, to be compared with Owabi's person by person.
 */
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { type CaughtMail, complaintMail, deliveryStatusMail, relayLogLines } from './catcher-reports.ts';
import { type CatcherFault, type CatcherRates, faultFor, usualRates } from './catcher-rules.ts';

export type CaughtEntry = {
  readonly token: string;
  readonly messageId: string;
  readonly recipient: string;
  readonly fault: CatcherFault | null;
};

export type MailCatcher = {
  readonly url: string;
  /** One .eml per mail that was taken. */
  readonly mailsDir: string;
  /** Delivery status and complaint mails, addressed to the return path. */
  readonly bouncesDir: string;
  /** The relay's log in Postfix's form. */
  readonly logFile: string;
  /** JSON lines of everything taken: token, Message-ID, recipient. */
  readonly recordFile: string;
  readonly taken: () => readonly CaughtEntry[];
  /** Waits until everything taken is on disk. */
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export type CatcherOptions = {
  readonly dir: string;
  readonly port?: number;
  readonly rates?: CatcherRates;
  readonly clock?: () => Date;
};

type State = {
  dirs: { mails: string; bounces: string };
  log: WriteStream;
  record: WriteStream;
  taken: CaughtEntry[];
  tried: Set<string>;
  writing: Set<Promise<void>>;
  clock: () => Date;
  rates: CatcherRates;
};

/** What it keeps names the victims: its owner's alone. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

export async function startMailCatcher(options: CatcherOptions): Promise<MailCatcher> {
  const dirs = { mails: join(options.dir, 'mails'), bounces: join(options.dir, 'bounces') };
  for (const dir of [options.dir, ...Object.values(dirs)]) mkdirSync(dir, { recursive: true, mode: FOLDER_MODE });
  const logFile = join(options.dir, 'relay.log');
  const recordFile = join(options.dir, 'received.jsonl');
  const state: State = {
    dirs,
    log: createWriteStream(logFile, { flags: 'a', mode: FILE_MODE }),
    record: createWriteStream(recordFile, { flags: 'a', mode: FILE_MODE }),
    taken: [],
    tried: new Set(),
    writing: new Set(),
    clock: options.clock ?? (() => new Date()),
    rates: options.rates ?? usualRates,
  };
  const server = createServer(state);
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.server.address();
  const flush = async (): Promise<void> => {
    while (state.writing.size > 0) await Promise.all(state.writing);
    await Promise.all([state.log, state.record].map((stream) => new Promise((resolve) => stream.write('', resolve))));
  };
  return {
    url: `smtp://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    mailsDir: dirs.mails,
    bouncesDir: dirs.bounces,
    logFile,
    recordFile,
    taken: () => state.taken,
    flush,
    close: async () => {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await flush();
      await Promise.all([state.log, state.record].map((stream) => new Promise((resolve) => stream.end(resolve))));
    },
  };
}

/** Files on their way to the disk at a time. */
const WRITES_MAX = 200;

function createServer(state: State): SMTPServer {
  const server = new SMTPServer({
    name: 'relay.example',
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    closeTimeout: 500,
    onRcptTo(address, _session, callback) {
      const fault = faultFor(address.address, state.rates);
      const isFirst = !state.tried.has(address.address);
      if (fault === 'refuse')
        return callback(replyError(550, `5.1.1 <${address.address}>: Recipient address rejected: User unknown`));
      if (fault === 'defer' && isFirst) {
        state.tried.add(address.address);
        return callback(replyError(451, '4.7.1 Greylisted, please try again later'));
      }
      callback();
    },
    onData(stream, session, callback) {
      const recipient = session.envelope.rcptTo[0]?.address ?? '';
      const fault = faultFor(recipient, state.rates);
      const isFirst = !state.tried.has(recipient);
      state.tried.add(recipient);
      if (fault === 'drop_before' && isFirst) return dropConnection(server, session);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const queueId = keepMail(state, session, recipient, fault, Buffer.concat(chunks));
        if (fault === 'drop_after' && isFirst) return dropConnection(server, session);
        const answer = () => callback(null, `2.0.0 Ok: queued as ${queueId}`);
        // A disk that is slower than the sender slows the sender down.
        if (state.writing.size > WRITES_MAX) void Promise.race(state.writing).then(answer, answer);
        else answer();
      });
    },
  });
  return server;
}

function replyError(responseCode: number, message: string): Error & { responseCode: number } {
  return Object.assign(new Error(message), { responseCode });
}

/** The connection vanishes without a word, as when a relay is restarted. */
function dropConnection(server: SMTPServer, session: SMTPServerSession): void {
  for (const connection of server.connections) {
    if (connection.session === session) connection._socket.destroy();
  }
}

/** A string of its own: what a pattern finds is a window on the whole text and keeps 8 KB of every mail in memory. */
function copyOf(found: string): string {
  return Buffer.from(found, 'latin1').toString('latin1');
}

/** Writes the mail and what a mail system would do next. Returns its queue id. */
function keepMail(
  state: State,
  session: SMTPServerSession,
  recipient: string,
  fault: CatcherFault | null,
  raw: Buffer,
): string {
  const returnPath = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
  const token = copyOf(/\+([a-z2-7]+)@/.exec(returnPath)?.[1] ?? randomBytes(8).toString('hex'));
  const head = raw.subarray(0, 8_192).toString('latin1');
  const messageId = copyOf(/^message-id:\s*(\S+)/im.exec(head)?.[1] ?? '');
  const mail: CaughtMail = {
    returnPath,
    recipient,
    messageId,
    queueId: randomBytes(5).toString('hex').toUpperCase(),
    at: state.clock(),
  };
  const entry: CaughtEntry = { token, messageId, recipient, fault };
  state.taken.push(entry);
  state.record.write(`${JSON.stringify(entry)}\n`);
  state.log.write(
    relayLogLines(mail, fault?.startsWith('bounce') ? 'bounced' : fault === 'delay' ? 'deferred' : 'sent'),
  );
  keepFile(state, join(state.dirs.mails, `${token}.eml`), raw);
  if (fault === 'bounce_unknown' || fault === 'bounce_full' || fault === 'delay') {
    keepFile(state, join(state.dirs.bounces, `${token}.eml`), deliveryStatusMail(mail, fault));
  } else if (fault === 'complaint') {
    keepFile(state, join(state.dirs.bounces, `${token}.eml`), complaintMail(mail));
  }
  return mail.queueId;
}

function keepFile(state: State, file: string, content: string | Buffer): void {
  const writing = writeFile(file, content, { mode: FILE_MODE }).finally(() => state.writing.delete(writing));
  state.writing.add(writing);
}
