/**
 * Searches files and buffers for many byte strings at once, each in UTF-8, CP932 and base64 (at all three alignments): the
 * instrument of the test that no person of the list can be read where nobody may be read.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';

export type Needle = { readonly what: string; readonly bytes: Buffer };
export type Haystack = ReadonlyMap<number, readonly Needle[]>;

/** Shorter byte strings meet by chance in random data and say nothing. */
const MIN_BYTES = 8;

function base64Forms(bytes: Buffer): Buffer[] {
  // Depending on where in a longer text the value starts, its base64 has one of three forms; the edges depend on neighbours.
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = shift === 0 ? 0 : shift + 1;
    const rest = (bytes.length + shift) % 3;
    return Buffer.from(text.slice(from, rest === 0 ? undefined : -1), 'latin1');
  });
}

/** The forms of one value in which it must not be found. */
export function formsOf(what: string, value: string): Needle[] {
  const forms: Buffer[] = [Buffer.from(value, 'utf8')];
  const cp932 = iconv.encode(value, 'cp932');
  if (iconv.decode(cp932, 'cp932') === value && !cp932.equals(forms[0] ?? cp932)) forms.push(cp932);
  return [...forms, ...forms.flatMap(base64Forms)]
    .filter((bytes) => bytes.length >= MIN_BYTES)
    .map((bytes) => ({ what, bytes }));
}

/** Groups needles by their first four bytes. */
export function indexNeedles(needles: Iterable<Needle>): Haystack {
  const index = new Map<number, Needle[]>();
  for (const needle of needles) {
    const key = needle.bytes.readUInt32LE(0);
    const list = index.get(key);
    if (list) list.push(needle);
    else index.set(key, [needle]);
  }
  return index;
}

/** What of the needles stands in the buffer; at most `limit` findings, each by what it is. */
export function findNeedles(buffer: Buffer, index: Haystack, limit = 5): string[] {
  const starts = new Uint8Array(65_536);
  for (const key of index.keys()) starts[key & 0xffff] = 1;
  const found: string[] = [];
  for (let at = 0; at + 4 <= buffer.length && found.length < limit; at += 1) {
    if (starts[(buffer[at] ?? 0) | ((buffer[at + 1] ?? 0) << 8)] === 0) continue;
    for (const needle of index.get(buffer.readUInt32LE(at)) ?? []) {
      if (needle.bytes.equals(buffer.subarray(at, at + needle.bytes.length))) found.push(needle.what);
    }
  }
  return found;
}

/** Every file below a folder, with what was found in it. */
export function searchFolder(folder: string, index: Haystack): { files: number; bytes: number; findings: string[] } {
  const result = { files: 0, bytes: 0, findings: [] as string[] };
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    const entry = statSync(path, { throwIfNoEntry: false });
    if (!entry?.isFile()) continue;
    const data = readFileSync(path);
    result.files += 1;
    result.bytes += data.length;
    result.findings.push(...findNeedles(data, index).map((what) => `${path}: ${what}`));
  }
  return result;
}
