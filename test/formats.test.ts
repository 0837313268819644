// Golden files of everything that is stored and read back: each number that was ever written is read for ever.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { verifyPassphrase } from '../src/campaign/actors/passphrase.ts';
import { type PlanSnapshot, readPlanSnapshot, writePlanSnapshot } from '../src/campaign/plan/plan.ts';
import { readPolicyVersion } from '../src/campaign/policy/policy-terms.ts';
import { verifyBundle } from '../src/evidence/verify/verify-bundle.ts';
import { openPerson } from '../src/intake/seal-person.ts';
import { type FactKind, factBodies, factKinds, readFactBody, writeFactBody } from '../src/journal/facts/fact-kind.ts';
import { canonicalJson, sha256Hex } from '../src/kernel/canonical.ts';
import { storedFormats, upgradeStored } from '../src/kernel/stored-format.ts';
import { findRate, hashRateCard, readRateVersion } from '../src/ledger/rate-card.ts';
import { open } from '../src/platform/crypto/crypt.ts';
import { openKeyStore } from '../src/platform/crypto/keys.ts';
import { openSealed } from '../src/platform/crypto/seal-to.ts';
import { openFileStore } from '../src/platform/files.ts';
import { openZip } from '../src/platform/formats/zip.ts';
import { backupManifestSchema } from '../src/platform/postgres/backup-tables.ts';
import { aPlanSnapshot } from './support/campaign-file.ts';

const golden = resolve(import.meta.dirname, 'fixtures/formats');
const scratch = mkdtempSync(join(tmpdir(), 'owabi-formats-'));
afterAll(() => rmSync(scratch, { recursive: true }));

type StoredFormat = keyof typeof storedFormats;
const path = (format: StoredFormat, file: string) => join(golden, format, file);
const text = (format: StoredFormat, file: string) => readFileSync(path(format, file), 'utf8');
const json = (format: StoredFormat, number: number) => JSON.parse(text(format, `${number}.json`));
const hex = (value: string) => Buffer.from(value, 'hex');

async function whole(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** SHA-256 of each plan snapshot's bytes: what was approved, and what must still verify. */
const planHashes: Record<number, string> = {
  1: 'cd18c6fc5a61872b8f4137e1992d23c29975460135a91a7fdfb3a857e2171349',
  2: '18ade70714435afe62cd6cbdbf88453cecdfc7ff01dd9e5c60828620b31684f9',
};

const readers = {
  'plan-snapshot': (number) => {
    const stored = text('plan-snapshot', `${number}.json`);
    expect(sha256Hex(stored)).toBe(planHashes[number]);
    const snapshot = readPlanSnapshot(stored);
    expect(snapshot.campaignFile.waves.map((wave) => wave.id)).toEqual([
      'email-1',
      'letter-card',
      'letter-1',
      'gift-1',
    ]);
    expect(readPlanSnapshot(writePlanSnapshot(snapshot))).toEqual(snapshot);
  },
  'fact-body': (number) => {
    const lines = text('fact-body', `${number}.ndjson`).trim().split('\n');
    for (const { kind, body } of lines.map((line) => JSON.parse(line) as { kind: FactKind; body: unknown }))
      expect(() => readFactBody(kind, body), kind).not.toThrow();
  },
  'policy-version': (number) =>
    expect(readPolicyVersion(json('policy-version', number)).steps).toEqual(['categoryCap', 'costLimit']),
  'rate-version': (number) => {
    const stored = json('rate-version', number);
    const card = readRateVersion(stored);
    // The hash that the card was adopted under, and a misspelt driver in it that prices nothing but reads.
    expect(hashRateCard(card)).toBe(sha256Hex(canonicalJson(stored)));
    const line = { driver: 'letter.printed', attributes: { sheets: 1 } };
    expect(findRate(card, line, '2026-11-21')?.id).toBe('print-and-insert');
    expect(card.rates.map((rate) => rate.driver)).toContain('leter.printed');
  },
  bundle: async (number) =>
    expect(await verifyBundle(path('bundle', `${number}.zip`))).toMatchObject({ ok: true, problems: [] }),
  backup: async (number) => {
    const zip = await openZip(path('backup', `${number}.zip`));
    try {
      const manifest = zip.entries.find((entry) => entry.path === 'backup.json');
      expect(manifest).toBeDefined();
      const read = backupManifestSchema.parse(
        JSON.parse(String(await whole(await (manifest as NonNullable<typeof manifest>).open()))),
      );
      expect(read).toMatchObject({ format: number, files: 11 });
    } finally {
      zip.close();
    }
  },
  'file-store': async (number) => {
    const { key, id, plainSha256 } = json('file-store', number);
    cpSync(path('file-store', `${number}.bin`), join(scratch, 'files', id.slice(0, 2), id), { recursive: true });
    expect(sha256Hex(await openFileStore(join(scratch, 'files')).read(hex(key), id))).toBe(plainSha256);
  },
  'sealed-value': (number) => {
    const { key, aad, plain, sealed } = json('sealed-value', number);
    expect(hex(sealed)[0]).toBe(number);
    expect(open(hex(key), aad, hex(sealed)).toString('utf8')).toBe(plain);
  },
  'sealed-stream': async (number) => {
    const receiver = text('sealed-stream', `${number}.pem`);
    const sealed = Readable.from([readFileSync(path('sealed-stream', `${number}.bin`))]);
    expect(String(await whole(openSealed(receiver, sealed)))).toBe(text('sealed-stream', `${number}.txt`));
  },
  'key-files': (number) => {
    const { campaign, ...wanted } = json('key-files', number);
    cpSync(path('key-files', String(number)), join(scratch, 'keys'), { recursive: true });
    const keys = openKeyStore(join(scratch, 'keys')).open(campaign);
    for (const name of ['address', 'proof', 'file', 'documents', 'blind'] as const)
      expect(keys[name].toString('hex'), name).toBe(wanted[name]);
  },
  person: (number) => {
    const { key, campaign, ref, addressSealed, proofSealed } = json('person', number);
    const keys = { address: hex(key), proof: hex(key) };
    const sealed = { addressSealed: hex(addressSealed), proofSealed: hex(proofSealed) };
    expect(openPerson(keys, campaign, ref, sealed)).toMatchObject({
      name: '山田 花子',
      kind: 'customer',
      flags: ['minor'],
      email: 'hanako@example.jp',
    });
  },
  passphrase: async (number) => {
    const { passphrase, stored } = json('passphrase', number);
    expect(await verifyPassphrase(passphrase, hex(stored))).toBe(true);
  },
} satisfies Record<StoredFormat, (number: number) => void | Promise<void>>;

describe.each(Object.entries(storedFormats) as [StoredFormat, number][])('the stored format %s', (format, current) => {
  const numbers = Array.from({ length: current }, (_, at) => at + 1);

  it.each(numbers)('of number %i has a golden file, which is read', async (number) => {
    expect(readdirSync(join(golden, format)).some((name) => name.split('.')[0] === String(number))).toBe(true);
    await readers[format](number);
  });

  it('has no golden file of a number that was never written', () => {
    const found = new Set(readdirSync(join(golden, format)).map((name) => Number(name.split('.')[0])));
    expect([...found].sort((a, b) => a - b)).toEqual(numbers);
  });
});

describe('a plan snapshot', () => {
  it('is written with its number, which is no part of what it says', () => {
    const snapshot: PlanSnapshot = aPlanSnapshot();
    expect(JSON.parse(writePlanSnapshot(snapshot))).toMatchObject({ format: storedFormats['plan-snapshot'] });
    expect(readPlanSnapshot(writePlanSnapshot(snapshot))).toEqual(snapshot);
  });

  it('of a later version is refused in words, not misread', () => {
    const later = JSON.stringify({ ...JSON.parse(writePlanSnapshot(aPlanSnapshot())), format: 99 });
    expect(() => readPlanSnapshot(later)).toThrow(expect.objectContaining({ code: 'FORMAT_NEWER' }));
  });
});

describe('an upgrade', () => {
  const upgrades = [(plan: object) => ({ ...plan, consentMode: 'asked' }), (plan: object) => ({ ...plan, waves: [] })];

  it('goes step by step from the number that was stored', () => {
    expect(upgradeStored({ word: 'stored.plan-snapshot' }, { client: 'x' }, upgrades)).toEqual({
      client: 'x',
      consentMode: 'asked',
      waves: [],
    });
    expect(upgradeStored({ word: 'stored.plan-snapshot' }, { format: 2, client: 'x' }, upgrades)).toEqual({
      client: 'x',
      waves: [],
    });
    expect(upgradeStored({ word: 'stored.plan-snapshot' }, { format: 3, client: 'x' }, upgrades)).toEqual({
      client: 'x',
    });
  });
});

describe('the body of a fact', () => {
  it('has a golden line for every kind in every form that the kind has had', () => {
    const written = readdirSync(join(golden, 'fact-body')).flatMap((file) =>
      text('fact-body', file)
        .trim()
        .split('\n')
        .map((line) => `${(JSON.parse(line) as { kind: string }).kind} ${file.split('.')[0]}`),
    );
    const wanted = factKinds.flatMap((kind) =>
      Array.from({ length: factBodies[kind].upgrades.length + 1 }, (_, at) => `${kind} ${at + 1}`),
    );
    expect(wanted.filter((line) => !written.includes(line))).toEqual([]);
  });

  it('carries its number, and is refused at the writer when it is not of its kind’s form', () => {
    const body = { ref: '01935b3a-0000-7000-8000-00000000000a', shown: 'story' };
    expect(writeFactBody('person.viewed', body)).toEqual({ format: 1, ...body });
    expect(readFactBody('person.viewed', writeFactBody('person.viewed', body))).toEqual(body);
    expect(() => writeFactBody('person.viewed', { ...body, shwon: 'story' } as typeof body)).toThrow();
    expect(() => writeFactBody('person.viewed', { ...body, ref: 'somebody' })).toThrow();
  });
});

it('the table of formats names a file that exists for each of them', () => {
  const table = readFileSync(resolve(import.meta.dirname, '../src/kernel/stored-format.ts'), 'utf8');
  const places = [...table.matchAll(/\/\*\* ([a-z/-]+(?:\.ts)?):/g)].map((match) => match[1] ?? '');
  expect(places.length).toBeGreaterThan(8);
  expect(places.filter((place) => !existsSync(resolve(import.meta.dirname, '../src', place)))).toEqual([]);
});
