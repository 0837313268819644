/** Reads every byte of a bundle's ZIP once: contents are hashed, all that stands around them is compared. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { FileDigest, ZipEntry, ZipListing } from '../../platform/formats/zip.ts';
import { dataOffsetOf, localHeader, type StoredEntry, zipEnvelope } from '../../platform/formats/zip-envelope.ts';
import { type Report, readingFault } from './bundle-problem.ts';

/** Reads of this size keep the disk busy while the previous one is hashed. */
const READ_BYTES = 1 << 20;
export type HashedEntry = FileDigest & { readonly entry: ZipEntry };

/** Hashes every entry in the order in which it stands, then holds the bytes around them against what we write. */
export async function hashEntries(handle: FileHandle, listing: ZipListing, report: Report): Promise<HashedEntry[]> {
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
      report('ZIP_DAMAGED', entry.path, readingFault(error));
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
    report('ZIP_REPACKED', '', { word: 'evidence.detail.zipSize', params: { size, wanted: totalBytes } });
    return;
  }
  for (const piece of pieces) {
    const found = Buffer.alloc(piece.bytes.length);
    await handle.read(found, 0, found.length, piece.offset);
    if (found.equals(piece.bytes)) continue;
    report('ZIP_REPACKED', piece.of, { word: 'evidence.detail.zipAround' });
    return;
  }
}
