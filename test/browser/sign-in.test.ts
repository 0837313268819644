// A person at the desk opens the page that `owabi up` names, in a real browser: what it sends with a form is not what a program
// sends, and only it knows whether a cookie, a header or a policy keeps the person out.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../src/platform/app.ts';
import { openTestApp } from '../support/app.ts';
import { browserMissing, openBrowser } from '../support/browser.ts';
import { launchedCampaign, rosterRow } from '../support/launched-campaign.ts';
import { type RunningCli, startCli } from '../support/run-cli.ts';

let app: App;
let up: RunningCli;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
let address = '';
let token = '';
let slug = '';
/** What the browser said on its console and every answer that was not a success. */
const faults: string[] = [];

describe.skipIf(browserMissing !== '')('the status page of `owabi up` in a real browser', () => {
  beforeAll(async () => {
    app = await openTestApp();
    const { campaign } = await launchedCampaign(app, [rosterRow(1), rosterRow(2)]);
    slug = campaign.slug;
    up = startCli(['up', '--port', '0'], {
      env: {
        OWABI_HOME: app.config.home,
        OWABI_KEYS: app.config.keysDir,
        OWABI_EXPORT: app.config.exportDir,
        DATABASE_URL: app.databaseUrl,
        OWABI_LANG: 'ja',
      },
    });
    const told = await firstMatch(up, /(http:\S+) .*\s(\/\S+status-token)/);
    address = told[1] ?? '';
    token = readFileSync(told[2] ?? '', 'utf8').trim();
    browser = await openBrowser('ja-JP');
    page = browser.context.pages()[0] ?? (await browser.context.newPage());
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
  });

  afterAll(async () => {
    await browser?.close();
    up?.process.kill('SIGTERM');
    await up?.ended;
    await app?.close();
  });

  it('leads whoever comes to the form, and says so in words when the token is wrong', async () => {
    await page.goto(address);
    expect(new URL(page.url()).pathname).toBe('/login');
    expect(await submit('not-the-token')).toBe(403);
    expect(await page.getByRole('alert').textContent()).toBe('合言葉が違います。');
    expect(await browser.context.cookies()).toEqual([]);
  });

  it('lets the right token in, shows the campaign, and keeps itself up to date', async () => {
    faults.length = 0;
    expect(await submit(token)).toBe(303);
    await page.waitForURL(`${address}/campaigns/${slug}*`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('実行中');
    await page.waitForResponse((answer) => answer.url().includes('/live') && answer.ok());
    expect(await page.locator('#stale').isHidden()).toBe(true);
    expect(faults).toEqual([]);
  });

  it('speaks the language that the person chooses, from page to page', async () => {
    await page.getByRole('link', { name: 'English' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('running');
    await page.getByRole('link', { name: 'Owabi' }).click();
    await page.waitForURL(`${address}/campaigns/${slug}?lang=en`);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it('takes no form from a page of another port of this machine, though the browser holds the session', async () => {
    const html = `<form method="post" action="${address}/logout"><button>take part</button></form>`;
    const other = createServer((_request, answer) => answer.setHeader('content-type', 'text/html').end(html));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const tab = await browser.context.newPage();
    try {
      await tab.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
      const answered = tab.waitForResponse((answer) => answer.request().method() === 'POST');
      await tab.getByRole('button').click();
      const answer = await answered;
      expect(answer.status()).toBe(403);
      expect(await answer.text()).toContain('ORIGIN_FOREIGN');
    } finally {
      await tab.close();
      other.close();
    }
    await page.reload();
    expect(page.url()).toContain(`/campaigns/${slug}`);
  });

  it('signs out for good', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${address}/login?lang=en`);
    await page.goto(`${address}/campaigns/${slug}`);
    expect(new URL(page.url()).pathname).toBe('/login');
    expect(await browser.context.cookies()).toEqual([]);
  });
});

/** Sends the form as a person does; returns the status of the server's answer to it. */
async function submit(given: string): Promise<number> {
  await page.locator('input[name=token]').fill(given);
  const answered = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await page.locator('main button').click();
  const answer = await answered;
  await page.waitForLoadState();
  return answer.status();
}

/** The first line on standard error that matches. */
async function firstMatch({ process: child, ended }: RunningCli, wanted: RegExp): Promise<RegExpExecArray> {
  let text = '';
  return await new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const found = wanted.exec(text);
      if (found) resolve(found);
    });
    void ended.then((end) => reject(new Error(`owabi up ended: ${end.stderr}`)));
  });
}
