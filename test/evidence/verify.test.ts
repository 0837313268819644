// What `verify` notices when the maker of a bundle, who holds the key and can hash everything anew, puts one false thing into it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BAG_FILES } from '../../src/evidence/verify/bag.ts';
import type { SealedFact } from '../../src/evidence/verify/journal-lines.ts';
import { verifyBundle } from '../../src/evidence/verify/verify-bundle.ts';
import { BLOCKS_FILE, FACTS_FILE } from '../../src/evidence/verify/verify-journal.ts';
import { signingKey } from '../../src/platform/crypto/sign.ts';
import {
  type BagFiles,
  editInfo,
  packBag,
  type Retelling,
  retell,
  type Tampering,
  unpackBag,
} from '../support/sample-bag.ts';
import { sampleContents, sampleLedger, writeBundleFile } from '../support/sample-bundle.ts';

const dir = mkdtempSync(join(tmpdir(), 'owabi-verify-'));
const signing = signingKey(dir, 'campaign');
const other = signingKey(join(dir, 'other'), 'campaign');
const bundle = join(dir, 'bundle.zip');
let good: BagFiles;
beforeAll(async () => {
  await writeBundleFile(await sampleContents({ signing }), bundle);
  good = await unpackBag(bundle);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** `CODE file: what is wrong` of each problem. */
async function problemsOf(file: string): Promise<string[]> {
  const { ok, problems } = await verifyBundle(file);
  expect(ok).toBe(problems.length === 0);
  return problems.map(
    ({ code, file: path, detail }) => `${code} ${path}: ${detail.word.replace('evidence.detail.', '')}`,
  );
}

async function problemsAfter(tampering: Tampering): Promise<string[]> {
  const file = join(dir, 'tampered.zip');
  await packBag(good, file, signing, tampering);
  return problemsOf(file);
}

async function problemsOfStory(retelling: Retelling, options: Partial<Parameters<typeof sampleContents>[0]> = {}) {
  const file = join(dir, 'retold.zip');
  await writeBundleFile(retell(await sampleContents({ signing, ...options }), retelling), file);
  return problemsOf(file);
}

async function problemsWith(files: Record<string, string>) {
  const file = join(dir, 'files.zip');
  await writeBundleFile(await sampleContents({ signing, files }), file);
  return problemsOf(file);
}

const edit = (path: string, change: (text: string) => string) => (files: BagFiles) =>
  void files.set(path, change(String(files.get(path))));
const ab = 'ab'.repeat(32);

test('a bundle taken apart and put together again verifies, and tells what it is', async () => {
  const file = join(dir, 'again.zip');
  await packBag(good, file, signing);
  const verdict = await verifyBundle(file);
  expect(verdict).toMatchObject({ ok: true, problems: [] });
  expect(verdict.bundle).toMatchObject({
    campaign: 'sample',
    audience: 'insurer',
    status: 'interim',
    block: 2,
    sealedAt: '2026-11-21T01:02:00.000Z',
    head: /Owabi-Head-Hash: (.*)/.exec(String(good.get(BAG_FILES.info)))?.[1],
    keyFingerprint: signing.fingerprint,
    files: good.size,
    bytes: [...good.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0),
  });
  expect(await problemsOfStory({})).toEqual([]);
});

test('a file of several megabytes is hashed as it is, wherever the reads end', async () => {
  const file = join(dir, 'large.zip');
  for (const bytes of [1 << 20, (1 << 20) + 1, (3 << 20) - 1, (2 << 20) + 77]) {
    const large = Buffer.alloc(bytes, 'A file whose blocks differ. 0123456789');
    await packBag(good, file, signing, { payload: (files) => void files.set('data/full/large', large) });
    expect(await problemsOf(file), `${bytes} bytes`).toEqual([]);
  }
});

describe('the container does not verify', () => {
  /** Without a manifest that can be read, nothing that it would name is vouched for. */
  const unnamed = [
    'README.md',
    'お読みください.md',
    'accounting.json',
    'claim.json',
    'ledger.csv',
    'people/merkle.json',
    'totals.csv',
    'journal/blocks.ndjson',
    'journal/facts.ndjson',
    'people/sample.json',
    'index.csv',
    'index.xlsx',
  ].map((name) => `FILE_EXTRA data/${name}: notInManifest`);
  test.each<[string, Tampering, string[]]>([
    [
      'when it has two folders',
      { signature: (files) => void files.set('/elsewhere/x', 'x') },
      ['BAG_FOLDER : oneFolder', 'FILE_EXTRA where/x: notInManifest'],
    ],
    [
      'when a file stands beside the folder',
      { signature: (files) => void files.set('/bag', 'x') },
      ['BAG_FOLDER : oneFolder', 'FILE_EXTRA : notInManifest'],
    ],
    [
      'without its declaration',
      { manifest: (files) => void files.delete(BAG_FILES.declaration) },
      ['TAG_FILE_MISSING bagit.txt: missing', 'TAG_FILE_INVALID tagmanifest-sha256.txt: notNamed'],
    ],
    [
      'with another declaration',
      { manifest: edit(BAG_FILES.declaration, (text) => text.replace('1.0', '0.97')) },
      ['TAG_FILE_INVALID bagit.txt: notBagIt'],
    ],
    [
      'without bag-info.txt',
      { manifest: (files) => void files.delete(BAG_FILES.info) },
      [
        'TAG_FILE_INVALID tagmanifest-sha256.txt: notNamed',
        'TAG_FILE_MISSING bag-info.txt: missing',
        'KEY_FINGERPRINT_WRONG signing-key.pem: fingerprint',
      ],
    ],
    [
      'with a line in bag-info.txt that is none',
      { manifest: edit(BAG_FILES.info, (text) => `${text}nothing\n`) },
      ['TAG_FILE_INVALID bag-info.txt: infoLine', 'KEY_FINGERPRINT_WRONG signing-key.pem: fingerprint'],
    ],
    [
      'with a bag-info.txt that breaks off',
      { manifest: edit(BAG_FILES.info, (text) => text.trimEnd()) },
      ['TAG_FILE_INVALID bag-info.txt: infoLine', 'KEY_FINGERPRINT_WRONG signing-key.pem: fingerprint'],
    ],
    [
      'without the manifest',
      { manifest: (files) => void files.delete(BAG_FILES.manifest) },
      [
        'TAG_FILE_MISSING manifest-sha256.txt: missing',
        ...unnamed,
        'TAG_FILE_INVALID tagmanifest-sha256.txt: notNamed',
      ],
    ],
    [
      'with a manifest that names a file twice',
      { manifest: edit(BAG_FILES.manifest, (text) => `${text}${text.split('\n')[0]}\n`) },
      ['TAG_FILE_INVALID manifest-sha256.txt: manifestLine', ...unnamed],
    ],
    [
      'with a line in the manifest that is none',
      { manifest: edit(BAG_FILES.manifest, (text) => `${text}x\n`) },
      ['TAG_FILE_INVALID manifest-sha256.txt: manifestLine', ...unnamed],
    ],
    [
      'with a manifest that breaks off',
      { manifest: edit(BAG_FILES.manifest, (text) => text.trimEnd()) },
      ['TAG_FILE_INVALID manifest-sha256.txt: manifestLine', ...unnamed],
    ],
    [
      'when the manifest names a file that is not there',
      { manifest: edit(BAG_FILES.manifest, (text) => `${text}${ab}  data/gone.csv\n`) },
      ['FILE_MISSING data/gone.csv: notInBundle'],
    ],
    [
      'when a file is not the one of the manifest',
      { manifest: (files) => void files.set('data/totals.csv', 'x') },
      ['FILE_CHANGED data/totals.csv: sha256', 'OXUM_WRONG bag-info.txt: oxum'],
    ],
    [
      'when a file is in no manifest',
      { manifest: (files) => void files.set('data/more.csv', 'x') },
      ['FILE_EXTRA data/more.csv: notInManifest', 'OXUM_WRONG bag-info.txt: oxum'],
    ],
    [
      'when the manifest names a file that is no payload',
      { manifest: edit(BAG_FILES.manifest, (text) => `${text}${ab}  bagit.txt\n`) },
      ['FILE_CHANGED bagit.txt: sha256', 'TAG_FILE_INVALID manifest-sha256.txt: noPayload'],
    ],
    [
      'when a tag file is not the one of the tag manifest',
      { tagManifest: (files) => editInfo(files, 'Owabi-Status', 'final') },
      ['FILE_CHANGED bag-info.txt: sha256'],
    ],
    [
      'when Payload-Oxum counts another payload',
      { manifest: (files) => editInfo(files, 'Payload-Oxum', '1.1') },
      ['OXUM_WRONG bag-info.txt: oxum'],
    ],
    [
      'without its signature',
      { signature: (files) => void files.delete(BAG_FILES.signature) },
      ['TAG_FILE_MISSING tagmanifest-sha256.txt.sig: missing'],
    ],
    [
      'with a signature of something else',
      { signature: (files) => void files.set(BAG_FILES.signature, signing.sign(Buffer.from('x'))) },
      ['SIGNATURE_WRONG tagmanifest-sha256.txt.sig: signature'],
    ],
    [
      'with a signature of another key',
      {
        signature: (files) =>
          void files.set(BAG_FILES.signature, other.sign(Buffer.from(files.get(BAG_FILES.tagManifest) ?? ''))),
      },
      ['SIGNATURE_WRONG tagmanifest-sha256.txt.sig: signature'],
    ],
    [
      'with a key whose fingerprint is not the one it names',
      { manifest: (files) => editInfo(files, 'Owabi-Key-Fingerprint', other.fingerprint) },
      ['KEY_FINGERPRINT_WRONG signing-key.pem: fingerprint'],
    ],
    ...(['0', '01', 'x', '99'] as const).map((number): [string, Tampering, string[]] => [
      `in the format ${number}`,
      { manifest: (files) => editInfo(files, 'Owabi-Format', number) },
      ['TAG_FILE_INVALID bag-info.txt: format'],
    ]),
  ])('%s', async (_, tampering, problems) => {
    expect(await problemsAfter(tampering)).toEqual(problems);
  });

  test('when the ZIP was cut: what is left of it is not judged', async () => {
    const file = join(dir, 'cut.zip');
    for (const bytes of [4, 2_000, readFileSync(bundle).length - 1]) {
      writeFileSync(file, readFileSync(bundle).subarray(0, bytes));
      expect(await problemsOf(file), `${bytes} bytes`).toEqual(['ZIP_DAMAGED : error.ZIP_INVALID.unreadable']);
    }
    expect((await verifyBundle(file)).bundle).toBeNull();
  });

  test('but does when it names no format, as the first ones did', async () => {
    expect(await problemsAfter({ manifest: (files) => editInfo(files, 'Owabi-Format', null) })).toEqual([]);
  });

  test('once for each of the first two hundred faults, and no more', async () => {
    const extra = (files: BagFiles) => {
      for (let n = 0; n < 300; n += 1) files.set(`data/extra-${n}`, '');
    };
    expect(await problemsAfter({ manifest: extra })).toHaveLength(200);
  });
});

describe('the head', () => {
  // An adjuster compares the head with the one that left the company earlier (promise 7): it must be the last block's.
  const head = ['HEAD_WRONG data/journal/blocks.ndjson: head'];
  test.each<[string, Tampering, string[]]>([
    ['of another hash is no head', { manifest: (files) => editInfo(files, 'Owabi-Head-Hash', ab) }, head],
    ['of an earlier block is no head', { manifest: (files) => editInfo(files, 'Owabi-Block', '1') }, head],
    ['that is not named is no head', { manifest: (files) => editInfo(files, 'Owabi-Head-Hash', null) }, head],
    ['whose block is not named is no head', { manifest: (files) => editInfo(files, 'Owabi-Block', null) }, head],
    [
      'of a chain whose last block was taken out is no head',
      {
        payload: (files) => {
          edit(BLOCKS_FILE, (text) => `${text.split('\n')[0]}\n`)(files);
          edit(FACTS_FILE, (text) => `${text.split('\n').slice(0, 5).join('\n')}\n`)(files);
        },
      },
      [...head, 'SNAPSHOT_MISSING data/journal/facts.ndjson: noSnapshot'],
    ],
    [
      'of no chain at all is no head',
      {
        payload: (files) => {
          files.set(BLOCKS_FILE, '');
          files.set(FACTS_FILE, '');
        },
      },
      [...head, 'SNAPSHOT_MISSING data/journal/facts.ndjson: noSnapshot'],
    ],
  ])('%s', async (_, tampering, problems) => {
    expect(await problemsAfter(tampering)).toEqual(problems);
  });
});

describe('the chain does not verify', () => {
  const links = 'CHAIN_BROKEN data/journal/blocks.ndjson: blockLink';
  const place = 'CHAIN_BROKEN data/journal/facts.ndjson: factPlace';
  const isFirst = ({ fact }: SealedFact) => fact.id === 1;
  test.each<[string, Retelling, string[]]>([
    [
      'when a number is left out',
      {
        fact: ({ block }) => (block === 2 ? { block: 3 } : {}),
        block: ({ number }) => (number === 2 ? { number: 3 } : {}),
      },
      [links],
    ],
    [
      'when a block follows another one',
      { block: ({ number }) => (number === 2 ? { previousHash: ab } : {}) },
      [links],
    ],
    [
      'when its first block follows one',
      { block: ({ number }) => (number === 1 ? { previousHash: ab } : {}) },
      [links],
    ],
    [
      'when a block is of another campaign',
      { block: ({ number }) => (number === 2 ? { campaignId: 'x' } : {}) },
      [links],
    ],
    [
      'when a block was sealed at another time',
      { blockLine: ({ number }) => (number === 2 ? { sealedAt: new Date(0) } : {}) },
      ['BLOCK_HASH_WRONG data/journal/blocks.ndjson: blockHash'],
    ],
    [
      'when a block counts another number of facts',
      { blockLine: ({ number }) => (number === 1 ? { factCount: 6 } : {}) },
      ['BLOCK_HASH_WRONG data/journal/blocks.ndjson: blockHash'],
    ],
    [
      'when a fact is of another campaign',
      { fact: (line) => (isFirst(line) ? { fact: { ...line.fact, campaignId: 'x' } } : {}) },
      ['FACT_HASH_WRONG data/journal/facts.ndjson: factHash'],
    ],
    [
      'when a fact is not the one that was hashed',
      { fact: (line) => (isFirst(line) ? { fact: { ...line.fact, eventCount: 9 }, hash: line.hash } : {}) },
      ['FACT_HASH_WRONG data/journal/facts.ndjson: factHash'],
    ],
    ['when a fact stands at another place', { fact: (line) => (isFirst(line) ? { ordinal: 1 } : {}) }, [place]],
    [
      'when a list was frozen without saying which',
      { fact: (line) => (line.fact.kind === 'list.frozen' ? { fact: { ...line.fact, body: {} } } : {}) },
      ['MERKLE_WRONG data/people/merkle.json: root'],
    ],
    [
      'when the snapshot says nothing',
      { fact: (line) => (line.block === 2 ? { fact: { ...line.fact, body: {} } } : {}) },
      [
        'JOURNAL_INVALID data/journal/facts.ndjson: snapshotIn',
        'SNAPSHOT_MISSING data/journal/facts.ndjson: noSnapshot',
      ],
    ],
  ])('%s', async (_, retelling, problems) => {
    const found = await problemsOfStory(retelling);
    expect(found.filter((problem) => !problem.startsWith('SNAPSHOT_') || problems.includes(problem))).toEqual(problems);
  });

  test.each<[string, Tampering, string]>([
    [
      'when a block is no JSON',
      { payload: edit(BLOCKS_FILE, (text) => text.replace('{', '')) },
      `JOURNAL_INVALID ${BLOCKS_FILE}: line`,
    ],
    [
      'when a block lacks its hash',
      { payload: edit(BLOCKS_FILE, (text) => text.replace('"hash"', '"hush"')) },
      `JOURNAL_INVALID ${BLOCKS_FILE}: line`,
    ],
    [
      'when a fact is no JSON',
      { payload: edit(FACTS_FILE, (text) => text.replace('{', '')) },
      `JOURNAL_INVALID ${FACTS_FILE}: line`,
    ],
    [
      'when a fact is of a block that is not there',
      { payload: edit(FACTS_FILE, (text) => `${text}${text.split('\n').at(-2)?.replace('"block":2', '"block":3')}\n`) },
      place,
    ],
    [
      'when the facts of a block were taken out',
      { payload: edit(FACTS_FILE, (text) => `${text.split('\n')[5]}\n`) },
      'BLOCK_HASH_WRONG data/journal/blocks.ndjson: blockHash',
    ],
  ])('%s', async (_, tampering, problem) => {
    expect(await problemsAfter(tampering)).toContain(problem);
  });

  test('beyond a line that is none: what follows it is not read', async () => {
    const number = async (change: (text: string) => string) => {
      const file = join(dir, 'line.zip');
      await packBag(good, file, signing, { payload: edit(FACTS_FILE, change) });
      return (await verifyBundle(file)).problems.find(({ code }) => code === 'JOURNAL_INVALID')?.detail.params;
    };
    expect(await number((text) => text.replace('{', ''))).toEqual({ line: 1 });
    expect(await number((text) => text.replace('\n{', '\n'))).toEqual({ line: 2 });
  });
});

describe('the snapshot', () => {
  const differs = (path: string, detail: string) => `SNAPSHOT_DIFFERS ${path}: ${detail}`;
  test.each<[string, Tampering, string[]]>([
    [
      'of another block is not the one',
      { manifest: (files) => editInfo(files, 'Owabi-Snapshot-Block', '1') },
      [differs('bag-info.txt', 'snapshotBlock')],
    ],
    [
      'does not know a file that was added',
      { payload: (files) => void files.set('data/more.csv', 'x') },
      [differs('data/more.csv', 'unknownFile')],
    ],
    [
      'knows another file of that name',
      { payload: edit('data/totals.csv', (text) => text.replaceAll('\r', '')) },
      [differs('data/totals.csv', 'otherFile')],
    ],
    ['knows no page that is made from the program', { payload: edit('data/README.md', () => 'x') }, []],
    ['knows no index', { payload: edit('data/index.csv', () => 'x') }, []],
    [
      'knows no copy under a receiver’s key',
      { payload: (files) => void files.set('data/full/people.sealed', 'x') },
      [],
    ],
  ])('%s', async (_, tampering, problems) => {
    expect(await problemsAfter(tampering)).toEqual(problems);
  });

  test('covers its block and the later facts that it names, and no others', async () => {
    const late = (covered: number[]): Retelling => ({
      fact: (line) => {
        if (line.block === 2)
          return {
            fact: { ...line.fact, body: { ...(line.fact.body as object), covered: { block: 1, facts: covered } } },
          };
        return {};
      },
    });
    // Facts of block 1 alone: 40 mails, as the totals say. Of none of them: 0.
    const none: Retelling = {
      fact: (line) =>
        line.block === 2
          ? { fact: { ...line.fact, body: { ...(line.fact.body as object), covered: { block: 0, facts: [1, 2] } } } }
          : {},
    };
    expect(await problemsOfStory(late([]))).toEqual([]);
    expect(await problemsOfStory(none)).toEqual(['TOTALS_DIFFER data/totals.csv: sum']);
    const half = 'driver,attributes,count\r\nmail.accepted,{},20\r\n';
    expect(await problemsOfStory(none, { files: { 'data/totals.csv': half } })).toEqual([]);
  });
});

describe('a table or document does not verify', () => {
  const totals = (lines: string) => ({ 'data/totals.csv': `driver,attributes,count\r\n${lines}` });
  const json = (value: unknown) => JSON.stringify(value);
  const amounts = { incurred: 100, eligible: 90, payable: 60, uncovered: 40 };
  const reasons = [{ code: 'limit', yen: 40 }];
  const claim = (over: object, category: object = {}) => ({
    'data/claim.json': json({
      categories: [{ category: 'BI', label: '', ...amounts, reasons, ...category }],
      total: { ...amounts, ...over },
    }),
  });
  const invoices = (yen: number) => ({ 'data/invoices.csv': `invoice,gross_yen\r\na,12000000\r\nb,${yen}\r\n` });
  const sum = 'TOTALS_DIFFER data/totals.csv: sum';
  test.each<[string, Record<string, string>, string[]]>([
    ['when a driver has another sum', totals('mail.accepted,{},39\r\n'), [sum]],
    ['when a driver is left out', totals(''), [sum]],
    ['when a driver is added', totals('mail.accepted,{},40\r\ngift.posted,{},1\r\n'), [sum]],
    ['when a driver has other attributes', totals('mail.accepted,"{""x"":1}",40\r\n'), [sum, sum]],
    ['when attributes are none', totals('mail.accepted,x,40\r\n'), ['TOTALS_DIFFER data/totals.csv: attributes']],
    [
      'when the accounting is none',
      { 'data/accounting.json': '{}' },
      ['EQUATION_WRONG data/accounting.json: unreadable'],
    ],
    ['when the figures are none', { 'data/figures.json': 'x' }, ['EQUATION_WRONG data/figures.json: unreadable']],
    [
      'when a figure is not the one of the accounting',
      { 'data/figures.json': json({ response: { total: 41, told: 40, toldByLetter: 3, undecided: 0 } }) },
      ['EQUATION_WRONG data/figures.json: figure'],
    ],
    ['when the claim is none', { 'data/claim.json': '[]' }, ['CLAIM_WRONG data/claim.json: unreadable']],
    ['when the claim is for what was not invoiced', claim({}), ['CLAIM_WRONG data/claim.json: incurred']],
    ['when the invoices are not those of the ledger', invoices(149_999), ['LEDGER_WRONG data/invoices.csv: billed']],
    [
      'when the list is none',
      { 'data/people/merkle.json': '{}' },
      ['MERKLE_WRONG data/people/merkle.json: unreadable'],
    ],
  ])('%s', async (_, files, problems) => {
    expect(await problemsWith(files)).toEqual(problems);
  });

  test('but does when the invoices are those of the ledger, and when there is no ledger to compare with', async () => {
    expect(await problemsWith(invoices(150_000))).toEqual([]);
    const file = join(dir, 'none.zip');
    const contents = await sampleContents({ signing });
    const files = contents.files.filter(({ path }) => path !== 'data/ledger.csv');
    await writeBundleFile({ ...contents, files }, file);
    expect(await problemsOf(file)).toEqual([]);
  });

  test('when an entry of the ledger cannot be read, is not the one that was hashed, or its tax does not add up', async () => {
    const wrong = (detail: string) => [`LEDGER_WRONG data/ledger.csv: ${detail}`];
    const ledger = await sampleLedger(12_150_000n);
    const unreadable = ledger.replace(',invoice,CALL', ',present,CALL');
    expect(await problemsWith({ 'data/ledger.csv': unreadable })).toEqual(wrong('entryUnreadable'));
    expect(await problemsWith({ 'data/ledger.csv': ledger.replace('100.5', '100.6') })).toEqual(wrong('entryChain'));
    const untaxed = await sampleLedger({ netYen: 12_000_000n, taxYen: 100_000n, grossYen: 12_150_000n });
    expect(await problemsWith({ 'data/ledger.csv': untaxed })).toEqual(wrong('entryTax'));
    const taxed = { netYen: 11_150_000n, taxYen: 1_000_000n, grossYen: 12_150_000n };
    expect(await problemsWith({ 'data/ledger.csv': await sampleLedger(taxed) })).toEqual([]);
    for (const place of [{ sequence: 3 }, { previousHash: ab }, { campaignId: 'another' }]) {
      const moved = await sampleLedger(12_150_000n, { ...place, kind: 'accrual' });
      expect(await problemsWith({ 'data/ledger.csv': moved }), JSON.stringify(place)).toEqual(wrong('entryChain'));
    }
  });

  test('but does with what is expected beside what was invoiced: only invoices are claimed', async () => {
    const accrual = { kind: 'accrual' as const, netYen: 5n, grossYen: 5n };
    expect(await problemsWith({ 'data/ledger.csv': await sampleLedger(12_150_000n, accrual) })).toEqual([]);
    expect(
      await problemsWith({ ...invoices(150_000), 'data/ledger.csv': await sampleLedger(accrual, 12_150_000n) }),
    ).toEqual([]);
  });
});

test('the table of lots leaves none out that was formed', async () => {
  const lot = {
    lotId: '01935b3a-0000-7000-8000-0000000000aa',
    number: 1,
    waveId: 'letter',
    pieces: 3,
    isReprint: false,
    gift: null,
  };
  const facts = [{ kind: 'lot.formed' as const, over: { body: lot } }];
  const header = 'lot,wave,manifest,posted,spoiled,withdrawn,open,returned,letters_sha256,manifest_sha256\r\n';
  const file = join(dir, 'lots.zip');
  await writeBundleFile(await sampleContents({ signing, facts, files: { 'data/lots.csv': header } }), file);
  expect(await problemsOf(file)).toEqual(['DECISIONS_DIFFER data/lots.csv: lots']);
});

describe('the sample', () => {
  const source = ['SAMPLE_WRONG data/people/sample.json: sampleSource'];
  const set = (over: object): Tampering => ({
    payload: edit('data/people/sample.json', (text) => JSON.stringify({ ...JSON.parse(text), ...over })),
  });
  test.each<[string, Tampering, string[]]>([
    [
      'that cannot be read is none',
      { payload: edit('data/people/sample.json', () => '{') },
      ['SAMPLE_WRONG data/people/sample.json: unreadable', ...source],
    ],
    ['of another list is none', set({ root: ab }), source],
    ['of a list of another length is none', set({ count: 41 }), source],
    ['of another seed than the head is none', set({ seed: ab }), source],
    ['of other people is none', set({ positions: [1] }), ['SAMPLE_WRONG data/people/sample.json: samplePositions']],
  ])('%s', async (_, tampering, problems) => {
    expect(await problemsAfter(tampering)).toEqual(problems);
  });
});
