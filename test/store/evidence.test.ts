// The bundle of a real campaign: same block, same bytes; what was recorded later changes nothing; nobody's data in it.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { getCampaign } from '../../src/campaign/find-campaign.ts';
import { recordPublication } from '../../src/campaign/publications/record-publication.ts';
import { runBundle } from '../../src/cli/commands/bundle.ts';
import { runFigures } from '../../src/cli/commands/figures.ts';
import { runHoldRelease, runHoldSet } from '../../src/cli/commands/hold.ts';
import { runPurge } from '../../src/cli/commands/purge.ts';
import { runReconcile } from '../../src/cli/commands/reconcile.ts';
import { runVerify } from '../../src/cli/commands/verify.ts';
import { checkAudit } from '../../src/desk/audit/check-audit.ts';
import { runOperation } from '../../src/desk/run-operation.ts';
import { buildBundle } from '../../src/evidence/bundle/build-bundle.ts';
import { titleKeyOf } from '../../src/evidence/bundle/bundle-index.ts';
import { listSnapshotBlocks } from '../../src/evidence/store.ts';
import { collectStory } from '../../src/evidence/story/person-story.ts';
import { readersOfFile } from '../../src/evidence/verify/audience.ts';
import { verifyBundle } from '../../src/evidence/verify/verify-bundle.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { freezeList } from '../../src/intake/list/freeze-list.ts';
import { listMembers } from '../../src/intake/list/list-members.ts';
import { listFacts } from '../../src/journal/store.ts';
import { openSealed } from '../../src/platform/crypto/seal-to.ts';
import { openZip } from '../../src/platform/formats/zip.ts';
import { say } from '../../src/platform/words.ts';
import { useApp } from '../support/app.ts';
import { aCampaignFile } from '../support/campaign-file.ts';
import { cliContext } from '../support/cli-context.ts';
import { rootOfPath } from '../support/merkle-path.ts';

const owner = { door: 'cli', role: 'owner' } as const;
const app = useApp({ clock: () => new Date('2026-11-24T03:00:00Z') });
const dir = mkdtempSync(join(tmpdir(), 'owabi-evidence-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let campaign: Campaign;

const roster = `氏名,メールアドレス,郵便番号,住所,電話番号
見本 太郎,taro@mihon.example.jp,1000013,東京都千代田区霞が関1-3-2,03-1234-5678
見本 花子,hanako@mihon.example.jp,5300001,大阪府大阪市北区梅田1-1-1,06-1234-5678
髙橋 次郎,jiro@mihon.example.jp,8120011,福岡県福岡市博多区博多駅前2-2-2,092-123-4567
`;

beforeAll(async () => {
  const made = await ensureCampaign(app, { dir: '/tmp/evidence', file: aCampaignFile({ id: 'evidence' }) });
  writeFileSync(join(dir, 'roster.csv'), roster);
  await importRoster(app, { campaign: made, file: join(dir, 'roster.csv'), items: ['name'] });
  await freezeList(app, { campaign: made });
  campaign = await getCampaign(app.pool, made.id);
});

const build = async (name: string, more: Partial<Parameters<typeof buildBundle>[1]> = {}) => {
  const result = await buildBundle(app, { campaign, out: join(dir, name), audience: 'insurer', ...more });
  if (result.kind !== 'built') throw new Error(`refused: ${result.reasons.join()}`);
  return result;
};
const publish = async (url: string) =>
  await recordPublication(app, { campaign, kind: 'first', url, documentSha256: 'ab'.repeat(32), asOf: app.clock() });

describe('the bundle of a campaign', () => {
  it('verifies, and is the same bytes for the same block, also after more was recorded', async () => {
    const first = await build('first.zip');
    const verdict = await verifyBundle(first.file);
    expect(verdict.problems).toEqual([]);
    expect(verdict.bundle).toMatchObject({ campaign: 'evidence', block: first.block, head: first.head });

    const again = await build('again.zip');
    expect(again.sha256).toBe(first.sha256);

    await publish('https://mihon.example.jp/1');
    const later = await build('later.zip');
    expect(later.block).toBeGreaterThan(first.block);
    expect((await verifyBundle(later.file)).problems).toEqual([]);
    const asOf = await build('as-of.zip', { asOf: first.block });
    expect(asOf.sha256).toBe(first.sha256);
    expect(readFileSync(asOf.file).equals(readFileSync(first.file))).toBe(true);
  });

  it('is refused as of a block that no snapshot belongs to', async () => {
    await expect(build('no.zip', { asOf: 9999 })).rejects.toMatchObject({ code: 'BLOCK_MISSING' });
  });

  it('holds nobody’s data in any encoding', async () => {
    const { file } = await build('clean.zip');
    const bytes = readFileSync(file);
    for (const word of ['見本 太郎', '太郎', 'taro@', 'mihon.example.jp\r', '霞が関', '1234-5678', '髙橋']) {
      expect(bytes.includes(Buffer.from(word)), word).toBe(false);
      expect(bytes.includes(Buffer.from(word).toString('base64').slice(0, -4)), word).toBe(false);
    }
  });

  it('carries for each audience only what it needs', async () => {
    const names = async (file: string) => {
      const zip = await openZip(file);
      zip.close();
      return zip.entries.map((entry) => entry.path.slice(entry.path.indexOf('/') + 1));
    };
    const insurer = await names((await build('i.zip')).file);
    const regulator = await names((await build('r.zip', { audience: 'regulator' })).file);
    const internal = await names((await build('n.zip', { audience: 'internal' })).file);
    expect(insurer).toContain('data/ledger.xlsx');
    expect(insurer).not.toContain('data/reconcile.json');
    expect(regulator).not.toContain('data/ledger.csv');
    expect(internal).toContain('data/reconcile.json');
    for (const audience of ['r.zip', 'n.zip']) expect((await verifyBundle(join(dir, audience))).problems).toEqual([]);
  });

  it('has for each file a title in both languages and somebody who was named to get it', async () => {
    const zip = await openZip((await build('titled.zip', { audience: 'internal' })).file);
    zip.close();
    const files = zip.entries
      .map((entry) => entry.path.slice(entry.path.indexOf('/') + 1))
      .filter((path) => path.startsWith('data/') && !/^data\/(?:index\.|お読みください)/.test(path));
    const untitled = files.filter((path) => say('ja', titleKeyOf(path)) === titleKeyOf(path));
    // The writer itself adds these to every bundle.
    const always = /^data\/(?:README\.md|journal\/|people\/sample\.json)/;
    const unread = files.filter((path) => !(path in readersOfFile) && !always.test(path));
    expect({ untitled, unread }).toEqual({ untitled: [], unread: [] });
  });

  it('is final only for a closed campaign', async () => {
    const result = await buildBundle(app, {
      campaign,
      out: join(dir, 'final.zip'),
      audience: 'insurer',
      isFinal: true,
    });
    expect(result).toEqual({ kind: 'refused', reasons: ['NOT_CLOSED'] });
  });

  it('carries per-person data only sealed to its receiver, and verifies without opening it', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    const receiverPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const { file } = await build('full.zip', { receiverPem });
    expect((await verifyBundle(file)).problems).toEqual([]);
    expect(readFileSync(file).includes(Buffer.from('太郎'))).toBe(false);
    const zip = await openZip(file);
    const sealed = zip.entries.find((entry) => entry.path.endsWith('.sealed'));
    const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const chunks: Buffer[] = [];
    for await (const chunk of openSealed(privatePem, (await sealed?.open()) ?? [])) chunks.push(chunk);
    zip.close();
    const people = Buffer.concat(chunks)
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(people.map((line) => line.person.name).sort()).toEqual(['見本 太郎', '見本 花子', '髙橋 次郎'].sort());
  });

  it('is not signed with another key once one was given out', async () => {
    const key = join(app.keys.dir, campaign.id, 'signing.pem');
    const kept = readFileSync(key);
    rmSync(key);
    await expect(build('lost.zip')).rejects.toMatchObject({ code: 'KEY_MISSING' });
    writeFileSync(key, kept, { mode: 0o600 });
    expect((await build('found.zip')).kind).toBe('built');
  });
});

describe('the story of a person', () => {
  it('proves the place in the list against the root of the bundle, and records that it was looked at', async () => {
    const [member] = await listMembers(app.pool, campaign.id, 1, { afterRank: -1, limit: 1 });
    const person = member?.ref ?? '';
    const told = await runOperation(app, owner, 'tell-story', { campaign: 'evidence', person, by: '監査 人' });
    expect(told.name).toMatch(/^(見本|髙橋)/);
    expect(told.list).toMatchObject({ version: 1, position: 0, leakedItems: ['name'] });
    const { file } = await build('story.zip');
    const zip = await openZip(file);
    const entry = zip.entries.find((item) => item.path.endsWith('data/people/merkle.json'));
    let text = '';
    for await (const chunk of (await entry?.open()) ?? []) text += chunk;
    zip.close();
    expect(rootOfPath(Buffer.from(told.proof?.leaf ?? '', 'hex'), told.proof?.path ?? [])).toBe(JSON.parse(text).root);
    const { events } = await checkAudit(app.pool, campaign.id);
    expect(events).toMatchObject([
      { operation: 'tell-story', kind: 'opened', people: 1, refs: [person], actorId: expect.any(String) },
    ]);
  });

  it('is refused for a number and a reference that nobody has', async () => {
    const nobodys = { campaign: 'evidence', person: '123456789012' };
    await expect(runOperation(app, owner, 'tell-story', nobodys)).rejects.toMatchObject({ code: 'PERSON_MISSING' });
    const nobody = '01935b3a-0000-7000-8000-00000000ffff';
    await expect(collectStory(app.pool, campaign, nobody)).rejects.toMatchObject({ code: 'PERSON_MISSING' });
  });
});

describe('the commands', () => {
  const context = (args: string[], options: Record<string, string | boolean>) => cliContext(app, args, options);

  it('bundle and verify keep their contract', async () => {
    const file = join(dir, 'cli.zip');
    const built = await runBundle(context(['evidence'], { out: file, for: 'insurer' }));
    expect(built.json).toMatchObject({
      file,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      files: expect.any(Number),
    });
    const verified = await runVerify(context([file], {}));
    expect(verified).toMatchObject({ json: { ok: true, problems: [] }, exitCode: 0 });
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 4;
    writeFileSync(file, bytes);
    expect(await runVerify(context([file], {}))).toMatchObject({ json: { ok: false }, exitCode: 1 });
  });

  it('cover all that was looked at before a bundle by the chain that is in it, and build on the same snapshot', async () => {
    const [member] = await listMembers(app.pool, campaign.id, 1, { afterRank: -1, limit: 1 });
    const looked = async (file: string) => {
      await runOperation(app, owner, 'tell-story', { campaign: 'evidence', person: member?.ref ?? '' });
      await runBundle(context(['evidence'], { out: join(dir, file) }));
      return (await checkAudit(app.pool, campaign.id)).events;
    };
    const snapshots = async () => (await listSnapshotBlocks(app.pool, campaign.id)).length;
    await looked('looked.zip');
    const before = await snapshots();
    const events = await looked('looked-again.zip');
    expect(await snapshots()).toBe(before);
    const inBundle = new Set(await factsIn(join(dir, 'looked-again.zip')));
    const open = events.filter(({ factId }) => factId === null || !inBundle.has(factId));
    // Only the end of the bundle's own run comes after it.
    expect(open).toMatchObject([{ operation: 'build-bundle', kind: 'done' }]);
    expect(events.at(-2)).toMatchObject({ operation: 'build-bundle', kind: 'asked' });
    expect(await runVerify(context([join(dir, 'looked-again.zip')], {}))).toMatchObject({ json: { ok: true } });
    const asked = await runReconcile(context(['evidence'], {}));
    expect(asked.json).toMatchObject({ compared: expect.any(Number), differences: expect.any(Array) });
    expect((await checkAudit(app.pool, campaign.id)).uncovered).toBe(1);
  });

  it('let per-person data leave only for a receiver, put everybody in it on record, and open it with the receiver’s key', async () => {
    const out = join(dir, 'full-cli.zip');
    await expect(runBundle(context(['evidence'], { out, full: true }))).rejects.toMatchObject({ code: 'USAGE_WRONG' });
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    const [to, open] = [join(dir, 'to.pem'), join(dir, 'open.pem')];
    writeFileSync(to, publicKey.export({ type: 'spki', format: 'pem' }));
    writeFileSync(open, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await runBundle(context(['evidence'], { out, full: true, to, by: '青葉 一' }));
    const { events } = await checkAudit(app.pool, campaign.id);
    expect(events.slice(-3)).toMatchObject([
      { kind: 'asked', operation: 'build-full-bundle', actorId: expect.any(String) },
      { kind: 'opened', people: 3 },
      { kind: 'done' },
    ]);
    await expect(runVerify(context([out], { open }))).rejects.toMatchObject({ code: 'USAGE_WRONG' });
    const opened = await runVerify(context([out], { open, out: join(dir, 'opened') }));
    expect(opened.json).toMatchObject({ ok: true, opened: [join(dir, 'opened', 'people.ndjson')] });
    expect(readFileSync(join(dir, 'opened', 'people.ndjson'), 'utf8')).toContain('見本 太郎');
  });

  it('give the regulator’s figures, hold, and purge only what is closed and not held', async () => {
    expect((await runFigures(context(['evidence'], {}))).json).toMatchObject({ principals: { people: 3, records: 3 } });
    const two = { by: '青葉 一', and: '若葉 二' };
    expect(await runHoldSet(context(['evidence'], { ...two, and: '青葉　一' }))).toMatchObject({
      json: { kind: 'refused', reasons: ['SAME_PERSON'] },
      exitCode: 1,
    });
    await expect(runHoldSet(context(['evidence'], { by: '青葉 一' }))).rejects.toMatchObject({ code: 'USAGE_WRONG' });
    expect((await runHoldSet(context(['evidence'], two))).json).toEqual({ legalHold: true });
    expect(await runPurge(context(['evidence'], { ...two, dryRun: true }))).toMatchObject({
      json: { kind: 'refused', reasons: ['NOT_CLOSED', 'LEGAL_HOLD'] },
      exitCode: 1,
    });
    expect((await runHoldRelease(context(['evidence'], two))).json).toEqual({ legalHold: false });
    await expect(runPurge(context(['evidence'], { by: '青葉 一' }))).rejects.toMatchObject({ code: 'USAGE_WRONG' });
    expect((await runReconcile(context(['evidence'], { rebuildBy: '青葉 一' }))).json).toMatchObject({ ok: true });
    const facts = (await listFacts(app.pool, campaign.id)).map(({ kind }) => kind);
    expect(facts).toContain('counters.rebuilt');
  });
});

/** The ids of all facts that a bundle carries. */
async function factsIn(file: string): Promise<number[]> {
  const zip = await openZip(file);
  const entry = zip.entries.find(({ path }) => path.endsWith('data/journal/facts.ndjson'));
  let text = '';
  for await (const chunk of (await entry?.open()) ?? []) text += chunk;
  zip.close();
  return text
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { fact: { id: number } }).fact.id);
}

it('a spreadsheet of the bundle opens as XML', async () => {
  const { file } = await build('sheet.zip');
  const code = `import zipfile,sys,io,xml.dom.minidom as m
z=zipfile.ZipFile(sys.argv[1])
n=[x for x in z.namelist() if x.endswith('ledger.xlsx')][0]
s=zipfile.ZipFile(io.BytesIO(z.read(n)))
[m.parseString(s.read(x)) for x in s.namelist()]
print(len(s.namelist()))`;
  expect(Number(execFileSync('python3', ['-c', code, file]).toString())).toBeGreaterThan(5);
});
