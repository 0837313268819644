// What every request and answer has in common: only names of this machine are served (against DNS rebinding), nothing but our own files
// runs in the page, no answer is kept by a cache, and a form only counts when it was sent from our own page.
import type { FastifyInstance } from 'fastify';

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Adds the guard to a server that listens on `host`. */
export function addGuard(server: FastifyInstance, host: string): void {
  const names = new Set([...LOCAL_NAMES, host.toLowerCase()]);
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    // A page of another site can make a browser send requests to 127.0.0.1 under a name of its own; the name gives it away.
    const name = hostName(request.headers.host);
    if (!names.has(name)) return reply.code(421).send({ error: 'HOST_UNKNOWN' });
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isSameOrigin(request.headers)) {
      return reply.code(403).send({ error: 'ORIGIN_FOREIGN' });
    }
  });
}

function hostName(header: string | undefined): string {
  return (header ?? '').toLowerCase().replace(/:\d+$/, '');
}

/** Browsers send Origin with every form; programs that send none hold no cookie that could be misused. */
function isSameOrigin(headers: {
  origin?: string | undefined;
  host?: string | undefined;
  [name: string]: unknown;
}): boolean {
  if (headers['sec-fetch-site'] === 'cross-site') return false;
  return headers.origin === undefined || headers.origin === `http://${headers.host}`;
}
