/**
 * Checks the container of a bundle without a database: ZIP, bag, hashes, signature. Every byte of the file is either hashed
 * content or compared with what must stand there, so a single flipped bit is found (promise 7).
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { fingerprintOfPem, verifySignature } from '../../platform/crypto/sign.ts';
import { type FileDigest, openZip, type ZipEntry, type ZipListing } from '../../platform/formats/zip.ts';
import { dataOffsetOf, localHeader, type StoredEntry, zipEnvelope } from '../../platform/formats/zip-envelope.ts';
import { BAG_FILES, BAGIT_TEXT, formatOxum, type ManifestEntry, parseInfo, parseManifest } from './bag.ts';
import type { Report } from './bundle-problem.ts';

export type CheckedBag = {
  /** The bag's folder inside the ZIP. */
  readonly base: string;
  readonly info: ReadonlyMap<string, string>;
  /** Every file by its path inside the bag. */
  readonly files: ReadonlyMap<string, FileDigest>;
  open(path: string): Promise<Readable>;
  close(): void;
};

/** Reads of this size keep the disk busy while the previous one is hashed. */
const READ_BYTES = 1 << 20;
/** Tag files are small; a manifest of a million files is 100 MB. */
const TAG_FILE_LIMIT = 256 << 20;

/** Checks the container. Throws ZIP_INVALID when the file cannot be read as a ZIP at all. */
export async function verifyBag(file: string, report: Report): Promise<CheckedBag> {
  const listing = await openZip(file);
  const handle = await open(file, 'r');
  try {
    const digests = await hashEntries(handle, listing, report);
    return await checkBag(listing, digests, report);
  } catch (error) {
    listing.close();
    throw error;
  } finally {
    await handle.close();
  }
}

type HashedEntry = FileDigest & { readonly entry: ZipEntry };

async function hashEntries(handle: FileHandle, listing: ZipListing, report: Report): Promise<HashedEntry[]> {
  const { size } = await handle.stat();
  const hashed: HashedEntry[] = [];
  const stored: StoredEntry[] = [];
  for (const entry of [...listing.entries].sort((a, b) => a.headerOffset - b.headerOffset)) {
    if (entry.path.endsWith('/')) continue;
    const hash = createHash('sha256');
    let crc = 0;
    let bytes = 0;
    const take = (chunk: Buffer) => {
      hash.update(chunk);
      crc = crc32(chunk, crc);
      bytes += chunk.length;
    };
    try {
      if (await isOurs(handle, entry))
        await readRange(handle, dataOffsetOf(entry.headerOffset, entry.path), entry.bytes, take);
      else for await (const chunk of await entry.open()) take(chunk);
    } catch (error) {
      report('ZIP_DAMAGED', entry.path, error instanceof Error ? error.message : 'cannot be read');
    }
    hashed.push({ entry, bytes, sha256: hash.digest('hex') });
    stored.push({ path: entry.path, bytes, crc32: crc });
  }
  await compareEnvelope(handle, size, stored, report);
  return hashed;
}

/** Whether the contents stand where we write them; another program's ZIP is read by the library instead, and reported. */
async function isOurs(handle: FileHandle, entry: ZipEntry): Promise<boolean> {
  if (!entry.stored) return false;
  const header = localHeader(entry.path);
  const { buffer } = await handle.read(Buffer.alloc(header.length), 0, header.length, entry.headerOffset);
  return buffer.equals(header);
}

/** Reads a range in order, hashing one buffer while the next is read. */
async function readRange(
  handle: FileHandle,
  from: number,
  length: number,
  take: (chunk: Buffer) => void,
): Promise<void> {
  const buffers = [
    Buffer.allocUnsafe(Math.min(READ_BYTES, length)),
    Buffer.allocUnsafe(Math.min(READ_BYTES, length)),
  ] as const;
  const start = (at: number, n: number) =>
    handle.read(buffers[n % 2 === 0 ? 0 : 1], 0, Math.min(READ_BYTES, length - at), from + at);
  let at = 0;
  let n = 0;
  let reading = length > 0 ? start(0, 0) : null;
  while (reading !== null) {
    const { bytesRead, buffer } = await reading;
    if (bytesRead === 0) throw new Error('the file ends too early');
    at += bytesRead;
    n += 1;
    reading = at < length ? start(at, n) : null;
    take(buffer.subarray(0, bytesRead));
  }
}

async function compareEnvelope(
  handle: FileHandle,
  size: number,
  stored: readonly StoredEntry[],
  report: Report,
): Promise<void> {
  const { pieces, totalBytes } = zipEnvelope(stored);
  if (size !== totalBytes) {
    report('ZIP_REPACKED', '', `the ZIP has ${size} bytes where Owabi writes ${totalBytes}`);
    return;
  }
  for (const piece of pieces) {
    const found = Buffer.alloc(piece.bytes.length);
    await handle.read(found, 0, found.length, piece.offset);
    if (found.equals(piece.bytes)) continue;
    report('ZIP_REPACKED', piece.of, 'the ZIP around this file is not as Owabi writes it');
    return;
  }
}

async function checkBag(listing: ZipListing, hashed: readonly HashedEntry[], report: Report): Promise<CheckedBag> {
  const folders = new Set(hashed.map(({ entry }) => entry.path.split('/')[0] as string));
  const base = [...folders][0] ?? '';
  if (folders.size !== 1 || hashed.some(({ entry }) => !entry.path.includes('/'))) {
    report('BAG_FOLDER', '', 'a bundle holds exactly one folder');
  }
  const files = new Map(hashed.map((file) => [file.entry.path.slice(base.length + 1), file]));
  const text = async (path: string) => await readTagFile(files.get(path), path, report);

  const declaration = await text(BAG_FILES.declaration);
  if (declaration !== null && declaration.toString() !== BAGIT_TEXT)
    report('TAG_FILE_INVALID', BAG_FILES.declaration, 'not BagIt 1.0');
  const payload = await checkManifest(await text(BAG_FILES.manifest), BAG_FILES.manifest, files, report);
  const tagManifest = await text(BAG_FILES.tagManifest);
  const tags = await checkManifest(tagManifest, BAG_FILES.tagManifest, files, report);
  checkCompleteness(files, payload, tags, report);

  const infoText = await text(BAG_FILES.info);
  const info = infoText === null ? null : parseInfo(infoText.toString());
  if (infoText !== null && info === null) report('TAG_FILE_INVALID', BAG_FILES.info, 'a line is not "Label: value"');
  checkOxum(files, info, report);
  checkSignature(tagManifest, await text(BAG_FILES.signature), await text(BAG_FILES.publicKey), info, report);
  return {
    base,
    info: info ?? new Map(),
    files,
    open: async (path) => (await files.get(path)?.entry.open()) ?? Readable.from([]),
    close: () => listing.close(),
  };
}

async function readTagFile(file: HashedEntry | undefined, path: string, report: Report): Promise<Buffer | null> {
  if (file === undefined || file.bytes > TAG_FILE_LIMIT) {
    report('TAG_FILE_MISSING', path, file === undefined ? 'the file is missing' : 'the file is too large');
    return null;
  }
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of await file.entry.open()) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    report('ZIP_DAMAGED', path, error instanceof Error ? error.message : 'cannot be read');
    return null;
  }
}

async function checkManifest(
  text: Buffer | null,
  name: string,
  files: ReadonlyMap<string, HashedEntry>,
  report: Report,
): Promise<ManifestEntry[]> {
  if (text === null) return [];
  const entries = parseManifest(text.toString());
  if (entries === null || new Set(entries.map((entry) => entry.path)).size !== entries.length) {
    report('TAG_FILE_INVALID', name, 'a line is not "sha256  path", or a path is named twice');
    return [];
  }
  for (const entry of entries) {
    const file = files.get(entry.path);
    if (file === undefined) report('FILE_MISSING', entry.path, `named in ${name} but not in the bundle`);
    else if (file.sha256 !== entry.sha256)
      report('FILE_CHANGED', entry.path, `SHA-256 is ${file.sha256}, ${name} says ${entry.sha256}`);
  }
  return entries;
}

/** Every payload file is in the manifest, every tag file in the tag manifest, and there is nothing else. */
function checkCompleteness(
  files: ReadonlyMap<string, HashedEntry>,
  payload: readonly ManifestEntry[],
  tags: readonly ManifestEntry[],
  report: Report,
): void {
  const named = new Set([...payload, ...tags].map((entry) => entry.path));
  const outside: string[] = [BAG_FILES.tagManifest, BAG_FILES.signature];
  for (const path of files.keys()) {
    if (!named.has(path) && !outside.includes(path)) report('FILE_EXTRA', path, 'in the bundle but in no manifest');
  }
  for (const path of [BAG_FILES.declaration, BAG_FILES.manifest, BAG_FILES.info, BAG_FILES.publicKey]) {
    if (!tags.some((entry) => entry.path === path))
      report('TAG_FILE_INVALID', BAG_FILES.tagManifest, `does not name ${path}`);
  }
  for (const entry of payload) {
    if (!entry.path.startsWith('data/'))
      report('TAG_FILE_INVALID', BAG_FILES.manifest, `${entry.path} is no payload file`);
  }
}

function checkOxum(files: ReadonlyMap<string, HashedEntry>, info: Map<string, string> | null, report: Report): void {
  if (info === null) return;
  const oxum = formatOxum([...files].filter(([path]) => path.startsWith('data/')).map(([, file]) => file));
  if (info.get('Payload-Oxum') !== oxum) report('OXUM_WRONG', BAG_FILES.info, `Payload-Oxum is ${oxum}`);
}

function checkSignature(
  tagManifest: Buffer | null,
  signature: Buffer | null,
  publicKey: Buffer | null,
  info: Map<string, string> | null,
  report: Report,
): void {
  if (tagManifest === null || signature === null || publicKey === null) return;
  const pem = publicKey.toString();
  if (!verifySignature(pem, tagManifest, signature)) {
    report('SIGNATURE_WRONG', BAG_FILES.signature, 'the signature does not fit the tag manifest and the key');
    return;
  }
  const fingerprint = fingerprintOfPem(pem);
  if (info?.get('Owabi-Key-Fingerprint') !== fingerprint) {
    report('KEY_FINGERPRINT_WRONG', BAG_FILES.publicKey, `the fingerprint of the key is ${fingerprint}`);
  }
}
