// A copied database finds out that it is a copy, whatever it was copied with; the home that sends is not disturbed by any of it.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { getCampaign } from '../../src/campaign/find-campaign.ts';
import { decidePeople } from '../../src/delivery/decide-people.ts';
import { keepHomes, restHomes } from '../../src/delivery/home/keep-homes.ts';
import { settleLetters } from '../../src/delivery/home/settle-letters.ts';
import { takeHome } from '../../src/delivery/home/take-home.ts';
import { planLots } from '../../src/delivery/letters/plan-lots.ts';
import { settleByPeople } from '../../src/delivery/mail/settle-mails.ts';
import { planWaves } from '../../src/delivery/plan-waves.ts';
import { changeState } from '../../src/desk/lifecycle/launch-campaign.ts';
import { campaignStatus } from '../../src/desk/overview/campaign-status.ts';
import { recountCampaign } from '../../src/desk/upkeep/recount-campaigns.ts';
import { resumeWork } from '../../src/desk/upkeep/resume-work.ts';
import { jobs } from '../../src/jobs.ts';
import { type App, openApp } from '../../src/platform/app.ts';
import { openTestApp } from '../support/app.ts';
import { launchedCampaign, rosterRow } from '../support/launched-campaign.ts';
import { findWrongCaches } from '../support/recompute-states.ts';

const folder = mkdtempSync(join(tmpdir(), 'owabi-home-'));
const opened: App[] = [];
let app: App;
let campaign: Campaign;
const names = { by: '総務 花子', and: '法務 一郎' };

/** Three people by mail, two by letter. */
const rows = [1, 2, 3]
  .map((number) => rosterRow(number))
  .concat([4, 5].map((number) => rosterRow(number, { email: '' })));

beforeAll(async () => {
  app = await openTestApp();
  ({ campaign } = await launchedCampaign(app, rows));
  await planWaves(app, { campaignId: campaign.id });
});

afterAll(async () => {
  for (const each of opened) await each.close();
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The same installation with some variables changed: another host, or another database behind it. */
async function otherApp(changes: Partial<Record<'databaseUrl' | 'keysDir' | 'home', string>>): Promise<App> {
  const other = await openApp({ ...app.config, databaseUrl: app.databaseUrl, ...changes }, { jobs, log: app.log });
  opened.push(other);
  return other;
}

/** A clone of the database as an administrator makes one; dropped with the run. */
async function cloneDatabase(name: string): Promise<string> {
  const admin = new pg.Client({ connectionString: app.databaseUrl.replace(/\/\/\/[^?]+/, '///postgres') });
  await admin.connect();
  const source = new URL(app.databaseUrl.replace('///', '//h/')).pathname.slice(1);
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${source}'`);
  await admin.query(`create database ${name} template ${source}`);
  await admin.end();
  return app.databaseUrl.replace(source, name);
}

const stateOf = async (of: App) => (await getCampaign(of.pool, campaign.id)).state;
const reasonsOf = async (of: App) =>
  (await campaignStatus(of, campaign.id)).decisions.map(({ code }) => code).filter((code) => code.startsWith('home_'));
const homeRow = async () =>
  (await app.pool.query<{ beat: string; generation: number }>('select * from campaign.sending_home')).rows[0];

describe('the home that sends', () => {
  it('goes on over restarts, kills and rests, and lets other hosts join while it is at work', async () => {
    await keepHomes(app, { isWorking: true });
    await keepHomes(app, { isWorking: true });
    // A second host with keys of its own.
    const keysDir = join(folder, 'keys-b');
    cpSync(app.config.keysDir, keysDir, { recursive: true });
    const host = await otherApp({ keysDir, home: join(folder, 'home-b') });
    await keepHomes(host, { isWorking: true });
    await restHomes(app);
    await restHomes(host);
    await keepHomes(app, { isWorking: true });
    await keepHomes(host, { isWorking: true });
    await restHomes(app);
    expect([await stateOf(app), await reasonsOf(app)]).toEqual(['running', []]);
    expect(Number((await homeRow())?.beat)).toBeGreaterThan(4);
  });

  it('is not taken by a host that has never sent for it, as long as no other is at work', async () => {
    // Its keys were copied when the others had not ended yet: the mark in them is behind.
    const keysDir = join(folder, 'keys-c');
    cpSync(app.config.keysDir, keysDir, { recursive: true });
    await keepHomes(app, { isWorking: true });
    await restHomes(app);
    const host = await otherApp({ keysDir, home: join(folder, 'home-c') });
    await expect(keepHomes(host, { isWorking: true })).rejects.toMatchObject({ code: 'HOME_UNKNOWN' });
    expect([await stateOf(app), await reasonsOf(app)]).toEqual(['running', []]);
  });
});

describe('a clone of the database', () => {
  let clone: App;

  beforeAll(async () => {
    clone = await otherApp({ databaseUrl: await cloneDatabase(`clone_${process.pid}`) });
    await keepHomes(clone, { isWorking: true });
  });

  it('comes up paused with its reason, and everything that was still to go is uncertain', async () => {
    const status = await campaignStatus(clone, campaign.id);
    expect([status.state, await reasonsOf(clone), status.balanced]).toEqual(['paused', ['home_copied'], true]);
    const counts = Object.fromEntries(status.waves.map(({ id, pending, uncertain }) => [id, [pending, uncertain]]));
    expect(counts).toMatchObject({ 'email-1': [0, 3], 'letter-1': [0, 2] });
    expect(status.persons).toMatchObject({ told: 0, underway: 5 });
    expect(await findWrongCaches(clone.pool, campaign.id, clone.clock())).toEqual([]);
    expect([await stateOf(app), await reasonsOf(app)]).toEqual(['running', []]);
  });

  it('is not resumed before a named person has taken it over; then the original is found out', async () => {
    const resume = { campaign, to: 'running', by: names.by, reason: 'resumed' } as const;
    expect(await changeState(clone, resume)).toMatchObject({ kind: 'refused', reasons: ['HOME_SUSPENDED'] });
    expect(await takeHome(clone, { campaign, by: names.by })).toEqual({
      taken: true,
      generation: 2,
      mails: 3,
      letters: 2,
    });
    expect(await takeHome(clone, { campaign, by: names.by })).toMatchObject({ taken: false, generation: 2 });
    expect(await changeState(clone, resume)).toEqual({ kind: 'done', state: 'running' });
    await keepHomes(app, { isWorking: true });
    expect([await stateOf(app), await reasonsOf(app)]).toEqual(['paused', ['home_taken_elsewhere']]);
    const facts = await clone.pool.query<{ kind: string; body: unknown; actor_id: string | null }>(
      `select kind, body, actor_id from journal.fact where kind like 'home.%' order by id`,
    );
    expect(facts.rows).toMatchObject([
      { kind: 'home.suspended', body: { reason: 'copied' }, actor_id: null },
      { kind: 'home.taken', body: { generation: 2, reason: 'copied' }, actor_id: expect.any(String) },
    ]);
  });

  it('forms no lot of letters in doubt, also not of one who is readmitted, before two people say that none was posted', async () => {
    const waveId = 'letter-1';
    const noneOpen = { lotIds: [], withoutGift: null };
    expect(await planLots(clone, { campaignId: campaign.id, waveId })).toMatchObject(noneOpen);
    const { rows: people } = await clone.pool.query<{ person_ref: string }>(
      `select person_ref from delivery.assignment where wave_id = 'letter-1' order by rank`,
    );
    const [first = '', second = ''] = people.map(({ person_ref }) => person_ref);
    const { rows: actors } = await clone.pool.query<{ id: string }>('select id from campaign.actor limit 1');
    const decide = (decision: Parameters<typeof decidePeople>[1]['decision']) =>
      decidePeople(clone, { campaignId: campaign.id, refs: [first], decision, actorId: actors[0]?.id ?? '' });
    await decide({ kind: 'excluded', code: 'told_otherwise' });
    await decide({ kind: 'readmitted', code: 'none' });
    expect(await planLots(clone, { campaignId: campaign.id, waveId })).toMatchObject(noneOpen);
    const settle = { campaignId: campaign.id, ...names };
    const one = await clone.pool.query<{ notice_id: string }>(
      `select notice_id from delivery.assignment where wave_id = 'letter-1' and person_ref = $1`,
      [second],
    );
    const noticeIds = [one.rows[0]?.notice_id ?? ''];
    expect(await settleLetters(clone, { ...settle, assume: 'accepted', noticeIds })).toMatchObject({ settled: 1 });
    expect(await settleLetters(clone, { ...settle, assume: 'resend', noticeIds: null })).toMatchObject({ left: 0 });
    await expect(
      settleLetters(clone, { ...settle, and: names.by, assume: 'resend', noticeIds: null }),
    ).rejects.toThrow();
    // The released letter is ready for a lot, which waits for its card.
    expect(await planLots(clone, { campaignId: campaign.id, waveId })).toMatchObject({ withoutGift: 'no_stock' });
    const status = await campaignStatus(clone, campaign.id);
    expect(status.waves.find(({ id }) => id === waveId)).toMatchObject({ handedOver: 1, pending: 1, uncertain: 0 });
    expect([status.balanced, status.persons.told]).toEqual([true, 1]);
    // A letter of the other home has no piece here, and the recount knows on whose word it counts.
    const { differences } = await recountCampaign(clone, campaign.id);
    expect(differences).toEqual([]);
  });

  it('sends a mail again only when two people say so, and at once', async () => {
    const decided = await settleByPeople(clone, {
      campaignId: campaign.id,
      ...names,
      assume: 'resend',
      noticeIds: null,
    });
    expect(decided).toMatchObject({ settled: 3, left: 0 });
    const due = await clone.pool.query(
      `select 1 from delivery.assignment where wave_id = 'email-1' and state = 'pending' and coalesce(due_at, now()) <= now()`,
    );
    expect(due.rowCount).toBe(3);
    expect(await findWrongCaches(clone.pool, campaign.id, clone.clock())).toEqual([]);
  });
});

describe('a database that was set back', () => {
  it('to before it was planned has everyone in doubt once they are planned', async () => {
    const other = await openTestApp();
    opened.push(other);
    const launched = await launchedCampaign(other, rows);
    await keepHomes(other, { isWorking: true });
    // As a disk snapshot of the database leaves it, beside keys that have gone on.
    await other.pool.query('update campaign.sending_home set beat = beat - 1');
    await keepHomes(other, { isWorking: true });
    expect((await getCampaign(other.pool, launched.campaign.id)).state).toBe('paused');
    await takeHome(other, { campaign: launched.campaign, by: names.by });
    await changeState(other, { campaign: launched.campaign, to: 'running', by: names.by, reason: 'resumed' });
    await planWaves(other, { campaignId: launched.campaign.id });
    await resumeWork(other);
    const status = await campaignStatus(other, launched.campaign.id);
    expect(status.waves.find(({ id }) => id === 'email-1')).toMatchObject({ pending: 0, uncertain: 3 });
    expect(status.waves.find(({ id }) => id === 'letter-1')).toMatchObject({ pending: 0, uncertain: 2 });
    expect(status.balanced).toBe(true);
  });
});
