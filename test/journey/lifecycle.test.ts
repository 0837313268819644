// A campaign by hand on the command line, from an empty folder to destroyed keys, with everything that may go wrong on the way:
// what a tired person types at 3 a.m., and the answers. Steps that a process of its own could spoil
// run in one; the others call the command line's main, which prints the same.
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { faultFor } from '../../src/demo/catcher-rules.ts';
import { type MailCatcher, startMailCatcher } from '../../src/demo/mail-catcher.ts';
import { producePieces } from '../../src/demo/print-house.ts';
import { campaignStatus, type StatusDocument } from '../../src/desk/overview/campaign-status.ts';
import { jobs } from '../../src/jobs.ts';
import { toDay } from '../../src/kernel/calendar.ts';
import { type App, openApp } from '../../src/platform/app.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { createLogger } from '../../src/platform/log.ts';
import { useDatabase } from '../support/database.ts';
import { cardItems, type JourneyPerson, journeyRoster, plainPeople } from '../support/journey-roster.ts';
import { type CliEnd, callCli, killRunning, type RunningCli, runCli, startCli } from '../support/run-cli.ts';

vi.setConfig({ testTimeout: 120_000 });
vi.mock('node:crypto', async (original) => {
  const { cheapScrypt } = await import('../support/cheap-scrypt.ts');
  return cheapScrypt(await original());
});

const SLUG = 'journey-1';
const PLAIN_PEOPLE = 60;
const MAILS_PER_MINUTE = 450;
const LOADER = '情報 守';
const APPROVERS = ['総務 花子', '法務 一郎'] as const;

const database = useDatabase();
const base = mkdtempSync(join(tmpdir(), 'owabi-journey-'));
const folder = join(base, SLUG);
const place = (name: string): string => join(base, name);
let catcher: MailCatcher;
let app: App;
let env: Record<string, string>;

const cli = (...words: string[]): Promise<CliEnd> => callCli([...words, '--json'], { env });
/** In a process of its own. */
const spawned = (...words: string[]): Promise<CliEnd> => runCli([...words, '--json'], { env });

/** An address at which the catcher always does this. */
function addressWith(fault: string, domain: string): string {
  for (let count = 0; ; count += 1) {
    const address = `person${count}@${domain}`;
    if (faultFor(address, {}) === fault) return address;
  }
}

const people = {
  bounces: { key: 'A1', name: '跳返 一', email: addressWith('bounce_unknown', 'bounce.example') },
  isRefused: { key: 'A2', name: '拒否 二', email: addressWith('refuse', 'refuse.example') },
  dropped: { key: 'A3', name: '断線 三', email: addressWith('drop_after', 'drop.example') },
  unreachable: { key: 'A4', name: '不明 四', hasAddress: false },
  onPaper: { key: 'A5', name: '手紙 五' },
  withCard: { key: 'A6', name: '髙﨑 六', email: 'card@webmail.example', items: cardItems },
  unmatched: { key: 'A7', name: '無縁 七', email: 'unmatched@webmail.example', items: '電話番号' },
} as const satisfies Record<string, JourneyPerson>;

beforeAll(async () => {
  catcher = await startMailCatcher({ dir: place('relay'), rates: {} });
  env = {
    OWABI_HOME: place('home'),
    OWABI_KEYS: place('keys'),
    OWABI_EXPORT: place('export'),
    DATABASE_URL: database.url,
    OWABI_SMTP_URL: catcher.url,
  };
  // Opened beside the commands, to look at the state more often than a new process could.
  app = await openApp(loadConfig(env), { jobs, log: createLogger('silent') });
});
afterAll(async () => {
  killRunning();
  await app?.close();
  await catcher?.close();
  rmSync(base, { recursive: true, force: true });
});

// One story: after a step that failed, the steps that build on it would only repeat the fault.
let hasFailed = false;
beforeEach(({ skip }) => skip(hasFailed, 'an earlier step failed'));
afterEach(({ task }) => {
  hasFailed ||= task.result?.state === 'fail';
});

let campaignId = '';

async function status(): Promise<StatusDocument> {
  const document = await campaignStatus(app, campaignId);
  expect(document.balanced, JSON.stringify(document)).toBe(true);
  return document;
}
/** Polls the status, which must be balanced each time, until it says what is waited for. */
async function until(isReached: (document: StatusDocument) => boolean, what: string): Promise<StatusDocument> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const document = await status();
    if (isReached(document)) return document;
    if (Date.now() > deadline) throw new Error(`${what} was not reached: ${JSON.stringify(document, null, 1)}`);
    await sleep(60);
  }
}

const wave = (document: StatusDocument, id: string) => {
  const found = document.waves.find((each) => each.id === id);
  return found ?? { total: 0, handedOver: 0, failed: 0, excluded: 0, uncertain: 0, pending: 0 };
};

describe('what a slip of the hand is told', () => {
  it('wrong usage and unreadable input end with 2', async () => {
    expect((await runCli(['nonsense'], { env })).code).toBe(2);
    expect((await spawned('status')).code).toBe(2);
    expect((await cli('status', 'no-such-campaign')).code).toBe(2);
    expect((await cli('estimate', '--people', 'many')).code).toBe(2);
    expect((await cli('check', place('nowhere'))).code).toBe(2);
  });

  it('a database that is down ends with 3 and says so', async () => {
    const end = await runCli(['status', SLUG, '--json'], {
      env: { ...env, DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' },
    });
    expect(end.code).toBe(3);
    expect(end.json().error.code).toBe('DATABASE_DOWN');
  });
});

describe('the folder', () => {
  it('is scaffolded without a fault, and a broken one is reported with file and line', async () => {
    expect((await cli('campaign', 'new', folder, '--trial')).code).toBe(0);
    const sound = await cli('check', folder);
    expect(sound.json()).toMatchObject({ ok: true, problems: [] });
    const file = join(folder, 'campaign.yaml');
    const text = readFileSync(file, 'utf8');
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.includes('certainty:'));
    lines[at] = lines[at]?.replace('possible', 'perhaps') ?? '';
    writeFileSync(file, lines.join('\n'));
    const broken = await cli('check', folder);
    expect(broken.code).toBe(1);
    expect(broken.json().ok).toBe(false);
    expect(broken.json().problems).toContainEqual(
      expect.objectContaining({ file: 'campaign.yaml', line: at + 1, path: 'incident.certainty' }),
    );
    writeFileSync(file, adapt(text));
    const adapted = await cli('check', folder);
    expect(adapted.json().problems).toEqual([]);
  });
});

/** Every wave has begun, mails go slowly enough to be stopped, and whoever lost a phone number only fits no segment. */
function adapt(text: string): string {
  const today = toDay(new Date());
  return (
    text
      .replaceAll(/start: \d{4}-\d\d-\d\d \d\d:\d\d/g, `start: ${today} 00:00`)
      .replace('variant: adult\n    when: {}', 'variant: adult\n    when: { items: [email] }')
      .replace('messagesPerMinute: 6000', `messagesPerMinute: ${MAILS_PER_MINUTE}`)
      // No card in a letter: lots wait for no consent and no stock.
      .replaceAll(/(channel: letter,.*?), gift: quo500/g, '$1')
  );
}

describe('the list', () => {
  it('is imported, twice without effect, in CP932 too; a header that nobody knows ends with 2', async () => {
    const first = place('kaiin.csv');
    const { withCard, ...others } = people;
    writeFileSync(first, journeyRoster([...Object.values(others), ...plainPeople(PLAIN_PEOPLE)]));
    const imported = await spawned('import', folder, first, '--by', LOADER);
    expect(imported.json()).toMatchObject({ rows: PLAIN_PEOPLE + 6, people: PLAIN_PEOPLE + 6, merged: 0, rejected: 0 });
    expect(imported.json().duplicateOf).toBeNull();
    const again = await cli('import', folder, first, '--by', LOADER);
    expect(again.code).toBe(0);
    expect(again.json().duplicateOf).toBe(imported.json().importId);
    const second = place('kaiin-sjis.csv');
    const broken = Buffer.concat([Buffer.from('A9,'), Buffer.from([0xfd, 0xff]), Buffer.from(',,,,,,,\r\n')]);
    writeFileSync(second, Buffer.concat([journeyRoster([withCard], 'cp932'), broken]));
    expect((await cli('import', folder, second, '--by', LOADER)).json()).toMatchObject({
      rows: 2,
      people: 1,
      rejected: 1,
    });
    const unknown = place('unknown.csv');
    writeFileSync(unknown, 'foo,bar\n1,2\n');
    expect((await cli('import', folder, unknown, '--by', LOADER)).code).toBe(2);
    const { rows } = await app.pool.query<{ id: string }>('select id from campaign.campaign where slug = $1', [SLUG]);
    campaignId = rows[0]?.id ?? '';
    expect((await status()).roster).toMatchObject({ rows: PLAIN_PEOPLE + 8, rejected: 1, open: 1 });
  });

  it('is frozen once, and again without a change it is the same version', async () => {
    const frozen = await cli('freeze', folder, '--by', LOADER);
    expect(frozen.json()).toMatchObject({ version: 1, people: PLAIN_PEOPLE + 7 });
    expect(frozen.json().sha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await cli('freeze', folder, '--by', LOADER)).json()).toMatchObject({ version: 1, isNew: false });
  });

  it('has an open row that is settled by name', async () => {
    const open = (await cli('rows', 'list', folder)).json().open as { id: string }[];
    expect(open.length).toBe(1);
    const settled = await cli('rows', 'settle', folder, 'not-a-person', '--by', LOADER, '--row', open[0]?.id ?? '');
    expect(settled.code).toBe(0);
    expect((await status()).roster.open).toBe(0);
  });
});

describe('the approval', () => {
  it('is looked at before: previews of the hardest people go to a folder', async () => {
    const out = place('preview');
    const preview = await cli('preview', folder, '--out', out);
    expect(preview.json().files.length).toBeGreaterThan(3);
    expect(readdirSync(out).some((name) => name.endsWith('.pdf'))).toBe(true);
  });

  it('is given by two registered people who did not load the list, once each', async () => {
    for (const [index, name] of [...APPROVERS, LOADER].entries()) {
      writeFileSync(place(`pass-${index}`), `a-good-passphrase-${index}-for-this\n`, { mode: 0o600 });
      const words = ['approver', 'add', folder, '--name', name, '--passphrase-file', place(`pass-${index}`)];
      // Two are enough for the plan: a third one comes in only when one of them vouches.
      const isEnough = index >= APPROVERS.length;
      expect((await cli(...words)).code).toBe(isEnough ? 1 : 0);
      const vouched = ['--vouched-by', APPROVERS[0], '--voucher-passphrase-file', place('pass-0')];
      if (isEnough) expect((await cli(...words, ...vouched)).code).toBe(0);
    }
    const approve = (by: string, pass: number) =>
      cli('approve', folder, '--by', by, '--passphrase-file', place(`pass-${pass}`));
    expect((await cli('launch', folder)).json().refused).toContain('PLAN_NOT_APPROVED');
    const byLoader = await approve(LOADER, 2);
    expect(byLoader.code).toBe(1);
    expect(byLoader.json().refused).toBe('LOADED_THE_LIST');
    expect((await approve(APPROVERS[0], 1)).json().refused).toBe('CODE_WRONG');
    const first = await approve(APPROVERS[0], 0);
    expect(first.json()).toMatchObject({ approved: false, missing: 1, proof: 'passphrase' });
    const twice = await approve(APPROVERS[0], 0);
    expect(twice.code).toBe(1);
    expect(twice.json().refused).toBe('ALREADY_APPROVED');
    const second = await approve(APPROVERS[1], 1);
    expect(second.json()).toMatchObject({ approved: true, missing: 0, plan: first.json().plan });
  });

  it('covers what is frozen: a text edited afterwards shows as drift', async () => {
    const file = join(folder, 'notice', 'adult.ja.md');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('心より深くお詫び', '後から書き換えたお詫び'));
    expect((await status()).drift).toHaveLength(1);
  });
});

describe('the launch', () => {
  it('is refused without a publication, and then says that no worker is running', async () => {
    const refused = await cli('launch', folder, '--by', APPROVERS[0]);
    expect(refused.code).toBe(1);
    expect(refused.json().refused).toEqual(['PUBLICATION_MISSING']);
    writeFileSync(place('page.html'), '<p>お知らせ</p>');
    const words = ['--kind', 'first', '--url', 'https://www.tameshido.test/oshirase', '--document', place('page.html')];
    expect((await cli('publication', 'add', SLUG, ...words)).code).toBe(0);
    const launched = await spawned('launch', SLUG, '--by', APPROVERS[0]);
    expect(launched.json()).toMatchObject({ state: 'running', workers: 0 });
    expect((await status()).decisions.map((decision) => decision.code)).toContain('no_worker');
  });

  it('is sent by a worker process; pause stops it within a second, resume goes on, SIGTERM drains', async () => {
    const worker = startCli(['work', '--json'], { env });
    await until((document) => wave(document, 'email-1').handedOver > 3, 'the first mails');
    expect((await cli('pause', SLUG, '--by', APPROVERS[0])).json().state).toBe('paused');
    await sleep(700);
    const taken = catcher.taken().length;
    await sleep(700);
    expect(catcher.taken().length).toBe(taken);
    expect(wave(await status(), 'email-1').pending).toBeGreaterThan(0);
    expect((await cli('resume', SLUG, '--by', APPROVERS[0])).json()).toMatchObject({ state: 'running', workers: 1 });
    await until(() => catcher.taken().length > taken + 3, 'mails after the pause');
    await drain(worker);
    const { handedOver, uncertain, failed, pending } = wave(await status(), 'email-1');
    // Only the mail whose connection was dropped after its dot may be uncertain: a drain loses nothing.
    expect(uncertain).toBeLessThanOrEqual(1);
    await catcher.flush();
    expect(handedOver + uncertain).toBe(catcher.taken().length);
    expect(handedOver + uncertain + failed + pending).toBe(PLAIN_PEOPLE + 4);
  });

  it('is finished by `owabi up`; the relay’s log settles the mail whose reply was lost, and then the letters are made', async () => {
    const up = startCli(['up', '--port', '0', '--json'], { env });
    const polled = spawned('status', SLUG);
    const mailed = await until((document) => wave(document, 'email-1').pending === 0, 'the end of the mails');
    expect((await polled).json()).toMatchObject({ balanced: true });
    expect(mailed.drift).toHaveLength(1);
    expect(wave(mailed, 'email-1')).toMatchObject({ uncertain: 1, failed: 1 });
    // The post is cheaper in one lot: it waits for whoever may still come.
    await catcher.flush();
    writeFileSync(place('maillog'), logWithout(people.bounces.email));
    expect((await cli('settle', SLUG, '--log', place('maillog'))).json()).toMatchObject({ settled: 1, left: 0 });
    expect(wave(await status(), 'email-1').uncertain).toBe(0);
    await until(lotsArePrepared, 'the lots');
    await drain(up);
  });

  it('told each person once, in the words that were approved', () => {
    const received = catcher.taken();
    expect(new Set(received.map((entry) => entry.recipient)).size).toBe(received.length);
    // The unmatched, the unreachable, the one on paper and the refused got none.
    expect(received.length).toBe(PLAIN_PEOPLE + 3);
    const texts = readdirSync(catcher.mailsDir).map((name) => decodeMail(readFileSync(join(catcher.mailsDir, name))));
    expect(texts.every((text) => text.includes('心より深くお詫び'))).toBe(true);
    expect(texts.some((text) => text.includes('後から書き換えた'))).toBe(false);
  });
});

/** The relay's log before it learned of this recipient's bounce. */
function logWithout(recipient: string): string {
  const lines = readFileSync(catcher.logFile, 'utf8').split('\n');
  const queueIds = lines.flatMap((line) => (line.includes(`to=<${recipient}>`) ? [line.split(': ')[1] ?? ''] : []));
  return lines.filter((line) => !queueIds.some((id) => line.includes(id))).join('\n');
}

function lotsArePrepared(document: StatusDocument): boolean {
  return wave(document, 'letter-1').total >= 2 && readFolder(join(place('export'), SLUG, 'lots')).length >= 2;
}

const readFolder = (path: string): string[] => (existsSync(path) ? readdirSync(path) : []);

/** All base64 parts of a mail as text. */
function decodeMail(raw: Buffer): string {
  const parts = raw.toString('latin1').split('\r\n\r\n').slice(1);
  return parts.map((part) => Buffer.from(part.replaceAll(/\r\n--.*$/gs, ''), 'base64').toString('utf8')).join('\n');
}

async function drain(running: RunningCli): Promise<void> {
  running.process.kill('SIGTERM');
  const end = await running.ended;
  expect(end.stderr).toBe('');
  expect(end.code).toBe(0);
  expect(end.json()).toMatchObject({ stopped: true });
}

describe('what comes back', () => {
  it('a bounce after the letters were made up goes into another lot of the fallback wave', async () => {
    const before = (await cli('lots', 'list', SLUG)).json().lots as { number: number; prepared: boolean }[];
    expect(before.map((lot) => lot.prepared)).toEqual(before.map(() => true));
    const files = readdirSync(catcher.bouncesDir).map((name) => join(catcher.bouncesDir, name));
    expect(files).toHaveLength(1);
    const events = await cli('mail-event', ...files, '--campaign', SLUG);
    expect(events.json()[0].events[0]).toMatchObject({ kind: 'bounce', hard: true });
    // The same mailbox fetched twice brings nothing new.
    await cli('mail-event', ...files, '--campaign', SLUG);
    expect(wave(await status(), 'email-1').failed).toBe(2);
    const worker = startCli(['work', '--json'], { env });
    await until((document) => wave(document, 'letter-1').total === 3, 'the place in the letter wave');
    await until(() => readFolder(join(place('export'), SLUG, 'lots')).length > before.length, 'the second lot');
    await drain(worker);
  });

  it('the print house’s file tells the letters; without consent they went without a gift, and the gift wave waits', async () => {
    const folders = readFolder(join(place('export'), SLUG, 'lots')).map((name) =>
      join(place('export'), SLUG, 'lots', name),
    );
    const report = producePieces({
      manifests: folders.map((each) => readFileSync(join(each, 'manifest.csv'))),
      day: toDay(new Date()),
      slipNumber: 'S-1',
      spoilEvery: 0,
    });
    writeFileSync(place('printed.csv'), report);
    expect((await cli('lots', 'load', SLUG, place('printed.csv'))).json()).toMatchObject({ posted: 4, spoiled: 0 });
    // A cumulative file: loaded again, nothing is posted again.
    expect((await cli('lots', 'load', SLUG, place('printed.csv'))).json()).toMatchObject({ posted: 0, known: 4 });
    const worker = startCli(['work', '--json'], { env });
    const waiting = await until((document) => wave(document, 'gift-1').pending === 4, 'the gift wave');
    await drain(worker);
    expect(wave(waiting, 'gift-1')).toMatchObject({ handedOver: 0, pending: 4 });
    expect(waiting.persons).toMatchObject({ underway: 0, told: PLAIN_PEOPLE + 5, undecided: 2 });
    expect((await cli('ledger', SLUG)).json().entries.length).toBeGreaterThan(0);
  });
});

describe('the end', () => {
  it('does not come while somebody is undecided; a named person decides, then it closes', async () => {
    const refused = await cli('close', SLUG, '--by', APPROVERS[0]);
    expect(refused.code).toBe(1);
    expect(refused.json().refused).toContain('PEOPLE_UNDECIDED');
    const outcomes = (await status()).outcomes.filter((one) => one.term === 'undecided').map((one) => one.outcome);
    expect(outcomes.sort()).toEqual(['no_channel', 'no_segment']);
    expect((await cli('people', 'decide', SLUG, 'substitute', '--outcome', 'undecided')).code).toBe(2);
    const decided = await cli('people', 'decide', SLUG, 'substitute', '--outcome', 'undecided', '--by', APPROVERS[1]);
    expect(decided.json()).toMatchObject({ people: 2, decided: 2 });
    expect((await status()).persons).toMatchObject({ undecided: 0, substitute: 2 });
    expect((await cli('close', SLUG, '--by', APPROVERS[0])).json().state).toBe('closed');
  });

  it('leaves a bundle that verifies, before and after the keys are destroyed by two people', async () => {
    const bundle = place('claim.zip');
    const { publicKey } = generateKeyPairSync('x25519');
    writeFileSync(place('adjuster.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
    expect((await cli('bundle', SLUG, '--out', bundle)).code).toBe(0);
    const number = await anyNumber();
    expect((await cli('story', SLUG, number)).json().name).toBeTruthy();
    expect((await cli('purge', SLUG, '--by', APPROVERS[0])).code).toBe(2);
    const same = await cli('purge', SLUG, '--by', APPROVERS[0], '--and', APPROVERS[0]);
    expect(same.code).toBe(1);
    const rehearsal = await cli('purge', SLUG, '--by', APPROVERS[0], '--and', APPROVERS[1], '--dry-run');
    expect(rehearsal.json()).toMatchObject({ kind: 'would_purge', keys: 1, files: 2 });
    expect((await cli('story', SLUG, number)).json().name).toBeTruthy();
    const purged = await spawned('purge', SLUG, '--by', APPROVERS[0], '--and', APPROVERS[1]);
    expect(purged.json()).toMatchObject({ kind: 'purged' });
    expect((await cli('story', SLUG, number)).json().name).toBeNull();
    expect(readFolder(join(place('export'), SLUG))).toEqual([]);
    const after = await cli('status', SLUG);
    expect(after.code).toBe(0);
    expect(after.json()).toMatchObject({ state: 'closed', balanced: true });
    expect((await cli('bundle', SLUG, '--out', place('after.zip'))).code).toBe(0);
    for (const file of [bundle, place('after.zip')])
      expect((await cli('verify', file)).json()).toMatchObject({ ok: true });
    const opened = await cli(
      'bundle',
      SLUG,
      '--out',
      place('full.zip'),
      '--full',
      '--to',
      place('adjuster.pem'),
      '--by',
      LOADER,
    );
    expect(opened.code).not.toBe(0);
  });
});

async function anyNumber(): Promise<string> {
  const { rows } = await app.pool.query<{ number: string }>('select number from notice.notice limit 1');
  return rows[0]?.number ?? '';
}
