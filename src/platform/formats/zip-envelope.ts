/**
 * The bytes of a ZIP that are not file contents: headers, descriptors, directory. No checksum of the format covers them,
 * so `verify` builds them again from the contents and compares, and a single flipped bit anywhere is found (promise 7).
 */

/** One stored entry as its contents say it is. */
export type StoredEntry = { readonly path: string; readonly bytes: number; readonly crc32: number };

/** A run of bytes that must stand at `offset`. */
export type EnvelopePiece = { readonly offset: number; readonly bytes: Buffer; readonly of: string };

const UTF8_AND_DESCRIPTOR = 0x0808;
const DOS_DATE_1980_01_01 = 0x21;
const VERSION_MADE_BY = (3 << 8) | 63;
const REGULAR_FILE_0644 = (0o100644 << 16) >>> 0;
const ZIP64_FROM = 0xfffffffe;
const FULL = 0xffffffff;

/** Offset of an entry's contents behind its local header. */
export function dataOffsetOf(headerOffset: number, path: string): number {
  return headerOffset + 30 + Buffer.byteLength(path);
}

/** Every byte that `createZip` writes around these entries, with where it must stand, and the size of the whole file. */
export function zipEnvelope(entries: readonly StoredEntry[]): { pieces: EnvelopePiece[]; totalBytes: number } {
  const pieces: EnvelopePiece[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const header = localHeader(entry.path);
    const descriptor = dataDescriptor(entry, offset);
    pieces.push({ offset, bytes: header, of: entry.path });
    pieces.push({ offset: offset + header.length + entry.bytes, bytes: descriptor, of: entry.path });
    directory.push(directoryRecord(entry, offset));
    offset += header.length + entry.bytes + descriptor.length;
  }
  const records = Buffer.concat(directory);
  const end = endOfDirectory(entries.length, offset, records.length);
  pieces.push({ offset, bytes: Buffer.concat([records, end]), of: 'directory' });
  return { pieces, totalBytes: offset + records.length + end.length };
}

/** Little-endian fields of 2, 4 or 8 bytes, in order. */
function fields(...parts: readonly (readonly [size: 2 | 4 | 8, value: number])[]): Buffer {
  const buffer = Buffer.alloc(parts.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of parts) {
    if (size === 8) buffer.writeBigUInt64LE(BigInt(value), at);
    else buffer.writeUIntLE(value, at, size);
    at += size;
  }
  return buffer;
}

const isZip64 = (entry: StoredEntry, offset: number) => entry.bytes > ZIP64_FROM || offset > ZIP64_FROM;

/** The header in front of a stored entry. */
export function localHeader(path: string): Buffer {
  const name = Buffer.from(path, 'utf8');
  const fixed = fields(
    [4, 0x04034b50],
    [2, 20],
    [2, UTF8_AND_DESCRIPTOR],
    [2, 0],
    [2, 0],
    [2, DOS_DATE_1980_01_01],
    [4, 0],
    [4, 0],
    [4, 0],
    [2, name.length],
    [2, 0],
  );
  return Buffer.concat([fixed, name]);
}

function dataDescriptor(entry: StoredEntry, offset: number): Buffer {
  const size = isZip64(entry, offset) ? 8 : 4;
  return fields([4, 0x08074b50], [4, entry.crc32], [size, entry.bytes], [size, entry.bytes]);
}

function directoryRecord(entry: StoredEntry, offset: number): Buffer {
  const name = Buffer.from(entry.path, 'utf8');
  const large = isZip64(entry, offset);
  const extra = large ? fields([2, 1], [2, 24], [8, entry.bytes], [8, entry.bytes], [8, offset]) : Buffer.alloc(0);
  const fixed = fields(
    [4, 0x02014b50],
    [2, VERSION_MADE_BY],
    [2, large ? 45 : 20],
    [2, UTF8_AND_DESCRIPTOR],
    [2, 0],
    [2, 0],
    [2, DOS_DATE_1980_01_01],
    [4, entry.crc32],
    [4, large ? FULL : entry.bytes],
    [4, large ? FULL : entry.bytes],
    [2, name.length],
    [2, extra.length],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, REGULAR_FILE_0644],
    [4, large ? FULL : offset],
  );
  return Buffer.concat([fixed, name, extra]);
}

function endOfDirectory(count: number, offset: number, size: number): Buffer {
  const large = count >= 0xffff || size >= FULL || offset >= FULL;
  const end = fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, Math.min(count, 0xffff)],
    [2, Math.min(count, 0xffff)],
    [4, Math.min(size, FULL)],
    [4, Math.min(offset, FULL)],
    [2, 0],
  );
  if (!large) return end;
  const end64 = fields(
    [4, 0x06064b50],
    [8, 44],
    [2, VERSION_MADE_BY],
    [2, 45],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, size],
    [8, offset],
  );
  const locator = fields([4, 0x07064b50], [4, 0], [8, offset + size], [4, 1]);
  return Buffer.concat([end64, locator, end]);
}
