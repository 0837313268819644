// A scriptable SMTP server on a bare socket: each test says what it answers at each step, or that it hangs or drops there.
import { createServer, type Server, type Socket } from 'node:net';

/** A reply line, `drop` (close without a word), `hang` (never answer), or a delay before the reply. */
export type Step = string | 'drop' | 'hang' | { readonly afterMs: number; readonly reply: string };

export type SmtpScript = {
  readonly greeting?: Step;
  readonly ehlo?: readonly string[];
  readonly mail?: Step;
  readonly rcpt?: Step;
  readonly data?: Step;
  /** After so many bytes of the message, before its dot. */
  readonly midBody?: { readonly bytes: number; readonly step: Step };
  readonly dot?: Step;
};

export type RawSmtpServer = {
  readonly url: string;
  /** Messages whose final dot arrived, unstuffed. */
  readonly messages: string[];
  readonly commands: string[];
  connections: number;
  script: SmtpScript;
  close(): Promise<void>;
};

export async function startRawSmtpServer(script: SmtpScript = {}): Promise<RawSmtpServer> {
  const sockets = new Set<Socket>();
  const state = { messages: [] as string[], commands: [] as string[], connections: 0, script };
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    state.connections += 1;
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    serve(socket, state);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return Object.assign(state, {
    url: `smtp://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  });
}

function serve(socket: Socket, state: { messages: string[]; commands: string[]; script: SmtpScript }): void {
  let input = '';
  let isInData = false;
  let hasCutBody = false;
  // Replies keep the order of the commands, or a late answer to a dot would be taken for that of the next envelope.
  let turn: Promise<void> = Promise.resolve();
  const answer = (text: string): void => {
    turn = turn.then(() => void (socket.writable && socket.write(text)));
  };
  const take = (step: Step | undefined, normal: string): void => {
    const chosen = step ?? normal;
    if (chosen === 'hang') turn = new Promise(() => {});
    else if (chosen === 'drop') turn = turn.then(() => void socket.destroy());
    else if (typeof chosen === 'string') answer(`${chosen}\r\n`);
    else {
      turn = turn.then(() => new Promise((resolve) => setTimeout(resolve, chosen.afterMs)));
      answer(`${chosen.reply}\r\n`);
    }
  };
  const command = (line: string): void => {
    state.commands.push(line);
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') {
      const lines = ['test', ...(state.script.ehlo ?? ['PIPELINING', '8BITMIME'])];
      answer(lines.map((text, index) => `250${index === lines.length - 1 ? ' ' : '-'}${text}\r\n`).join(''));
    } else if (verb === 'MAIL') take(state.script.mail, '250 2.1.0 Ok');
    else if (verb === 'RCPT') take(state.script.rcpt, '250 2.1.5 Ok');
    else if (verb === 'DATA') {
      const refusal = [state.script.mail, state.script.rcpt].some(
        (step) => typeof step === 'string' && /^[45]/.test(step),
      );
      if (refusal) take(undefined, '554 5.5.1 No valid recipients');
      else take(state.script.data, '354 End data with <CR><LF>.<CR><LF>');
      const said = state.script.data ?? '354';
      isInData = !refusal && typeof said === 'string' && said.startsWith('3');
    } else if (verb === 'RSET') answer('250 2.0.0 Ok\r\n');
    else if (verb === 'QUIT') socket.end('221 2.0.0 Bye\r\n');
    else answer('502 5.5.2 Unknown\r\n');
  };
  const body = (): boolean => {
    const cut = state.script.midBody;
    if (cut && !hasCutBody && input.length >= cut.bytes) {
      hasCutBody = true;
      take(cut.step, '');
    }
    const end = input.indexOf('\r\n.\r\n');
    if (end < 0) return false;
    state.messages.push(
      input
        .slice(0, end + 2)
        .replaceAll('\r\n..', '\r\n.')
        .replace(/^\.\./, '.'),
    );
    input = input.slice(end + 5);
    isInData = false;
    take(state.script.dot, '250 2.0.0 Ok: queued as TEST');
    return true;
  };
  socket.on('data', (chunk) => {
    input += chunk.toString('latin1');
    for (;;) {
      if (isInData) {
        if (!body()) return;
        continue;
      }
      const end = input.indexOf('\r\n');
      if (end < 0) return;
      const line = input.slice(0, end);
      input = input.slice(end + 2);
      command(line);
    }
  });
  take(state.script.greeting, '220 test ESMTP');
}
