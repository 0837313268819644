import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleName } from '../../src/evidence/bundle/write-bundle.ts';
import { verifyBundle } from '../../src/evidence/verify/verify-bundle.ts';
import { signingKey } from '../../src/platform/crypto/sign.ts';
import { sampleContents, sampleLedger, writeBundleFile } from '../support/sample-bundle.ts';

const dir = mkdtempSync(join(tmpdir(), 'owabi-bundle-'));
const signing = signingKey(dir, 'campaign');
const bundle = join(dir, 'bundle.zip');
const draft = join(dir, 'draft.zip');
beforeAll(async () => {
  await writeBundleFile(await sampleContents({ signing }), bundle);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Problems of a bundle with other files in it. */
async function problemsWith(files: Record<string, string>): Promise<string[]> {
  await writeBundleFile(await sampleContents({ signing, files }), draft);
  return (await verifyBundle(draft)).problems.map((problem) => problem.code);
}

test('its lots and approvals are the ones of the journal', async () => {
  const plan = 'ab'.repeat(32);
  const actorId = '01935b3a-0000-7000-8000-00000000000a';
  const lotId = '01935b3a-0000-7000-8000-0000000000aa';
  const lot = { lotId, number: 1, waveId: 'letter', pieces: 3, isReprint: false, gift: null };
  const hashes = { lettersSha256: 'cd'.repeat(32), manifestSha256: 'ef'.repeat(32), picklistSha256: '01'.repeat(32) };
  const approval = {
    planSha256: plan,
    journalHead: null,
    proof: 'totp',
    approvals: 1,
    required: 2,
    keyFingerprint: '23'.repeat(32),
    isLoaderKnown: true,
  };
  const facts = [
    { kind: 'plan.approved' as const, over: { actorId, body: approval } },
    { kind: 'lot.formed' as const, over: { body: lot } },
    { kind: 'lot.prepared' as const, over: { body: { lotId, number: 1, pieces: 3, held: 0, pages: 3, ...hashes } } },
    {
      kind: 'letters.posted' as const,
      over: { eventCount: 2, body: { postingId: lotId, slipNumber: 'S-1', pieces: 2 } },
    },
  ];
  const lots = (wave = 'letter', posted = 2, hash = hashes.lettersSha256) =>
    `lot,wave,manifest,posted,spoiled,withdrawn,open,returned,letters_sha256,manifest_sha256\r\n1,${wave},3,${posted},0,0,1,0,${hash},${hashes.manifestSha256}\r\n`;
  const approvals = (sha256 = plan) =>
    `approved_at,actor,role,identity,proof,plan_sha256,journal_head\r\n2026-11-21T00:00:07.000Z,${actorId},approver,authenticated,totp,${sha256},\r\n`;
  const problems = async (lotsText: string, approvalsText: string) => {
    const files = { 'data/lots.csv': lotsText, 'data/approvals.csv': approvalsText };
    await writeBundleFile(await sampleContents({ signing, files, facts }), draft);
    return (await verifyBundle(draft)).problems.map((problem) => `${problem.code} ${problem.file}`);
  };
  expect(await problems(lots(), approvals())).toEqual([]);
  for (const wrong of [lots('other'), lots('letter', 3), lots('letter', 2, plan)])
    expect(await problems(wrong, approvals())).toEqual(['DECISIONS_DIFFER data/lots.csv']);
  expect(await problems(lots(), approvals('00'.repeat(32)))).toEqual(['DECISIONS_DIFFER data/approvals.csv']);
});

describe('a bundle', () => {
  test('verifies', async () => {
    const verdict = await verifyBundle(bundle);
    expect(verdict.problems).toEqual([]);
    expect(verdict.ok).toBe(true);
    expect(verdict.bundle).toMatchObject({
      campaign: 'sample',
      audience: 'insurer',
      block: 2,
      keyFingerprint: signing.fingerprint,
    });
  });

  test('is the same bytes when it is built again', async () => {
    await writeBundleFile(await sampleContents({ signing }), draft);
    expect(readFileSync(draft).equals(readFileSync(bundle))).toBe(true);
  });

  test('is checked by sha256sum, openssl and unzip alone', async (context) => {
    for (const tool of ['sha256sum', 'openssl', 'unzip']) {
      if (spawnSync(tool, ['--version']).error) return context.skip(`${tool} is not installed`);
    }
    const out = join(dir, 'unpacked');
    execFileSync('unzip', ['-q', bundle, '-d', out]);
    const [folder] = readdirSync(out);
    expect(folder).toBe(bundleName(await sampleContents({ signing })));
    const cwd = join(out, folder as string);
    execFileSync('sha256sum', ['--strict', '--quiet', '-c', 'manifest-sha256.txt', 'tagmanifest-sha256.txt'], { cwd });
    const signed = ['-in', 'tagmanifest-sha256.txt', '-sigfile', 'tagmanifest-sha256.txt.sig'];
    const checked = execFileSync(
      'openssl',
      ['pkeyutl', '-verify', '-pubin', '-inkey', 'signing-key.pem', '-rawin', ...signed],
      { cwd },
    );
    expect(checked.toString()).toContain('Signature Verified Successfully');
    const der = execFileSync('openssl', ['pkey', '-pubin', '-in', 'signing-key.pem', '-outform', 'DER'], { cwd });
    expect(execFileSync('sha256sum', { input: der }).toString()).toContain(signing.fingerprint);
    const readMe = readFileSync(join(cwd, 'data', 'README.md'), 'utf8');
    expect(readMe).toContain(signing.fingerprint);
    expect(readMe).not.toMatch(/\{(client|campaign|head|root|people)\}/);
  });

  test('does not verify after a single flipped bit, wherever it is', async () => {
    const whole = readFileSync(bundle);
    copyFileSync(bundle, draft);
    // A fixed stride through the file and every bit of the last bytes, where the directory lies.
    const places = Array.from({ length: 250 }, (_, n) => Math.floor((n * whole.length) / 250));
    for (let at = whole.length - 40; at < whole.length; at += 1) places.push(at);
    for (let at = 0; at < 40; at += 1) places.push(at);
    for (const [n, at] of places.entries()) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] as number) ^ (1 << (n % 8));
      writeFileSync(draft, damaged);
      const verdict = await verifyBundle(draft);
      expect(verdict.ok, `bit ${n % 8} of byte ${at}`).toBe(false);
    }
  });

  test('does not verify when it is cut short or carries more at its end', async () => {
    const whole = readFileSync(bundle);
    for (const damaged of [
      whole.subarray(0, whole.length >> 1),
      whole.subarray(0, -1),
      Buffer.concat([whole, Buffer.from('x')]),
    ]) {
      writeFileSync(draft, damaged);
      expect((await verifyBundle(draft)).ok).toBe(false);
    }
  });

  test('is unreadable, not wrong, when it never was a bundle', async () => {
    writeFileSync(draft, 'Hello');
    await expect(verifyBundle(draft)).rejects.toMatchObject({ code: 'ZIP_INVALID' });
    await expect(verifyBundle(join(dir, 'nothing.zip'))).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });

  test('that breaks off is a damaged one while three of its first four bytes are those of a ZIP, else it never was one', async () => {
    const half = readFileSync(bundle).subarray(0, 9000);
    const withWrong = (...places: number[]) => {
      const damaged = Buffer.from(half);
      for (const at of places) damaged[at] = 0x20;
      writeFileSync(draft, damaged);
      return verifyBundle(draft);
    };
    const damaged = { ok: false, bundle: null, problems: [{ code: 'ZIP_DAMAGED', file: '' }] };
    expect(await withWrong()).toMatchObject(damaged);
    for (const at of [0, 1, 2, 3]) expect(await withWrong(at)).toMatchObject(damaged);
    await expect(withWrong(0, 3)).rejects.toMatchObject({ code: 'ZIP_INVALID' });
    for (const short of ['', 'PK\u0003']) {
      writeFileSync(draft, short);
      await expect(verifyBundle(draft)).rejects.toMatchObject({ code: 'ZIP_INVALID' });
    }
    await expect(verifyBundle(join(dir, 'nowhere.zip'))).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });

  test('says so when another program packed it again', async (context) => {
    if (spawnSync('zip', ['-v']).error) return context.skip('zip is not installed');
    const out = join(dir, 'again');
    execFileSync('unzip', ['-q', bundle, '-d', out]);
    execFileSync('zip', ['-q', '-r', join(dir, 'again.zip'), '.'], { cwd: out });
    const verdict = await verifyBundle(join(dir, 'again.zip'));
    const codes = verdict.problems.map((problem) => problem.code);
    // Info-ZIP forgets that names are UTF-8, so the Japanese page is missing under its name; no content counts as changed.
    expect(codes).toContain('ZIP_REPACKED');
    expect(codes).not.toContain('FILE_CHANGED');
  });
});

describe('a bundle whose maker signed something false', () => {
  test('does not verify when an equation is off by one', async () => {
    const roster = { rows: 43, people: 40, merged: 1, rejected: 1, open: 0 };
    const persons = { total: 40, told: 40, underway: 0, substitute: 0, excluded: 1, undecided: 0 };
    expect(await problemsWith({ 'data/accounting.json': JSON.stringify({ roster, waves: [], persons }) })).toEqual([
      'EQUATION_WRONG',
      'EQUATION_WRONG',
    ]);
  });

  test('does not verify when the totals are not those of the facts', async () => {
    expect(
      await problemsWith({ 'data/totals.csv': '\uFEFFdriver,attributes,count\r\nmail.accepted,{},41\r\n' }),
    ).toEqual(['TOTALS_DIFFER']);
  });

  test('does not verify when a yen has no reason', async () => {
    const amounts = { incurred: 100, eligible: 100, payable: 90, uncovered: 10 };
    const claim = {
      categories: [{ category: 'CALL_CENTER', label: '', ...amounts, reasons: [{ code: 'ratio', yen: 9 }] }],
      total: amounts,
    };
    expect(
      await problemsWith({ 'data/claim.json': JSON.stringify(claim), 'data/ledger.csv': await sampleLedger(100n) }),
    ).toEqual(['CLAIM_WRONG']);
  });

  test('does not verify when an entry of the ledger was changed, taken out, or is not an invoice that is claimed', async () => {
    const ledger = await sampleLedger(12_000_000n, 150_000n);
    expect(await problemsWith({ 'data/ledger.csv': ledger })).toEqual([]);
    expect(await problemsWith({ 'data/ledger.csv': ledger.replaceAll('12000000', '12000001') })).toEqual([
      'LEDGER_WRONG',
    ]);
    const lines = ledger.split('\r\n');
    const without = [lines[0], ...lines.slice(2)].join('\r\n');
    expect(await problemsWith({ 'data/ledger.csv': without })).toEqual(['LEDGER_WRONG']);
    expect(await problemsWith({ 'data/ledger.csv': await sampleLedger(12_000_000n) })).toEqual(['CLAIM_WRONG']);
  });

  test('does not verify when the sample is not drawn from the list', async () => {
    const merkle = { version: 1, count: 40, root: 'ab'.repeat(32) };
    expect(await problemsWith({ 'data/people/merkle.json': JSON.stringify(merkle) })).toEqual([
      'MERKLE_WRONG',
      'SAMPLE_WRONG',
    ]);
  });

  test('does not verify when the figures for the regulator are not those of the accounting', async () => {
    const figures = (told: number) => JSON.stringify({ response: { total: 40, told } });
    expect(await problemsWith({ 'data/figures.json': figures(40) })).toEqual([]);
    expect(await problemsWith({ 'data/figures.json': figures(41) })).toEqual(['EQUATION_WRONG']);
  });

  test('does not verify when a file is not the one that the chain names', async () => {
    const contents = await sampleContents({ signing });
    const files = contents.files.map((file) =>
      file.path === 'data/claim.json'
        ? { ...file, open: () => ['{"categories":[],"total":{"incurred":0,"eligible":0,"payable":0,"uncovered":0}}'] }
        : file,
    );
    await writeBundleFile({ ...contents, files }, draft);
    expect((await verifyBundle(draft)).problems.map((problem) => problem.code)).toContain('SNAPSHOT_DIFFERS');
  });

  test('does not verify when a fact, a block or the chain was changed', async () => {
    const contents = await sampleContents({ signing });
    const facts = [...(contents.facts() as never[])] as { fact: { personsFirst: number } }[];
    const changed = facts.map((line, at) => (at === 0 ? { ...line, fact: { ...line.fact, personsFirst: 11 } } : line));
    await writeBundleFile({ ...contents, facts: () => changed as never }, draft);
    expect((await verifyBundle(draft)).problems.map((problem) => problem.code)).toEqual(['FACT_HASH_WRONG']);

    await writeBundleFile({ ...contents, facts: () => facts.slice(1) as never }, draft);
    expect((await verifyBundle(draft)).problems.map((problem) => problem.code)).toContain('CHAIN_BROKEN');

    const [first, second] = [...(contents.blocks() as never[])] as { hash: string }[];
    await writeBundleFile({ ...contents, blocks: () => [{ ...first, hash: 'ab'.repeat(32) }, second] as never }, draft);
    const codes = (await verifyBundle(draft)).problems.map((problem) => problem.code);
    expect(codes).toEqual(expect.arrayContaining(['CHAIN_BROKEN', 'BLOCK_HASH_WRONG']));
  });
});
