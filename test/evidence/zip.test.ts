import { execFileSync, spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { createZip, openZip } from '../../src/platform/formats/zip.ts';
import { zipEnvelope } from '../../src/platform/formats/zip-envelope.ts';

const dir = mkdtempSync(join(tmpdir(), 'owabi-zip-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const files: [string, string][] = [
  ['bag/bagit.txt', 'BagIt-Version: 1.0\n'],
  ['bag/data/お読みください.md', '読む'.repeat(40_000)],
  ['bag/data/empty.csv', ''],
];

async function writeZip(name: string, entries: readonly (readonly [string, string])[] = files): Promise<string> {
  const path = join(dir, name);
  const zip = createZip();
  const written = pipeline(zip.stream, createWriteStream(path));
  for (const [entry, text] of entries) await zip.add(entry, [text]);
  zip.end();
  await written;
  return path;
}

describe('a written ZIP', () => {
  test('is the same bytes each time and in every time zone', async () => {
    const first = readFileSync(await writeZip('a.zip'));
    const zone = process.env.TZ;
    process.env.TZ = 'America/New_York';
    const second = readFileSync(await writeZip('b.zip'));
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
    expect(second.equals(first)).toBe(true);
  });

  test('consists of its contents and of exactly the envelope that is computed from them', async () => {
    const bytes = readFileSync(await writeZip('c.zip'));
    const { pieces, totalBytes } = zipEnvelope(
      files.map(([path, text]) => ({ path, bytes: Buffer.byteLength(text), crc32: crc32(Buffer.from(text)) })),
    );
    expect(bytes.length).toBe(totalBytes);
    for (const piece of pieces)
      expect(bytes.subarray(piece.offset, piece.offset + piece.bytes.length).equals(piece.bytes)).toBe(true);
  });

  test('opens in unzip', async (context) => {
    const path = await writeZip('d.zip');
    if (spawnSync('unzip', ['-v']).error) return context.skip('unzip is not installed');
    expect(execFileSync('unzip', ['-t', path]).toString()).toContain('No errors detected');
  });

  test('fails, and does not hang, when a source breaks', async () => {
    const zip = createZip();
    zip.stream.resume();
    zip.stream.on('error', () => {});
    async function* broken() {
      yield 'x';
      throw new Error('disk gone');
    }
    await expect(zip.add('x', broken())).rejects.toThrow('disk gone');
  });

  test('fails, and does not hang, when nobody takes its bytes any more', async () => {
    const zip = createZip();
    zip.stream.on('error', () => {});
    const adding = zip.add(
      'x',
      (async function* () {
        for (;;) yield Buffer.alloc(65_536);
      })(),
    );
    setTimeout(() => zip.stream.destroy(), 20);
    await expect(adding).rejects.toThrow('closed early');
  });
});

describe('a ZIP that is read', () => {
  test('gives back what was written', async () => {
    const listing = await openZip(await writeZip('e.zip'));
    expect(listing.entries.map((entry) => entry.path)).toEqual(files.map(([path]) => path));
    const chunks: Buffer[] = [];
    for await (const chunk of await (listing.entries[1] as (typeof listing.entries)[0]).open()) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe(files[1]?.[1]);
    listing.close();
  });

  test.each([
    ['a path that leaves the folder', (bytes: Buffer) => replaceAll(bytes, 'bag/bagit.txt', '../x/agit.txt')],
    ['an absolute path', (bytes: Buffer) => replaceAll(bytes, 'bag/bagit.txt', '/ag/bagit.txt')],
    [
      'a path twice',
      (bytes: Buffer) => replaceAll(bytes, 'bag/data/empty.csv', 'BAG/bagit.txt\0\0\0\0\0'.slice(0, 18)),
    ],
    ['no ZIP at all', () => Buffer.from('not a zip')],
    ['a ZIP cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 30)],
  ])('is refused for %s', async (_, damage) => {
    const path = await writeZip('f.zip');
    writeFileSync(path, damage(readFileSync(path)));
    await expect(openZip(path)).rejects.toMatchObject({ code: 'ZIP_INVALID' });
  });

  test('is refused for the same path in another case', async () => {
    const path = await writeZip('g.zip', [
      ['bag/a', '1'],
      ['bag/A', '2'],
    ]);
    await expect(openZip(path)).rejects.toMatchObject({ params: { fault: { word: 'zip.fault.twice' } } });
  });

  test('is refused past the limits', async () => {
    const path = await writeZip('h.zip');
    await expect(openZip(path, { entries: 2, bytes: 1e9, ratio: 100 })).rejects.toThrow('ZIP_INVALID.tooLarge');
    await expect(openZip(path, { entries: 9, bytes: 1000, ratio: 100 })).rejects.toThrow('ZIP_INVALID.tooLarge');
  });
});

function replaceAll(bytes: Buffer, from: string, to: string): Buffer {
  const text = bytes.toString('latin1');
  return Buffer.from(
    text.replaceAll(Buffer.from(from).toString('latin1'), Buffer.from(to).toString('latin1')),
    'latin1',
  );
}
