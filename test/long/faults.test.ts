// Everything that a night can do to a running campaign, one after the other, while real workers mail and make letters: queues
// emptied, relay down, sessions cut, database killed, workers killed and stopped. After each, the equations hold; in the end the
// receiver's own record agrees with ours person by person, and nobody was told twice.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { listLotAccounts, listLots } from '../../src/delivery/letters/lot-store.ts';
import { recordVendorFile } from '../../src/delivery/letters/record-vendor-file.ts';
import { settleByLog } from '../../src/delivery/mail/settle-mails.ts';
import { type MailCatcher, startMailCatcher } from '../../src/demo/mail-catcher.ts';
import { producePieces } from '../../src/demo/print-house.ts';
import { campaignStatus, type StatusDocument } from '../../src/desk/overview/campaign-status.ts';
import { chargeJournal } from '../../src/desk/upkeep/charge-journal.ts';
import { getPeople } from '../../src/intake/get-people.ts';
import { jobs } from '../../src/jobs.ts';
import { toDay } from '../../src/kernel/calendar.ts';
import { listEntries } from '../../src/ledger/list-entries.ts';
import { type App, openApp } from '../../src/platform/app.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { createLogger } from '../../src/platform/log.ts';
import { removeEmbeddedData } from '../../src/platform/postgres/embedded-server.ts';
import { plainPeople } from '../support/journey-roster.ts';
import { launchJourney } from '../support/launch-journey.ts';

vi.setConfig({ testTimeout: 60_000 });

const MAILED = 600;
/** Of a second campaign, launched while the relay is down. */
const MAILED_LATE = 40;
const ON_PAPER = 80;
const PIECES_PER_LOT = 10;
const MAILS_PER_MINUTE = 1_800;
const rates = { defer: 300, refuse: 200, drop_before: 200, drop_after: 100 };

const base = mkdtempSync(join(tmpdir(), 'owabi-faults-'));
const home = join(base, 'home');
const relay = join(base, 'relay');
const log = createLogger('silent');
let port = 0;
let catcher: MailCatcher;
let app: App;
let campaign: Campaign;
let workers: ChildProcess[] = [];
let env: Record<string, string>;

beforeAll(async () => {
  catcher = await startMailCatcher({ dir: relay, rates });
  port = Number(new URL(catcher.url).port);
  env = {
    OWABI_HOME: home,
    OWABI_KEYS: join(base, 'keys'),
    OWABI_EXPORT: join(base, 'export'),
    OWABI_SMTP_URL: catcher.url,
    OWABI_LOG: 'silent',
  };
  app = await openApp(loadConfig(env), { jobs, log });
  const onPaper = plainPeople(ON_PAPER).map(({ key, name }) => ({ key: key.replace('P', 'L'), name: `紙${name}` }));
  campaign = await launchJourney(app, {
    dir: join(base, 'campaign'),
    slug: 'faults-1',
    people: [...plainPeople(MAILED), ...onPaper],
    mailsPerMinute: MAILS_PER_MINUTE,
    piecesPerLot: PIECES_PER_LOT,
  });
  workers = [startWorker(), startWorker()];
}, 60_000);

afterAll(async () => {
  await Promise.all(workers.map(endWorker));
  await catcher?.close();
  await app?.close();
  await removeEmbeddedData({ home, log });
  rmSync(base, { recursive: true, force: true });
});

let hasFailed = false;
beforeEach(({ skip }) => skip(hasFailed, 'an earlier step failed'));
afterEach(({ task }) => {
  hasFailed ||= task.result?.state === 'fail';
});

function startWorker(): ChildProcess {
  const outside = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(OWABI_|DATABASE_URL|REDIS_URL)/.test(name)),
  );
  return spawn(process.execPath, [join(import.meta.dirname, '../support/journey-worker.mjs')], {
    env: { ...outside, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function endWorker(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  worker.kill('SIGCONT');
  worker.kill('SIGTERM');
  await Promise.race([ended, sleep(10_000).then(() => worker.kill('SIGKILL'))]);
}

/** The status, balanced, as soon as the database answers. */
async function balancedStatus(): Promise<StatusDocument> {
  for (let attempt = 0; ; attempt += 1) {
    const status = await campaignStatus(app, campaign.id).catch((error: unknown) => {
      if (attempt > 200) throw error;
      return null;
    });
    if (status !== null) {
      expect(status.balanced, JSON.stringify(status)).toBe(true);
      return status;
    }
    await sleep(100);
  }
}

const openMails = (status: StatusDocument): number =>
  status.waves.filter((wave) => wave.channel === 'email').reduce((sum, wave) => sum + wave.pending, 0);

/** Waits until so many mails less are open than `from`, looking at the equations all the time. */
async function untilProgress(from: number, mails: number): Promise<void> {
  const deadline = Date.now() + 40_000;
  for (;;) {
    const status = await balancedStatus();
    const open = openMails(status);
    const isPlanned = status.waves.length > 0 && status.persons.underway > 0;
    if (isPlanned && (open <= Math.max(0, from - mails) || open === 0)) return;
    if (Date.now() > deadline) throw new Error(`nothing moves: ${JSON.stringify(status, null, 1)}`);
    await sleep(50);
  }
}

it('mails and makes letters while its queues are emptied again and again', async () => {
  await untilProgress(MAILED, 10);
  for (let round = 0; round < 3; round += 1) {
    const open = openMails(await balancedStatus());
    await app.queues.empty();
    await untilProgress(open, 10);
    await sleep(Math.random() * 200);
  }
});

it('goes on when workers are killed and stopped at random moments', async () => {
  const open = openMails(await balancedStatus());
  for (let round = 0; round < 4; round += 1) {
    await sleep(200 + Math.random() * 600);
    const index = round % 2;
    const worker = workers[index];
    if (worker === undefined) continue;
    if (round % 4 === 1) {
      // Longer than the queue's lock and than the window's deadline: others have taken over when it wakes.
      worker.kill('SIGSTOP');
      await sleep(4_500);
      worker.kill('SIGCONT');
    } else {
      worker.kill('SIGKILL');
      workers[index] = startWorker();
    }
    await balancedStatus();
  }
  await untilProgress(open, 30);
});

it('goes on when every session of the database is cut', async () => {
  const open = openMails(await balancedStatus());
  for (let round = 0; round < 2; round += 1) {
    await app.pool
      .query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      )
      .catch(() => {});
    await sleep(300);
  }
  await untilProgress(open, 30);
});

it('goes on when the database is killed', async () => {
  const open = openMails(await balancedStatus());
  const pidFile = readFileSync(join(realpathSync(join(home, 'database')), 'postgres-18', 'postmaster.pid'), 'utf8');
  process.kill(Number(pidFile.split('\n')[0]), 'SIGKILL');
  await untilProgress(open, 30);
});

it('waits while the relay is down, goes on when it is back, and ends', async () => {
  await balancedStatus();
  await catcher.close();
  // Launched while nobody takes mail: however far the first campaign has come by now, all of these are still to go.
  const people = plainPeople(MAILED_LATE);
  const dir = join(base, 'late');
  const late = await launchJourney(app, { dir, slug: 'faults-2', people, mailsPerMinute: MAILS_PER_MINUTE });
  const pending = async () => openMails(await campaignStatus(app, late.id));
  const isGivenBack = async () => {
    const found = await app.pool.query(
      `select 1 from delivery.chunk where campaign_id = $1 and epoch > 1 and due_at > now()`,
      [late.id],
    );
    return found.rows.length > 0;
  };
  while (!(await isGivenBack())) await sleep(50);
  expect(await pending()).toBe(MAILED_LATE);
  catcher = await startMailCatcher({ dir: relay, port, rates });
  // Relay and log start afresh; nothing that the dead one had not answered counts as sent.
  await untilProgress(0, 0);
  while ((await pending()) > 0) await sleep(50);
});

type Place = { notice_id: string; person_ref: string; state: string; channel: string };

it('agrees with the receiver’s own record person by person, and nobody was told twice', async () => {
  await catcher.flush();
  await settleByLog(app, { campaignId: campaign.id, file: catcher.logFile });
  const lines = readFileSync(catcher.recordFile, 'utf8').trim().split('\n');
  const received = lines.map((line) => JSON.parse(line) as { recipient: string; messageId: string });
  expect(received.length - new Set(received.map((entry) => entry.messageId)).size, 'people with two mails').toBe(0);
  const places = await app.pool.query<Place>(
    `select a.notice_id, a.person_ref, a.state, w.channel from delivery.assignment a join delivery.wave w using (campaign_id, wave_id)
     where a.campaign_id = $1 and w.channel = 'email'`,
    [campaign.id],
  );
  expect(places.rows.length).toBe(MAILED);
  const people = await getPeople(
    app,
    campaign,
    places.rows.map((place) => place.person_ref),
  );
  const byNotice = new Map(received.map((entry) => [entry.messageId.slice(1, 37), entry.recipient]));
  const wrong = places.rows.filter((place) => {
    const recipient = byNotice.get(place.notice_id);
    const isTold = place.state === 'accepted';
    return isTold !== (recipient !== undefined) || (isTold && recipient !== people.get(place.person_ref)?.email);
  });
  expect(wrong, 'people about whom the two records disagree').toEqual([]);
  const status = await balancedStatus();
  const mails = status.waves.find((wave) => wave.channel === 'email');
  // Uncertain are those whom the relay never had: a named person decides about them, never a machine.
  expect((mails?.handedOver ?? 0) + (mails?.failed ?? 0) + (mails?.uncertain ?? 0)).toBe(MAILED);
});

it('made one letter for each person on paper, and charges each once', async () => {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const lots = await listLots(app.pool, campaign.id);
    const pieces = (await listLotAccounts(app.pool, campaign.id)).reduce((sum, lot) => sum + lot.manifest, 0);
    if (pieces >= ON_PAPER && lots.every((lot) => lot.preparedAt !== null)) break;
    if (Date.now() > deadline) throw new Error(`${pieces} pieces in ${lots.length} lots`);
    await sleep(100);
  }
  const twice = await app.pool.query(
    `select assignment_id from delivery.piece where reprint_of is null group by assignment_id having count(*) > 1`,
  );
  expect(twice.rows).toEqual([]);
  const lots = join(base, 'export', 'faults-1', 'lots');
  const manifests = readdirSync(lots).map((name) => readFileSync(join(lots, name, 'manifest.csv')));
  const report = producePieces({ manifests, day: toDay(new Date()), slipNumber: 'S-1', spoilEvery: 0 });
  const { posted } = await recordVendorFile(app, { campaign, data: report });
  expect(posted).toBeGreaterThanOrEqual(ON_PAPER);
  for (const lot of await listLotAccounts(app.pool, campaign.id))
    expect(lot).toMatchObject({ open: 0, unreprinted: 0 });
  const status = await balancedStatus();
  expect(status.persons.told).toBe(
    status.waves.filter((wave) => wave.channel !== 'gift').reduce((sum, wave) => sum + wave.handedOver, 0),
  );
  await chargeJournal(app, { campaignId: campaign.id });
  const { entries } = await listEntries(app, { campaign: campaign.id });
  const charged = entries
    .filter((entry) => entry.driver === 'letter.posted')
    .reduce((sum, entry) => sum + (entry.quantity ?? 0), 0);
  expect(charged).toBe(posted);
});
