// Promise 5 over a whole demo run: whoever steals the logs, the database with its write-ahead log, the queues, the files, the
// temporary folders, the keys' folder or the insurer's bundle can name nobody. What must leave in clear is private.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoPeople } from '../../src/demo/demo-stage.ts';
import type { App } from '../../src/platform/app.ts';
import { openZip } from '../../src/platform/formats/zip.ts';
import { type DemoRun, runDemoForTest } from '../support/demo-run.ts';
import { findNeedles, formsOf, type Haystack, indexNeedles, searchFolder } from '../support/find-needles.ts';
import { readRosterRows, rosterValues } from '../support/roster-needles.ts';

const PEOPLE = 200;

let demo: DemoRun;
let app: App;
let victims: Haystack;
/** Who acted: named to the insurer, but in no log and in no table. */
let actors: Haystack;
let everyone: Haystack;

beforeAll(async () => {
  demo = await runDemoForTest({ people: PEOPLE, env: { OWABI_LOG: 'debug' } });
  const files = readdirSync(join(demo.out, 'rosters')).map((name) => join(demo.out, 'rosters', name));
  const ofVictims = rosterValues(readRosterRows(files)).flatMap(({ what, value }) =>
    formsOf(`${what} ${value}`, value),
  );
  const { approvers, ...others } = demoPeople;
  const ofActors = [
    ...Object.values(others),
    ...approvers.flatMap(({ name, passphrase }) => [name, passphrase]),
  ].flatMap((value) => formsOf(`actor ${value}`, value));
  victims = indexNeedles(ofVictims);
  actors = indexNeedles(ofActors);
  everyone = indexNeedles([...ofVictims, ...ofActors]);
}, 120_000);
afterAll(async () => {
  await app?.close();
  await demo?.remove();
});

/** Files as they lie there, and their names: a name in a path is in every backup's listing. */
function expectClean(folder: string, index: Haystack = everyone): { files: number; bytes: number } {
  const { findings, ...size } = searchFolder(folder, index);
  expect(findings).toEqual([]);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).join('\n');
  expect(findNeedles(Buffer.from(names), index)).toEqual([]);
  return size;
}

describe('the search itself', () => {
  it('finds the people of the list where they do stand in clear', () => {
    expect(searchFolder(join(demo.out, 'rosters'), victims).findings.length).toBeGreaterThan(0);
    expect(searchFolder(join(demo.out, 'export'), victims).findings.length).toBeGreaterThan(0);
    expect(searchFolder(join(demo.out, 'mails'), victims).findings.length).toBeGreaterThan(0);
    expect([...victims.values()].flat().length).toBeGreaterThan(PEOPLE * 10);
  });

  it('finds one name planted in a copy of a database page, in each of the forms', () => {
    const page = readFileSync(join(demo.databaseRoot, 'postgres-18', 'base', '1', '1259'));
    const folder = join(demo.tmp, 'planted');
    mkdirSync(folder);
    const planted = [...victims.values()].flat().filter((_needle, index) => index % 997 === 0);
    for (const [index, needle] of planted.entries()) {
      const copy = Buffer.from(page);
      needle.bytes.copy(copy, 1_000 + index);
      writeFileSync(join(folder, `page-${index}`), copy);
    }
    expect(searchFolder(folder, victims).findings.length).toBeGreaterThanOrEqual(planted.length);
  });
});

describe('nobody can be named from', () => {
  it('the logs at level debug, standard output, or the command lines of any process', () => {
    for (const text of [demo.end.stderr, demo.end.stdout, demo.commandLines]) {
      expect(findNeedles(Buffer.from(text), everyone)).toEqual([]);
    }
  });

  it('the database’s data folder with its write-ahead log and the server’s own log', () => {
    const walFiles = readdirSync(join(demo.databaseRoot, 'postgres-18', 'pg_wal')).filter((name) => name.length === 24);
    expect(walFiles.length).toBeGreaterThan(0);
    const { files, bytes } = expectClean(demo.databaseRoot);
    expect(files).toBeGreaterThan(500);
    expect(bytes).toBeGreaterThan(20_000_000);
  });

  it('the file store, the keys’ folder, the campaign folder, the vendors’ files and the temporary folder', () => {
    expect(expectClean(join(demo.out, 'data', 'files')).files).toBeGreaterThan(0);
    expectClean(join(demo.out, 'keys'));
    expectClean(join(demo.out, 'campaign'));
    expectClean(join(demo.out, 'vendors'));
    const planted = readdirSync(demo.tmp).filter((name) => name !== 'planted');
    for (const name of planted) expectClean(join(demo.tmp, name));
  });

  it('any value of any table, the queues’ among them, as a client reads it', async () => {
    app = await demo.open();
    const tables = await app.pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    expect(tables.rows.some(({ name }) => name.startsWith('bullmq.'))).toBe(true);
    const findings: string[] = [];
    let values = 0;
    for (const { name } of tables.rows) {
      // Compressed and stored out of line, a long value is in no page as it is: a client gets it whole.
      const found = await app.pool.query<unknown[]>({ text: `select * from ${name}`, rowMode: 'array' });
      for (const value of found.rows.flat()) {
        if (value === null || typeof value === 'number' || typeof value === 'boolean') continue;
        values += 1;
        const bytes = Buffer.isBuffer(value)
          ? value
          : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
        findings.push(...findNeedles(bytes, everyone).map((what) => `${name}: ${what}`));
      }
    }
    expect(findings).toEqual([]);
    expect(values).toBeGreaterThan(PEOPLE * 10);
  });

  it('the insurer’s bundle: inside the zip, inside its workbooks and in the streams of its PDF', async () => {
    const findings: string[] = [];
    const paths = await searchZip(demo.result.bundle, (path, bytes) => {
      for (const content of [bytes, ...inflatedStreams(bytes)]) {
        findings.push(...findNeedles(content, victims).map((what) => `${path}: ${what}`));
      }
    });
    expect(findings).toEqual([]);
    expect(paths.some((path) => path.endsWith('.xlsx'))).toBe(true);
    expect(findNeedles(Buffer.from(paths.join('\n')), everyone)).toEqual([]);
  });
});

/** Hands over every file of a zip, and those of a workbook in it, which is a zip again. */
async function searchZip(file: string, look: (path: string, bytes: Buffer) => void): Promise<string[]> {
  const zip = await openZip(file);
  const paths: string[] = [];
  try {
    for (const entry of zip.entries) {
      const chunks: Buffer[] = [];
      for await (const chunk of await entry.open()) chunks.push(Buffer.from(chunk as Uint8Array));
      const bytes = Buffer.concat(chunks);
      paths.push(entry.path);
      look(entry.path, bytes);
      if (!entry.path.endsWith('.xlsx')) continue;
      const inner = join(demo.tmp, `inner-${basename(entry.path)}`);
      writeFileSync(inner, bytes);
      paths.push(...(await searchZip(inner, (path, content) => look(`${entry.path}/${path}`, content))));
    }
  } finally {
    zip.close();
  }
  return paths;
}

/** The streams of a PDF, unpacked. */
function inflatedStreams(bytes: Buffer): Buffer[] {
  const streams: Buffer[] = [];
  if (!bytes.subarray(0, 5).equals(Buffer.from('%PDF-'))) return streams;
  for (let at = bytes.indexOf('stream\n'); at >= 0; at = bytes.indexOf('stream\n', at + 7)) {
    const end = bytes.indexOf('endstream', at);
    try {
      streams.push(inflateSync(bytes.subarray(at + 7, end)));
    } catch {
      // Not compressed, or the word in another place.
    }
  }
  return streams;
}

describe('what must leave in clear', () => {
  it('is readable for its owner only: folders 0700, files 0600', () => {
    expect(statSync(demo.out).mode & 0o777).toBe(0o700);
    const open: string[] = [];
    for (const part of ['export', 'mails', 'rosters', 'vendors', 'preview', 'keys', 'data']) {
      const root = join(demo.out, part);
      const below = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name));
      for (const path of [root, ...below]) {
        if (path.startsWith(join(demo.out, 'data', 'database'))) continue;
        const found = statSync(path);
        const wanted = found.isDirectory() ? 0o700 : 0o600;
        if ((found.mode & 0o777) !== wanted) open.push(`${path} ${(found.mode & 0o777).toString(8)}`);
      }
    }
    expect(open).toEqual([]);
    expect(statSync(demo.databaseRoot).mode & 0o777).toBe(0o700);
  });

  it('is in the private export folder: letters, manifests and reports, and nothing of the kind elsewhere', () => {
    const outside = ['data/files', 'keys', 'campaign', 'vendors'].flatMap((part) =>
      readdirSync(join(demo.out, part), { recursive: true, encoding: 'utf8' }).filter((name) => /\.pdf$/.test(name)),
    );
    expect(outside).toEqual([]);
    const lots = readdirSync(join(demo.out, 'export', 'mihon-2026', 'lots'));
    expect(lots.length).toBe(demo.result.letters.lots);
    for (const lot of lots) {
      const names = readdirSync(join(demo.out, 'export', 'mihon-2026', 'lots', lot));
      expect(names).toEqual(expect.arrayContaining(['letters.pdf', 'manifest.csv', 'picklist.csv', 'SHA256SUMS']));
      // The pick list and the hashes go to people who need no names.
      for (const file of ['picklist.csv', 'SHA256SUMS']) {
        const bytes = readFileSync(join(demo.out, 'export', 'mihon-2026', 'lots', lot, file));
        expect(findNeedles(bytes, everyone)).toEqual([]);
      }
    }
  });

  it('names who approved to the insurer, and no passphrase to anybody', () => {
    const passphrases = indexNeedles(
      demoPeople.approvers.flatMap(({ passphrase }) => formsOf('passphrase', passphrase)),
    );
    for (const part of readdirSync(demo.out))
      expect(searchFolder(join(demo.out, part), passphrases).findings).toEqual([]);
    expect([...actors.values()].flat().length).toBeGreaterThan(0);
  });
});
