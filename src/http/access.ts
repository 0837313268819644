// Who may see the status page: whoever can read the token file in OWABI_HOME. The token is typed into a form or sent as a bearer token,
// never put into a URL, which would stay in histories and logs.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const SESSION_HOURS = 12;
const SESSION_MS = SESSION_HOURS * 60 * 60 * 1000;
/** Wrong tokens per minute before the form refuses; 256 random bits need no more, but guessing should be seen and slow. */
const MAX_FAILURES = 10;
const FAILURE_WINDOW_MS = 60_000;
/** Far more than one office opens; keeps a flood of logins from filling the memory. */
const MAX_SESSIONS = 1_000;

export const SESSION_COOKIE = 'owabi_session';

export type SignIn = { kind: 'signed_in'; cookie: string } | { kind: 'refused' } | { kind: 'too_many' };

export type Access = {
  signIn(token: string): SignIn;
  /** Whether a request may pass, by its cookie or its bearer token. */
  isAllowed(headers: { cookie?: string | undefined; authorization?: string | undefined }): boolean;
  /** Ends the session of the cookie; returns the cookie that clears it. */
  signOut(cookie: string | undefined): string;
};

/** Reads the token, or makes one: 256 random bits, owner-only. Of two processes that start at once the first one's file counts. */
export function ensureToken(file: string): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    chmodSync(file, 0o600);
  }
  return readFileSync(file, 'utf8').trim();
}

/** Sessions live in this process only: a restart signs everybody out. */
export function createAccess(token: string, clock: () => number = Date.now): Access {
  const sessions = new Map<string, number>();
  let failures: number[] = [];

  const isSession = (cookie: string | undefined): boolean => {
    const expires = sessions.get(digest(sessionOf(cookie)));
    return expires !== undefined && expires > clock();
  };

  return {
    signIn(given) {
      failures = failures.filter((at) => at > clock() - FAILURE_WINDOW_MS);
      if (failures.length >= MAX_FAILURES) return { kind: 'too_many' };
      if (!isEqual(given.trim(), token)) {
        failures.push(clock());
        return { kind: 'refused' };
      }
      const session = randomBytes(32).toString('base64url');
      for (const [known, expires] of sessions) if (expires <= clock()) sessions.delete(known);
      const [oldest] = sessions.keys();
      if (sessions.size >= MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest);
      sessions.set(digest(session), clock() + SESSION_MS);
      return { kind: 'signed_in', cookie: cookieText(session, SESSION_MS / 1000) };
    },
    isAllowed({ cookie, authorization }) {
      const bearer = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
      return bearer === undefined ? isSession(cookie) : isEqual(bearer, token);
    },
    signOut(cookie) {
      sessions.delete(digest(sessionOf(cookie)));
      return cookieText('', 0);
    },
  };
}

function cookieText(value: string, maxAgeSeconds: number): string {
  return `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}`;
}

function sessionOf(cookie: string | undefined): string {
  const parts = (cookie ?? '').split(';').map((part) => part.trim());
  return parts.find((part) => part.startsWith(`${SESSION_COOKIE}=`))?.slice(SESSION_COOKIE.length + 1) ?? '';
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Both sides are hashed first, so that the comparison takes the same time for any guess of any length. */
function isEqual(given: string, expected: string): boolean {
  return timingSafeEqual(createHash('sha256').update(given).digest(), createHash('sha256').update(expected).digest());
}
