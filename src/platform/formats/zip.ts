/**
 * ZIP files, written as a stream and read with limits. Entries are stored, not deflated, with one fixed time: the same
 * contents give the same bytes on every machine and with every zlib, which the evidence bundle needs (promise 7).
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile as ZipReader } from 'yauzl';
import { ZipFile } from 'yazl';
import { AppError } from '../../kernel/errors.ts';

/** The DOS epoch in local time: yazl writes local clock fields, so these are the same bytes in every time zone. */
const storedOptions = () => ({ compress: false, mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644 });

export type ByteSource = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

/** What went into an entry: its size and lower-case hexadecimal SHA-256. */
export type FileDigest = { readonly bytes: number; readonly sha256: string };

export type ZipWriter = {
  /** The bytes of the ZIP; someone must consume it while entries are added. */
  readonly stream: Readable;
  /** Adds one entry and resolves once its last byte was read from `source`. Order of calls is order in the file. */
  add(path: string, source: ByteSource): Promise<FileDigest>;
  /** Writes the directory. Call once, after the last `add`. */
  end(): void;
};

/** Starts a ZIP. Memory is constant whatever the size; over 4 GiB it is ZIP64. */
export function createZip(): ZipWriter {
  const zip = new ZipFile();
  const stream = zip.outputStream as Readable;
  zip.on('error', (error: Error) => stream.destroy(error));
  return {
    stream,
    async add(path, source) {
      const hash = createHash('sha256');
      let bytes = 0;
      async function* counted(): AsyncGenerator<Buffer> {
        for await (const chunk of source) {
          const data =
            typeof chunk === 'string'
              ? Buffer.from(chunk, 'utf8')
              : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
          if (data.length === 0) continue;
          hash.update(data);
          bytes += data.length;
          yield data;
        }
      }
      await new Promise<void>((resolve, reject) => {
        // A consumer that goes away (full disk) would otherwise leave this promise open for ever.
        const abandon = () => reject(stream.errored ?? new Error('the ZIP stream was closed early'));
        stream.once('close', abandon);
        zip.addReadStreamLazy(path, storedOptions(), (start) => {
          const input = Readable.from(counted(), { objectMode: false });
          input.once('error', (error) => {
            stream.destroy(error);
            reject(error);
          });
          input.once('end', () => {
            stream.off('close', abandon);
            resolve();
          });
          start(null, input);
        });
      });
      return { bytes, sha256: hash.digest('hex') };
    },
    end: () => zip.end(),
  };
}

/** Bounds for a ZIP from outside. Reading streams, so bytes bound time rather than memory. */
export type ZipLimits = { readonly entries: number; readonly bytes: number; readonly ratio: number };
export const ZIP_LIMITS: ZipLimits = { entries: 100_000, bytes: 256 * 2 ** 30, ratio: 200 };

export type ZipEntry = {
  readonly path: string;
  readonly bytes: number;
  readonly stored: boolean;
  readonly headerOffset: number;
  open(): Promise<Readable>;
};

export type ZipListing = { readonly entries: readonly ZipEntry[]; close(): void };

/**
 * Opens a ZIP and reads its directory. Throws ZIP_INVALID for anything that is no ZIP, for paths that leave the folder,
 * for doubled paths (also ones that differ in case only: one would overwrite the other on some systems), links,
 * encrypted entries and sizes past the limits.
 */
export async function openZip(path: string, limits: ZipLimits = ZIP_LIMITS): Promise<ZipListing> {
  let reader: ZipReader;
  try {
    reader = await openPromise(path, { autoClose: false, strictFileNames: true });
  } catch (cause) {
    throw new AppError('ZIP_INVALID.unreadable', { file: path }, { cause });
  }
  try {
    const entries = await listEntries(reader, limits);
    return { entries, close: () => reader.close() };
  } catch (cause) {
    reader.close();
    if (cause instanceof AppError) throw cause;
    throw new AppError('ZIP_INVALID.directory', { file: path }, { cause });
  }
}

async function listEntries(reader: ZipReader, limits: ZipLimits): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  const seen = new Set<string>();
  let total = 0;
  for await (const entry of reader.eachEntry()) {
    const fault = faultOf(entry, seen, limits);
    total += entry.uncompressedSize;
    if (fault !== null)
      throw new AppError('ZIP_INVALID.entry', { name: entry.fileName, fault: { word: `zip.fault.${fault}` } });
    if (total > limits.bytes || entries.length >= limits.entries) throw new AppError('ZIP_INVALID.tooLarge');
    seen.add(entry.fileName.toLowerCase());
    entries.push({
      path: entry.fileName,
      bytes: entry.uncompressedSize,
      stored: entry.compressionMethod === 0,
      headerOffset: entry.relativeOffsetOfLocalHeader,
      open: () => reader.openReadStreamPromise(entry),
    });
  }
  return entries;
}

const FILE_TYPE_MASK = 0o170000;
const SYMBOLIC_LINK = 0o120000;

type ZipFault = 'outside' | 'control' | 'twice' | 'link' | 'encrypted' | 'bomb';

function faultOf(entry: Entry, seen: ReadonlySet<string>, limits: ZipLimits): ZipFault | null {
  const segments = entry.fileName.split('/');
  if (
    entry.fileName.startsWith('/') ||
    entry.fileName.includes('\\') ||
    segments.some((part) => part === '..' || part === '.')
  ) {
    return 'outside';
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters in a path are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(entry.fileName)) return 'control';
  if (seen.has(entry.fileName.toLowerCase())) return 'twice';
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK) === SYMBOLIC_LINK) return 'link';
  if (entry.isEncrypted() || !entry.canDecodeFileData()) return 'encrypted';
  if (entry.uncompressedSize > 2 ** 20 && entry.uncompressedSize > entry.compressedSize * limits.ratio) return 'bomb';
  return null;
}
