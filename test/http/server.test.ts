import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OperationName, OperationOutput } from '../../src/desk/operations.ts';
import type { Desk } from '../../src/desk/run-operation.ts';
import { createAccess, ensureToken } from '../../src/http/access.ts';
import { type StartedServer, startServer } from '../../src/http/server.ts';
import { AppError } from '../../src/kernel/errors.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { loadTemplates } from '../../src/platform/formats/template.ts';
import { createLogger } from '../../src/platform/log.ts';
import { sampleStatus } from './sample-status.ts';

const folder = mkdtempSync(join(tmpdir(), 'owabi-http-'));
let status: OperationOutput<'show-status'>;
let asked = 0;
let server: StartedServer;
let token = '';

beforeAll(async () => {
  const config = loadConfig({ OWABI_HOME: join(folder, 'home'), OWABI_KEYS: join(folder, 'keys'), OWABI_LANG: 'ja' });
  server = await startServer(
    { config, log: createLogger('silent') },
    {
      port: 0,
      desk: (async (name: OperationName, { campaign }: { campaign?: string }) => {
        if (name === 'list-campaigns') return { campaigns: [{ campaign: 'mihon-2026', state: status.state }] };
        if (name !== 'show-status') throw new Error(`the page calls ${name}`);
        if (campaign !== 'mihon-2026') throw new AppError('CAMPAIGN_MISSING.argument', { text: String(campaign) });
        asked += 1;
        return status;
      }) as Desk,
    },
  );
  token = readFileSync(server.tokenFile, 'utf8').trim();
});

beforeEach(() => {
  status = sampleStatus();
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, { headers, redirect: 'manual' });
const bearer = () => ({ authorization: `Bearer ${token}` });
const page = { accept: 'text/html' };

async function signIn(given = token, headers: Record<string, string> = {}): Promise<Response> {
  const body = new URLSearchParams({ token: given });
  return await fetch(`${server.url}/login`, { method: 'POST', body, redirect: 'manual', headers });
}

async function cookie(): Promise<string> {
  return ((await signIn()).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

describe('the door of the status page', () => {
  it('listens on this machine only and keeps its token for the owner', () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(statSync(server.tokenFile).mode & 0o777).toBe(0o600);
    expect(token.length).toBeGreaterThanOrEqual(43);
    expect(ensureToken(server.tokenFile)).toBe(token);
  });

  it.each([
    '/',
    '/campaigns/mihon-2026',
    '/campaigns/mihon-2026/live',
    '/campaigns/mihon-2026/status.json',
    '/campaigns.json',
  ])('shows %s to nobody without the token', async (path) => {
    const program = await get(path);
    expect(program.status).toBe(401);
    expect(await program.json()).toEqual({
      error: {
        code: 'SIGN_IN_MISSING',
        message: '合言葉が必要です',
        hint: expect.stringContaining('Bearer'),
      },
    });
    const person = await get(path, page);
    expect([person.status, person.headers.get('location')]).toEqual([303, '/login']);
    expect((await get(path, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await get(`${path}?token=${token}`)).status).toBe(401);
  });

  it('lets a person in with a cookie that scripts and other sites cannot use', async () => {
    const answer = await signIn();
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    const set = answer.headers.get('set-cookie') ?? '';
    expect(set).toContain('HttpOnly');
    expect(set).toContain('SameSite=Strict');
    expect(set).not.toContain(token);
    const inside = await get('/campaigns/mihon-2026', { ...page, cookie: set.split(';')[0] ?? '' });
    expect(inside.status).toBe(200);
  });

  it('refuses a wrong token in words and signs out for good', async () => {
    const wrong = await signIn('wrong');
    expect(wrong.status).toBe(403);
    expect(await wrong.text()).toContain('合言葉が違います');
    const session = await cookie();
    await fetch(`${server.url}/logout`, { method: 'POST', headers: { cookie: session }, redirect: 'manual' });
    expect((await get('/campaigns.json', { cookie: session })).status).toBe(401);
  });

  it('refuses forms of other sites', async () => {
    expect((await signIn(token, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await signIn(token, { origin: 'null' })).status).toBe(403);
    expect((await signIn(token, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    // Another port of this machine: `same-site`, and a browser may send no origin at all.
    expect((await signIn(token, { 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await signIn(token, { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' })).status).toBe(403);
  });

  it('takes its own form, with and without what a browser says about where it came from', async () => {
    expect((await signIn(token, { origin: server.url })).status).toBe(303);
    expect((await signIn(token, { 'sec-fetch-site': 'same-origin', origin: server.url })).status).toBe(303);
    expect((await signIn(token, { 'sec-fetch-site': 'same-origin', origin: 'null' })).status).toBe(303);
  });

  it('answers to no foreign name, so that a rebound address is of no use', async () => {
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const { port } = new URL(server.url);
      const headers = { host: `evil.example:${port}`, ...bearer() };
      request({ host: '127.0.0.1', port, path: '/campaigns.json', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(answer).toBe(421);
  });

  it('refuses more after many wrong tokens, and forgets sessions in time', () => {
    let now = 0;
    const access = createAccess('right', () => now);
    const signed = access.signIn('right');
    const held = signed.kind === 'signed_in' ? (signed.cookie.split(';')[0] ?? '') : '';
    for (let attempt = 0; attempt < 10; attempt++) expect(access.signIn('wrong')).toEqual({ kind: 'refused' });
    expect(access.signIn('right')).toEqual({ kind: 'too_many' });
    now += 61_000;
    expect(access.signIn('right').kind).toBe('signed_in');
    expect(access.isAllowed({ cookie: `other=1; ${held}` })).toBe(true);
    now += 13 * 60 * 60 * 1000;
    expect(access.isAllowed({ cookie: held })).toBe(false);
    expect(access.isAllowed({ cookie: 'owabi_session=' })).toBe(false);
  });

  it('refuses large bodies and unknown paths, a program with the code and its words, a person with a page, in their language', async () => {
    const large = await signIn('x'.repeat(10_000), { 'accept-language': 'en' });
    expect([large.status, await large.json()]).toEqual([
      413,
      { error: { code: 'REQUEST_WRONG', message: 'The request cannot be read', hint: expect.any(String) } },
    ]);
    const missing = await get('/nothing', bearer());
    expect([missing.status, ((await missing.json()) as { error: { message: string } }).error.message]).toEqual([
      404,
      'その画面はありません',
    ]);
    const english = await get('/nothing?lang=en', { ...bearer(), ...page });
    expect([english.status, await english.text()]).toEqual([404, expect.stringContaining('There is no such page')]);
    const other = await get('/campaigns/other/status.json', { ...bearer(), 'accept-language': 'en-GB' });
    expect(other.status).toBe(404);
    expect(await other.json()).toMatchObject({
      error: {
        code: 'CAMPAIGN_MISSING',
        message: expect.stringContaining('other'),
      },
    });
  });
});

describe('the status page', () => {
  it('gives programs the same document as owabi status', async () => {
    const answer = await get('/campaigns/mihon-2026/status.json', bearer());
    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(status)));
    expect(await (await get('/campaigns.json', bearer())).json()).toEqual([
      { campaign: 'mihon-2026', state: 'running' },
    ]);
  });

  it('shows the three equations, clocks and decisions in Japanese and in English', async () => {
    const ja = await (await get('/campaigns/mihon-2026?lang=ja', bearer())).text();
    for (const words of [
      '通知済み',
      '2,958',
      '4,812',
      '三つの等式はすべて成り立っています',
      '速報（個人情報保護委員会）',
      '送信結果が不明なメール 3 通',
      '5,000',
    ])
      expect(ja).toContain(words);
    const en = await (await get('/campaigns/mihon-2026?lang=en', bearer())).text();
    for (const words of [
      '<html lang="en">',
      'told',
      'All three equations hold',
      'Preliminary report to the PPC',
      '3 mails with an unknown outcome',
    ])
      expect(en).toContain(words);
    for (const html of [ja, en]) expect(html).not.toMatch(/\bweb\.|\bstatus\.(?!css|js)/);
  });

  it('says loudly when an equation does not hold', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    status = sampleStatus({ balanced: false });
    const html = await (await get('/campaigns/mihon-2026?lang=en', bearer())).text();
    expect(html).toContain('role="alert"');
    expect(html).toContain('do NOT hold');
  });

  it('escapes whatever a campaign is called', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    status = sampleStatus({ campaign: '<script>alert(1)</script>' });
    const html = await (await get('/campaigns/mihon-2026', bearer())).text();
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&lt;script&gt;');
  });

  it('counts once for many pages that ask at the same time', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    asked = 0;
    await Promise.all(Array.from({ length: 20 }, () => get('/campaigns/mihon-2026/live', bearer())));
    expect(asked).toBe(1);
  });

  it('runs nothing but its own files, and no answer stays in a cache', async () => {
    const answer = await get('/campaigns/mihon-2026', bearer());
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    // A link that leads away tells nobody which campaign it came from.
    expect(answer.headers.get('referrer-policy')).toBe('same-origin');
    const html = await answer.text();
    expect(html).not.toMatch(/<script(?![^>]*src=)|style=|\son\w+=/);
    for (const asset of ['/assets/status.css', '/assets/status.js']) expect((await get(asset)).status).toBe(200);
  });

  it('loads no template that could print a value unescaped', () => {
    const templates = join(folder, 'templates');
    rmSync(templates, { recursive: true, force: true });
    expect(() => loadTemplates()).not.toThrow();
    const bad = mkdtempSync(join(folder, 'bad-'));
    writeFileSync(join(bad, 'page.mustache'), '{{{name}}}');
    expect(() => loadTemplates(bad)).toThrow('unescaped');
  });
});

it('is refused by name when its port is taken', async () => {
  const config = loadConfig({ OWABI_HOME: join(folder, 'home'), OWABI_KEYS: join(folder, 'keys') });
  const taken = { port: Number(new URL(server.url).port), desk: (async () => ({})) as unknown as Desk };
  await expect(startServer({ config, log: createLogger('silent') }, taken)).rejects.toMatchObject({
    code: 'SERVER_DOWN',
  });
});
