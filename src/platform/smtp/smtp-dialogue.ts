/**
 * The dialogue on an open connection: commands out, whole replies in, one listener at a time. A reply that nobody waits for
 * means that replies and commands are out of step, and ends the connection.
 */
import type { Socket } from 'node:net';

export type SmtpDialogue = {
  /** The server takes several commands at once (RFC 2920). */
  readonly isPipelining: boolean;
  readonly isOpen: () => boolean;
  readonly write: (data: string | Uint8Array) => void;
  /** Bytes that have not reached the kernel. */
  readonly unsentBytes: () => number;
  /** Replies to commands that were sent ahead of their listener: that many wait for the next one. */
  readonly expectAhead: (replies: number) => void;
  /** From now on each reply goes to `listener`, and null once the connection is lost. Null ends the listening. */
  readonly listen: (listener: ((reply: string | null) => void) | null) => void;
  /** At once: what has not left never leaves. */
  readonly destroy: () => void;
  readonly quit: () => void;
};

const LONGEST_REPLY_CHARS = 65_536;
const QUIT_TIMEOUT_MS = 1_000;

/** Takes over a socket after greeting, TLS and login. */
export function openDialogue(socket: Socket, isPipelining: boolean): SmtpDialogue {
  let listener: ((reply: string | null) => void) | null = null;
  let rest = '';
  let reply = '';
  let ahead = 0;
  const early: string[] = [];
  const lose = (): void => {
    socket.destroy();
    listener?.(null);
  };
  const take = (chunk: Buffer): void => {
    rest += chunk.toString('latin1');
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end + 1);
      rest = rest.slice(end + 1);
      reply += line;
      if (/^\d{3}-/.test(line) || line.trim() === '') continue;
      const whole = decode(reply);
      reply = '';
      if (listener !== null) listener(whole);
      else if (early.length < ahead) early.push(whole);
      else lose();
    }
    if (rest.length + reply.length > LONGEST_REPLY_CHARS) lose();
  };
  socket.on('data', take);
  socket.on('error', lose);
  socket.on('end', lose);
  socket.on('close', lose);
  return {
    isPipelining,
    isOpen: () => socket.writable && !socket.destroyed,
    write: (data) => void socket.write(data),
    unsentBytes: () => socket.writableLength,
    expectAhead: (replies) => {
      ahead = replies;
    },
    listen: (next) => {
      listener = next;
      if (next === null) return;
      ahead = 0;
      while (listener !== null && early.length > 0) listener(early.shift() ?? null);
    },
    destroy: () => void socket.destroy(),
    quit: () => {
      listener = null;
      socket.end('QUIT\r\n');
      setTimeout(() => socket.destroy(), QUIT_TIMEOUT_MS).unref();
    },
  };
}

/** Servers write UTF-8 into their replies, whatever the standard says. */
function decode(reply: string): string {
  return /^[\0-\x7f]*$/.test(reply) ? reply : Buffer.from(reply, 'latin1').toString('utf8');
}
