// The whole path as a stranger runs it: `owabi demo` from the built program, its JSON contract, and every command that can be
// asked of the finished campaign. One run of the demo serves all checks.
import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import postalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCampaign } from '../../src/campaign/find-campaign.ts';
import { commands } from '../../src/cli/command-table.ts';
import { listGiftAccounts } from '../../src/delivery/gifts/gift-store.ts';
import { listLotAccounts } from '../../src/delivery/letters/lot-store.ts';
import { getPeople } from '../../src/intake/get-people.ts';
import type { App } from '../../src/platform/app.ts';
import { type DemoRun, runDemoForTest } from '../support/demo-run.ts';
import { findWrongCaches } from '../support/recompute-states.ts';
import { readRosterRows } from '../support/roster-needles.ts';
import { callCli, runCli } from '../support/run-cli.ts';

const PEOPLE = 400;
const CAMPAIGN = 'mihon-2026';

let demo: DemoRun;
let app: App;

beforeAll(async () => {
  demo = await runDemoForTest({ people: PEOPLE });
  app = await demo.open();
}, 120_000);
afterAll(async () => {
  await app?.close();
  await demo?.remove();
});

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

type Wave = { total: number; handedOver: number; failed: number; excluded: number; uncertain: number; pending: number };
type Persons = { total: number } & Record<'told' | 'underway' | 'substitute' | 'excluded' | 'undecided', number>;
type Money = { incurred: number; eligible: number; payable: number; uncovered: number };

function expectBalanced(status: {
  roster: { rows: number; people: number; merged: number; rejected: number };
  waves: Wave[];
  persons: Persons;
  balanced: boolean;
}): void {
  const { roster, waves, persons } = status;
  expect(roster.rows).toBe(roster.people + roster.merged + roster.rejected);
  for (const wave of waves) {
    expect(wave.total).toBe(wave.handedOver + wave.failed + wave.excluded + wave.uncertain + wave.pending);
  }
  const { total, told, underway, substitute, excluded, undecided } = persons;
  expect(total).toBe(told + underway + substitute + excluded + undecided);
  expect(status.balanced).toBe(true);
}

function expectClaimAddsUp(claim: {
  categories: ({ category: string; label: string; reasons: { code: string; yen: number }[] } & Money)[];
  total: Money;
}): void {
  expect(claim.categories.length).toBeGreaterThan(0);
  for (const line of claim.categories) {
    expect(Object.keys(line)).toEqual(
      expect.arrayContaining(['category', 'label', 'incurred', 'eligible', 'payable', 'uncovered', 'reasons']),
    );
    for (const yen of [line.incurred, line.eligible, line.payable, line.uncovered])
      expect(Number.isSafeInteger(yen)).toBe(true);
    expect(line.uncovered).toBe(line.incurred - line.payable);
    expect(line.uncovered).toBe(sum(line.reasons.map((reason) => reason.yen)));
  }
  for (const key of ['incurred', 'eligible', 'payable', 'uncovered'] as const) {
    expect(claim.total[key]).toBe(sum(claim.categories.map((line) => line[key])));
  }
  expect(claim.total.uncovered).toBe(claim.total.incurred - claim.total.payable);
}

describe('the JSON document of the demo', () => {
  it('stands alone on standard output and has what the contract names', () => {
    expect(demo.end.code).toBe(0);
    expect(() => JSON.parse(demo.end.stdout)).not.toThrow();
    expect(Object.keys(demo.result)).toEqual(
      expect.arrayContaining(['campaign', 'people', 'accounting', 'letters', 'mails', 'claim', 'bundle', 'seconds']),
    );
    expect(demo.result.campaign).toBe(CAMPAIGN);
    expect(demo.result.seconds).toBeGreaterThan(0);
    expect(demo.end.stderr).not.toMatch(/Warning|UNEXPECTED/);
  });

  it('accounts for every row, every place in a wave and every person', () => {
    const { accounting, people } = demo.result;
    expectBalanced(accounting as never);
    expect(accounting.roster.rows).toBe(PEOPLE);
    expect(accounting.persons.total).toBe(people);
    expect(accounting.roster.rejected).toBeGreaterThan(0);
    expect(accounting.roster.merged).toBeGreaterThan(0);
    expect(accounting).toMatchObject({ state: 'closed', roster: { open: 0 } });
    expect(accounting.persons).toMatchObject({ underway: 0, undecided: 0 });
    for (const wave of accounting.waves) expect(wave).toMatchObject({ uncertain: 0, pending: 0 });
    expect(new Set(accounting.waves.map((wave) => wave.channel))).toEqual(new Set(['email', 'letter', 'gift']));
  });

  it('gives every uncovered yen exactly one reason', () => {
    expectClaimAddsUp(demo.result.claim as never);
    expect(demo.result.claim.total.incurred).toBeGreaterThan(0);
  });

  it('names a bundle that exists', () => {
    expect(resolve(demo.result.bundle).startsWith(demo.out + sep)).toBe(true);
    expect(existsSync(demo.result.bundle)).toBe(true);
  });

  it('leaves everything that it made below --out', () => {
    const inside = readdirSync(demo.out).sort();
    expect(inside).toEqual(['campaign', 'data', 'export', 'keys', 'mails', 'preview', 'rosters', 'vendors']);
    expect(readdirSync(demo.tmp)).toEqual([]);
    if (process.getuid?.() !== 0) expect(demo.databaseRoot.startsWith(demo.out + sep)).toBe(true);
  });
});

type Caught = { token: string; messageId: string; recipient: string; fault: string | null };
type Place = { notice_id: string; person_ref: string; number: string; state: string; reason: string | null };

async function mailPlaces(): Promise<Place[]> {
  const found = await app.pool.query<Place>(
    `select a.notice_id, a.person_ref, n.number, a.state, a.reason from delivery.assignment a
     join delivery.wave w using (campaign_id, wave_id) join notice.notice n on n.id = a.notice_id where w.channel = 'email'`,
  );
  return found.rows;
}

function readCaught(): Caught[] {
  const lines = readFileSync(join(demo.out, 'mails', 'received.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Caught);
}

describe("the mail catcher's own record", () => {
  it('agrees with ours person by person, and nobody has two mails', async () => {
    const caught = readCaught();
    const places = await mailPlaces();
    const campaign = await findCampaign(app.pool, CAMPAIGN);
    if (!campaign) throw new Error('the campaign is missing');
    const people = await getPeople(
      app,
      campaign,
      places.map((place) => place.person_ref),
    );
    const noticeOf = (entry: Caught) => entry.messageId.slice(1, 37);
    expect(new Set(caught.map(noticeOf)).size).toBe(caught.length);
    const byNotice = new Map(caught.map((entry) => [noticeOf(entry), entry]));
    expect(demo.result.mails.taken).toBe(caught.length);
    const differences = places.flatMap((place) => {
      const entry = byNotice.get(place.notice_id);
      byNotice.delete(place.notice_id);
      const isBounced = entry?.fault?.startsWith('bounce') === true;
      const expected = entry === undefined || isBounced ? 'failed' : 'accepted';
      const email = people.get(place.person_ref)?.email?.toLowerCase();
      const isSame = place.state === expected && (entry === undefined || entry.recipient.toLowerCase() === email);
      return isSame ? [] : [{ ...place, entry }];
    });
    expect(differences).toEqual([]);
    expect([...byNotice.values()]).toEqual([]);
    expect(demo.result.mails.accepted).toBe(places.filter((place) => place.state === 'accepted').length);
    expect(demo.result.mails.total).toBe(places.length);
  });

  it('has mails of one recipient each, who finds their own name and number in it and nobody else’s', async () => {
    const names = readRosterRows(readdirSync(join(demo.out, 'rosters')).map((name) => join(demo.out, 'rosters', name)))
      .map((row) => row.氏名 ?? '')
      .filter((name) => name !== '');
    const numbers = new Map((await mailPlaces()).map((place) => [place.notice_id, place]));
    const campaign = await findCampaign(app.pool, CAMPAIGN);
    if (!campaign) throw new Error('the campaign is missing');
    const people = await getPeople(
      app,
      campaign,
      [...numbers.values()].map((place) => place.person_ref),
    );
    for (const entry of readCaught()) {
      const mail = await postalMime.parse(readFileSync(join(demo.out, 'mails', 'mails', `${entry.token}.eml`)));
      expect(mail.to?.map((to) => to.address)).toEqual([entry.recipient]);
      expect([mail.cc, mail.bcc].flat().filter(Boolean)).toEqual([]);
      const place = numbers.get(entry.messageId.slice(1, 37));
      const person = people.get(place?.person_ref ?? '');
      const number = `${place?.number.slice(0, 4)}-${place?.number.slice(4, 8)}-${place?.number.slice(8)}`;
      for (const text of [mail.text ?? '', mail.html ?? '']) {
        expect(text).toContain(number);
        const own = [person?.name ?? '', person?.guardianName ?? ''];
        const strangers = names.filter((name) => text.includes(name) && !own.some((mine) => mine.includes(name)));
        expect(strangers, `in ${entry.token}`).toEqual([]);
      }
    }
  });
});

describe('letters and cards', () => {
  it('left each lot in exactly one way: manifest = posted + spoiled + withdrawn + open', async () => {
    const campaign = await findCampaign(app.pool, CAMPAIGN);
    const lots = await listLotAccounts(app.pool, campaign?.id ?? '');
    expect(lots.length).toBe(demo.result.letters.lots);
    for (const lot of lots) {
      expect(lot.manifest).toBe(lot.posted + lot.spoiled + lot.withdrawn + lot.open);
      expect(lot.open).toBe(0);
      expect(lot.unreprinted).toBe(0);
    }
    const { letters } = demo.result;
    expect(sum(lots.map((lot) => lot.posted))).toBe(letters.posted);
    expect(letters.pieces).toBe(letters.posted + letters.spoiled + letters.withdrawn);
  });

  it('account for every card: reserved = posted + spoiled + back in stock + lost', async () => {
    const campaign = await findCampaign(app.pool, CAMPAIGN);
    const gifts = await listGiftAccounts(app.pool, campaign?.id ?? '');
    expect(gifts.length).toBeGreaterThan(0);
    for (const gift of gifts) expect(gift.balanced).toBe(true);
    const twice = await app.pool.query(
      `select person_ref from delivery.gift where state in ('reserved', 'posted') group by person_ref, gift having count(*) > 1`,
    );
    expect(twice.rows).toEqual([]);
  });
});

describe('the insurer’s bundle', () => {
  it('verifies; with one byte turned it does not; a missing one is a fault of usage', async () => {
    const good = await runCli(['verify', demo.result.bundle, '--json']);
    expect(good.json()).toMatchObject({ ok: true, problems: [] });
    expect(good.code).toBe(0);
    const bytes = readFileSync(demo.result.bundle);
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    const broken = join(demo.tmp, 'broken.zip');
    writeFileSync(broken, bytes);
    const bad = await runCli(['verify', broken, '--json']);
    expect(bad.code).toBe(1);
    expect(bad.json().ok).toBe(false);
    expect(bad.json().problems.length).toBeGreaterThan(0);
    expect((await runCli(['verify', join(demo.tmp, 'nothing.zip'), '--json'])).code).toBe(2);
  });
});

describe('commands on the finished demo', () => {
  it('shows what it promises: cards for some, last call for others, returns, and cards that follow', () => {
    const { letters, accounting, mails } = demo.result;
    for (const part of [letters.posted, letters.returned, letters.gifts, mails.refused]) {
      expect(part).toBeGreaterThan(0);
    }
    const wave = (id: string) => accounting.waves.find((one) => one.id === id);
    for (const id of ['email-1', 'letter-card', 'letter-1', 'gift-1'])
      expect(wave(id)?.handedOver, id).toBeGreaterThan(0);
    expect(letters.gifts).toBeLessThan(letters.posted);
  });

  it('status and claim say what the demo said', async () => {
    const status = await demo.cli('status', CAMPAIGN, '--json');
    expect(status.code).toBe(0);
    expectBalanced(status.json());
    const { roster, waves, persons, state } = demo.result.accounting;
    expect(status.json()).toMatchObject({ roster, persons, state });
    expect(status.json().waves.map((wave: Wave & { id: string }) => ({ ...wave }))).toMatchObject(waves);
    const claim = await demo.cli('claim', CAMPAIGN, '--json');
    expectClaimAddsUp(claim.json());
    expect(claim.json()).toMatchObject(demo.result.claim);
  });

  it('ledger adds up from any direction', async () => {
    const { entries, total } = (await demo.cli('ledger', CAMPAIGN, '--json')).json() as {
      entries: { grossYen: number; netYen: number; taxYen: number; kind: string; invoiceId: string | null }[];
      total: number;
    };
    expect(sum(entries.map((entry) => entry.grossYen))).toBe(total);
    for (const entry of entries) expect(entry.grossYen).toBe(entry.netYen + entry.taxYen);
    // What the claim is made of: invoices only; accruals forecast.
    const invoiced = entries.filter((entry) => entry.kind === 'invoice');
    expect(sum(invoiced.map((entry) => entry.grossYen))).toBe(demo.result.claim.total.incurred);
  });

  it('figures and reconcile agree with the account', async () => {
    const figures = (await demo.cli('figures', CAMPAIGN, '--json')).json();
    expect(figures.response.told).toBe(demo.result.accounting.persons.told);
    expect(figures.response.toldByEmail + figures.response.toldByLetter).toBe(figures.response.told);
    const reconciled = await demo.cli('reconcile', CAMPAIGN, '--json');
    expect(reconciled.json().differences).toEqual([]);
    expect(reconciled.code).toBe(0);
  });

  it('story tells one person’s whole path by notice number, and refuses a number with a wrong digit', async () => {
    const place = (await mailPlaces()).find((found) => found.state === 'failed');
    const story = await demo.cli('story', CAMPAIGN, place?.number ?? '', '--json');
    expect(story.code).toBe(0);
    expect(story.json().ref).toBe(place?.person_ref);
    expect(story.json().name).not.toBe('');
    expect(story.json().notices.length).toBeGreaterThan(1);
    expect(story.json().events.length).toBeGreaterThan(1);
    const wrong = `${place?.number.slice(0, 11)}${(Number(place?.number[11]) + 1) % 10}`;
    expect((await demo.cli('story', CAMPAIGN, wrong, '--json')).code).toBe(2);
  });

  it('bundle is built for each audience, and with people only encrypted to a receiver who can open it', async () => {
    for (const audience of ['regulator', 'internal']) {
      const file = join(demo.tmp, `${audience}.zip`);
      const built = await demo.cli('bundle', CAMPAIGN, '--out', file, '--for', audience, '--json');
      expect(built.code).toBe(0);
      expect(built.json()).toMatchObject({ file, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect((await callCli(['verify', file, '--json'])).json()).toMatchObject({ ok: true });
    }
    const pair = generateKeyPairSync('x25519');
    mkdirSync(join(demo.tmp, 'keys'));
    const [secret, open] = [join(demo.tmp, 'keys', 'adjuster.pem'), join(demo.tmp, 'keys', 'adjuster.pub.pem')];
    writeFileSync(secret, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    writeFileSync(open, pair.publicKey.export({ type: 'spki', format: 'pem' }));
    const file = join(demo.tmp, 'full.zip');
    expect((await demo.cli('bundle', CAMPAIGN, '--out', file, '--full', '--json')).code).toBe(2);
    expect(
      (await demo.cli('bundle', CAMPAIGN, '--out', file, '--full', '--to', open, '--by', '見本 守', '--json')).code,
    ).toBe(0);
    const folder = join(demo.tmp, 'opened');
    const opened = await callCli(['verify', file, '--open', secret, '--out', folder, '--json']);
    expect(opened.code).toBe(0);
    expect(opened.json().opened.length).toBeGreaterThan(0);
    const text = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    expect(text.split('\n').length).toBeGreaterThan(demo.result.people);
    expect(text).toMatch(/@/);
  });

  it('says the same bytes for the same block, and refuses to demo into a folder that is not empty', async () => {
    const { block } = (await callCli(['verify', demo.result.bundle, '--json'])).json().bundle;
    const again = join(demo.tmp, 'again.zip');
    const words = ['bundle', CAMPAIGN, '--out', again, '--as-of', String(block), '--final', '--json'];
    expect((await demo.cli(...words)).code).toBe(0);
    expect(readFileSync(again).equals(readFileSync(demo.result.bundle))).toBe(true);
    copyFileSync(again, join(demo.tmp, 'copy.zip'));
    expect((await callCli(['demo', '--out', demo.out, '--json'])).code).toBe(2);
  });
});

describe('the cached columns', () => {
  it('say what the append-only events say: places, people, cards and stock', async () => {
    const campaign = await findCampaign(app.pool, CAMPAIGN);
    expect(await findWrongCaches(app.pool, campaign?.id ?? '', new Date(demo.result.accounting.at))).toEqual([]);
  });

  it('are found out when one of them is wrong', async () => {
    const campaign = await findCampaign(app.pool, CAMPAIGN);
    await app.pool.query(
      "update delivery.assignment set state = 'pending', reason = null where id = (select id from delivery.assignment where state = 'posted' limit 1)",
    );
    expect(await findWrongCaches(app.pool, campaign?.id ?? '', new Date(demo.result.accounting.at))).not.toEqual([]);
  });
});

describe('times in words', () => {
  /** Commands that show what is there, with what they need besides the campaign. */
  const shows: Readonly<Record<string, (place: { number: string; bundle: string }) => string[]>> = {
    'approver list': () => [CAMPAIGN],
    'publication list': () => [CAMPAIGN],
    'consent list': () => [CAMPAIGN],
    'cost list': () => [CAMPAIGN],
    'lots list': () => [CAMPAIGN],
    'problems list': () => [CAMPAIGN],
    'gifts stock': () => [CAMPAIGN],
    'rows list': () => [CAMPAIGN],
    'merges list': () => [CAMPAIGN],
    'people list': () => [CAMPAIGN, 'deceased'],
    'contacts volume': () => [CAMPAIGN],
    'contacts case': () => [CAMPAIGN],
    'campaign history': () => [CAMPAIGN],
    plan: () => [CAMPAIGN],
    campaigns: () => [],
    checklist: () => [CAMPAIGN],
    status: () => [CAMPAIGN],
    settle: () => [CAMPAIGN],
    bundle: ({ bundle }) => [CAMPAIGN, '--out', bundle],
    verify: ({ bundle }) => [bundle],
    story: ({ number }) => [CAMPAIGN, number],
    figures: () => [CAMPAIGN],
    reconcile: () => [CAMPAIGN],
    audit: () => [CAMPAIGN],
    ledger: () => [CAMPAIGN],
    claim: () => [CAMPAIGN],
    forecast: () => [CAMPAIGN],
    estimate: () => [],
  };
  /** Commands that change something, or show a file or a frame and no time. */
  const others = [
    'preview',
    'approver add',
    'approve',
    'publication add',
    'consent add',
    'launch',
    'pause',
    'resume',
    'stop',
    'close',
    'demo',
    'campaign new',
    'campaign push',
    'campaign pull',
    'check',
    'formats',
    'mail-event',
    'lots form',
    'lots post',
    'lots load',
    'lots pull',
    'returns load',
    'problems settle',
    'gifts receive',
    'gifts count',
    'gifts lose',
    'hold set',
    'hold release',
    'purge',
    'import',
    'freeze',
    'rows settle',
    'merges undo',
    'people decide',
    'people resend',
    'contacts add',
    'contacts load',
    'cost add',
    'cost load',
    'up',
    'work',
    'serve',
    'migrate',
    'backup',
    'restore',
    'home take',
  ];

  it('are asked of every command: whoever adds one says here whether it shows times', () => {
    expect([...Object.keys(shows), ...others].toSorted()).toEqual(commands.map(({ name }) => name).toSorted());
  });

  it('are Japanese time, never an instant of UTC, whatever the zone of the machine', async () => {
    const { rows } = await app.pool.query<{ number: string }>('select number from notice.notice limit 1');
    const place = { number: rows[0]?.number ?? '', bundle: join(demo.tmp, 'times.zip') };
    const instant = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d|Z)|\d\dZ\b|GMT|UTC/;
    const shown = [];
    for (const [name, needs] of Object.entries(shows)) {
      const { stdout, stderr, code } = await demo.cli(...name.split(' '), ...needs(place));
      expect([name, code], stderr).toEqual([name, expect.toBeOneOf([0, 1])]);
      if (instant.test(stdout)) shown.push([name, instant.exec(stdout)?.[0]]);
    }
    expect(shown).toEqual([]);
    const sealedAt = (await demo.cli('verify', place.bundle, '--json')).json().bundle.sealedAt as string;
    const inJapan = new Date(Date.parse(sealedAt) + 9 * 60 * 60 * 1000).toISOString();
    expect((await demo.cli('verify', place.bundle)).stdout).toContain(inJapan.slice(0, 16).replace('T', ' '));
  });
});
