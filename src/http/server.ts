// The read-only status page and its JSON, on this machine only. It shows counts and dates and no personal data; what it may decide nothing
// about stays with the commands.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { OperationOutput } from '../desk/operations.ts';
import type { Desk } from '../desk/run-operation.ts';
import { AppError } from '../kernel/errors.ts';
import type { App } from '../platform/app.ts';
import { loadTemplates, type Templates } from '../platform/formats/template.ts';
import { isLanguage, type Language } from '../platform/language.ts';
import { packageRoot } from '../platform/package-root.ts';
import { say } from '../platform/words.ts';
import { type Access, createAccess, ensureToken } from './access.ts';
import { addGuard } from './guard.ts';
import { createRefuse, type Refuse, requestLanguage } from './refuse.ts';
import { statusView } from './status-view.ts';

export type ServerOptions = {
  /** 0 takes any free port. */
  port: number;
  /** The desk as a viewer finds it: what the page shows comes from its operations. */
  desk: Desk;
};

export type StartedServer = { url: string; tokenFile: string; close(): Promise<void> };

type Status = OperationOutput<'show-status'>;
type Site = {
  /** Counted at the moment of asking; asked at most once a second per campaign, however many look. */
  status: (campaign: string) => Promise<Status>;
  campaigns: () => Promise<OperationOutput<'list-campaigns'>['campaigns']>;
  access: Access;
  templates: Templates;
  fallback: Language;
  log: App['log'];
  refuse: Refuse;
};

/** A login form is the largest thing anyone may send. */
const MAX_BODY_BYTES = 4_096;
const STATUS_AGE_MS = 1_000;
const ASSETS: Readonly<Record<string, string>> = {
  'status.css': 'text/css; charset=utf-8',
  'status.js': 'text/javascript; charset=utf-8',
};

/** Starts listening. Throws SERVER_DOWN when the port is taken. */
export async function startServer(
  app: Pick<App, 'config' | 'log'>,
  { port, desk }: ServerOptions,
): Promise<StartedServer> {
  const tokenFile = join(app.config.home, 'status-token');
  const listed = rememberBriefly(async () => (await desk('list-campaigns', {})).campaigns);
  const templates = loadTemplates();
  const fallback = app.config.language;
  const site: Site = {
    status: rememberBriefly((campaign) => desk('show-status', { campaign })),
    campaigns: async () => await listed(''),
    access: createAccess(ensureToken(tokenFile)),
    templates,
    fallback,
    refuse: createRefuse(fallback, (language, said) =>
      renderPage(templates, 'refusal', { ...frame(language, '/'), ...said }),
    ),
    log: app.log,
  };
  const { host } = app.config;
  const server = fastify({ logger: false, bodyLimit: MAX_BODY_BYTES, forceCloseConnections: true });
  addGuard(server, host, site.refuse);
  addErrors(server, site);
  addSignIn(server, site);
  addStatus(server, site);
  addAssets(server);
  try {
    const url = await server.listen({ host, port });
    return { url, tokenFile, close: async () => await server.close() };
  } catch (cause) {
    throw new AppError('SERVER_DOWN', { host, port }, { cause });
  }
}

function addErrors(server: FastifyInstance, site: Site): void {
  server.setNotFoundHandler(async (request, reply) => site.refuse(request, reply, 'PAGE_MISSING'));
  server.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof AppError) return site.refuse(request, reply, error);
    if (error.statusCode !== undefined && error.statusCode < 500)
      return site.refuse(request, reply, 'REQUEST_WRONG', error.statusCode);
    // Its kind only: a message could name a file or, one day, a person.
    site.log.error({ code: 'UNEXPECTED', name: error.name }, 'status page failed');
    return site.refuse(request, reply, 'UNEXPECTED');
  });
}

function addSignIn(server: FastifyInstance, site: Site): void {
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, new URLSearchParams(String(body)));
  });
  const form = (request: FastifyRequest, reply: FastifyReply, failure: string) => {
    const language = requestLanguage(request, site.fallback);
    return sendPage(reply, site, 'login', {
      ...frame(language, '/login'),
      isLogin: true,
      failure: failure && say(language, failure),
    });
  };
  server.get('/login', async (request, reply) => form(request, reply, ''));
  server.post('/login', async (request, reply) => {
    const given = request.body instanceof URLSearchParams ? (request.body.get('token') ?? '') : '';
    const result = site.access.signIn(given);
    if (result.kind === 'signed_in')
      return reply.header('set-cookie', result.cookie).redirect(`/${askedLanguage(request)}`, 303);
    return form(request, reply.code(result.kind === 'too_many' ? 429 : 403), `web.login.${result.kind}`);
  });
  server.post('/logout', async (request, reply) => {
    return reply
      .header('set-cookie', site.access.signOut(request.headers.cookie))
      .redirect(`/login${askedLanguage(request)}`, 303);
  });
  server.get('/health', async (_request, reply) => reply.code(204).send());
}

function addStatus(server: FastifyInstance, site: Site): void {
  server.get('/', async (request, reply) => {
    if (!isSignedIn(request, reply, site)) return reply;
    const language = requestLanguage(request, site.fallback);
    const campaigns = await site.campaigns();
    const [only] = campaigns;
    if (campaigns.length === 1 && only)
      return reply.redirect(`/campaigns/${encodeURIComponent(only.campaign)}${askedLanguage(request)}`, 303);
    const list = campaigns.map(({ campaign, state }) => ({
      slug: campaign,
      path: encodeURIComponent(campaign),
      state: say(language, `status.state.${state}`),
      css: state,
    }));
    return sendPage(reply, site, 'campaigns', { ...frame(language, '/'), list, none: list.length === 0 });
  });
  server.get('/campaigns.json', async (request, reply) => {
    if (!isSignedIn(request, reply, site)) return reply;
    return reply.send((await site.campaigns()).map(({ campaign, state }) => ({ campaign, state })));
  });
  server.get<{ Params: { slug: string } }>('/campaigns/:slug', async (request, reply) => {
    if (!isSignedIn(request, reply, site)) return reply;
    const language = requestLanguage(request, site.fallback);
    const status = await site.status(request.params.slug);
    const path = `/campaigns/${encodeURIComponent(status.campaign)}`;
    return sendPage(reply, site, 'status', { ...frame(language, path), path, ...statusView(status, language) });
  });
  server.get<{ Params: { slug: string } }>('/campaigns/:slug/live', async (request, reply) => {
    if (!isSignedIn(request, reply, site)) return reply;
    const language = requestLanguage(request, site.fallback);
    const view = statusView(await site.status(request.params.slug), language);
    return sendPage(reply, site, 'live', { ...frame(language, ''), ...view });
  });
  server.get<{ Params: { slug: string } }>('/campaigns/:slug/status.json', async (request, reply) => {
    if (!isSignedIn(request, reply, site)) return reply;
    return reply.send(await site.status(request.params.slug));
  });
}

function addAssets(server: FastifyInstance): void {
  for (const [name, type] of Object.entries(ASSETS)) {
    const body = readFileSync(join(packageRoot, 'templates', 'web', name));
    server.get(`/assets/${name}`, async (_request, reply) => reply.type(type).send(body));
  }
}

/** A person is led to the form; a program is told. */
function isSignedIn(request: FastifyRequest, reply: FastifyReply, site: Site): boolean {
  if (site.access.isAllowed(request.headers)) return true;
  const wantsPage = (request.headers.accept ?? '').includes('text/html');
  if (wantsPage) void reply.redirect('/login', 303);
  else site.refuse(request, reply.header('www-authenticate', 'Bearer'), 'SIGN_IN_MISSING');
  return false;
}

function sendPage(
  reply: FastifyReply,
  { templates }: Site,
  name: string,
  view: { lang: Language } & Record<string, unknown>,
): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(renderPage(templates, name, view));
}

function renderPage(templates: Templates, name: string, view: { lang: Language } & Record<string, unknown>): string {
  return templates.render(name, view, (key) => say(view.lang, key));
}

/** The language that a person chose goes on with them; '' for one who chose none. */
function askedLanguage(request: FastifyRequest): string {
  const asked = (request.query as { lang?: unknown }).lang;
  return isLanguage(asked) ? `?lang=${asked}` : '';
}

/** What every page needs: its language, and the way to the other one. */
function frame(language: Language, path: string) {
  const other: Language = language === 'ja' ? 'en' : 'ja';
  return {
    lang: language,
    otherLang: other,
    otherPath: `${path}?lang=${other}`,
  };
}

/** Many open pages ask for the same numbers: they share one count, and a slow one is never started twice. */
function rememberBriefly<T>(count: (of: string) => Promise<T>): (of: string) => Promise<T> {
  const known = new Map<string, { at: number; counted: Promise<T> }>();
  return async (of) => {
    const found = known.get(of);
    if (found && Date.now() - found.at < STATUS_AGE_MS) return await found.counted;
    const counted = count(of);
    known.set(of, { at: Date.now(), counted });
    try {
      return await counted;
    } catch (error) {
      known.delete(of);
      throw error;
    }
  };
}
