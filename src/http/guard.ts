// What every request and answer has in common: only names of this machine are served (against DNS rebinding), nothing but our own files
// runs in the page, no answer is kept by a cache, and a form only counts when it was sent from our own page.
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Refuse } from './refuse.ts';

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not `no-referrer`: under it a browser sends `Origin: null` with our own forms too. Other sites still learn nothing.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Adds the guard to a server that listens on `host`. */
export function addGuard(server: FastifyInstance, host: string, refuse: Refuse): void {
  const names = new Set([...LOCAL_NAMES, host.toLowerCase()]);
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    // A page of another site can make a browser send requests to 127.0.0.1 under a name of its own; the name gives it away.
    const name = hostName(request.headers.host);
    if (!names.has(name)) return refuse(request, reply, 'HOST_UNKNOWN');
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isOwnForm(request.headers)) {
      return refuse(request, reply, 'ORIGIN_FOREIGN');
    }
  });
}

function hostName(header: string | undefined): string {
  return (header ?? '').toLowerCase().replace(/:\d+$/, '');
}

/**
 * Where a browser says by itself who made the request, that decides: no page can forge it, and another port of this machine is
 * `same-site`, not ours. Browsers leave it out under plain http to a name of the network; they then send Origin with every form.
 * Programs send neither, and hold no cookie that could be misused.
 */
function isOwnForm(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin, host } = headers;
  if (origin === undefined || origin === `http://${host}`) return true;
  // Something that strips referrers took the origin away; what the browser itself says still stands.
  return origin === 'null' && site === 'same-origin';
}
