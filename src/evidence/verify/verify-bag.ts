/**
 * Checks the container of a bundle without a database: ZIP, bag, hashes, signature. Every byte of the file is either hashed
 * content or compared with what must stand there, so a single flipped bit is found (promise 7).
 */
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { fingerprintOfPem, verifySignature } from '../../platform/crypto/signature.ts';
import { type FileDigest, openZip, type ZipListing } from '../../platform/formats/zip.ts';
import { BAG_FILES, BAGIT_TEXT, formatOxum, type ManifestEntry, parseInfo, parseManifest } from './bag.ts';
import { type Report, readingFault } from './bundle-problem.ts';
import { type HashedEntry, hashEntries } from './hash-entries.ts';

export type CheckedBag = {
  /** The bag's folder inside the ZIP. */
  readonly base: string;
  readonly info: ReadonlyMap<string, string>;
  /** Every file by its path inside the bag. */
  readonly files: ReadonlyMap<string, FileDigest>;
  open(path: string): Promise<Readable>;
  close(): void;
};

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

async function checkBag(listing: ZipListing, hashed: readonly HashedEntry[], report: Report): Promise<CheckedBag> {
  const folders = new Set(hashed.map(({ entry }) => entry.path.split('/')[0] as string));
  const base = [...folders][0] ?? '';
  if (folders.size !== 1 || hashed.some(({ entry }) => !entry.path.includes('/'))) {
    report('BAG_FOLDER', '', { word: 'evidence.detail.oneFolder' });
  }
  const files = new Map(hashed.map((file) => [file.entry.path.slice(base.length + 1), file]));
  const text = async (path: string) => await readTagFile(files.get(path), path, report);

  const declaration = await text(BAG_FILES.declaration);
  if (declaration !== null && declaration.toString() !== BAGIT_TEXT)
    report('TAG_FILE_INVALID', BAG_FILES.declaration, { word: 'evidence.detail.notBagIt' });
  const payload = await checkManifest(await text(BAG_FILES.manifest), BAG_FILES.manifest, files, report);
  const tagManifest = await text(BAG_FILES.tagManifest);
  const tags = await checkManifest(tagManifest, BAG_FILES.tagManifest, files, report);
  checkCompleteness(files, payload, tags, report);

  const infoText = await text(BAG_FILES.info);
  const info = infoText === null ? null : parseInfo(infoText.toString());
  if (infoText !== null && info === null)
    report('TAG_FILE_INVALID', BAG_FILES.info, { word: 'evidence.detail.infoLine' });
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
    report('TAG_FILE_MISSING', path, {
      word: file === undefined ? 'evidence.detail.missing' : 'evidence.detail.tooLarge',
    });
    return null;
  }
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of await file.entry.open()) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    report('ZIP_DAMAGED', path, readingFault(error));
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
    report('TAG_FILE_INVALID', name, { word: 'evidence.detail.manifestLine' });
    return [];
  }
  for (const entry of entries) {
    const file = files.get(entry.path);
    if (file === undefined)
      report('FILE_MISSING', entry.path, { word: 'evidence.detail.notInBundle', params: { name } });
    else if (file.sha256 !== entry.sha256)
      report('FILE_CHANGED', entry.path, {
        word: 'evidence.detail.sha256',
        params: { found: file.sha256, name, stated: entry.sha256 },
      });
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
    if (!named.has(path) && !outside.includes(path))
      report('FILE_EXTRA', path, { word: 'evidence.detail.notInManifest' });
  }
  for (const path of [BAG_FILES.declaration, BAG_FILES.manifest, BAG_FILES.info, BAG_FILES.publicKey]) {
    if (!tags.some((entry) => entry.path === path))
      report('TAG_FILE_INVALID', BAG_FILES.tagManifest, { word: 'evidence.detail.notNamed', params: { path } });
  }
  for (const entry of payload) {
    if (!entry.path.startsWith('data/'))
      report('TAG_FILE_INVALID', BAG_FILES.manifest, {
        word: 'evidence.detail.noPayload',
        params: { path: entry.path },
      });
  }
}

function checkOxum(files: ReadonlyMap<string, HashedEntry>, info: Map<string, string> | null, report: Report): void {
  if (info === null) return;
  const oxum = formatOxum([...files].filter(([path]) => path.startsWith('data/')).map(([, file]) => file));
  if (info.get('Payload-Oxum') !== oxum)
    report('OXUM_WRONG', BAG_FILES.info, { word: 'evidence.detail.oxum', params: { oxum } });
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
    report('SIGNATURE_WRONG', BAG_FILES.signature, { word: 'evidence.detail.signature' });
    return;
  }
  const fingerprint = fingerprintOfPem(pem);
  if (info?.get('Owabi-Key-Fingerprint') !== fingerprint) {
    report('KEY_FINGERPRINT_WRONG', BAG_FILES.publicKey, {
      word: 'evidence.detail.fingerprint',
      params: { fingerprint },
    });
  }
}
