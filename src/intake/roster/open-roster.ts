/** Opens a roster file, CSV or XLSX, as a stream of CSV bytes; one pass over it gives its hash and how it is written. Never whole in memory. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { AppError } from '../../kernel/errors.ts';
import { type CsvForm, createFormDetector, type TextEncoding } from '../../platform/formats/csv-detect.ts';
import { readXlsxAsCsv } from '../../platform/formats/xlsx.ts';

export type OpenRoster = {
  readonly sha256: string;
  readonly bytes: number;
  readonly form: CsvForm;
  readonly isSpreadsheet: boolean;
  /** The original file, for keeping. */
  original(): AsyncIterable<Buffer>;
  /** CSV bytes from an offset on; the byte order mark counts as part of the offset. */
  read(offset: number): AsyncIterable<Buffer>;
};

const READ_BYTES = 1024 * 1024;

/** Throws ROSTER_UNREADABLE (not there, a folder, empty, UTF-16, an old workbook) or ROSTER_TOO_LONG (spreadsheet). */
export async function openRoster(path: string, encoding?: TextEncoding): Promise<OpenRoster> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new AppError('ROSTER_UNREADABLE.notFile', { file: path });
  if (found.size === 0) throw new AppError('ROSTER_UNREADABLE.empty', { file: path });
  const original = () => createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>;
  const hash = createHash('sha256');
  if (await isZip(path)) {
    for await (const chunk of original()) hash.update(chunk);
    const csv = await readXlsxAsCsv(path);
    return {
      sha256: hash.digest('hex'),
      bytes: found.size,
      form: { encoding: 'utf8', bomBytes: 0, delimiter: ',', isCrOnly: false },
      isSpreadsheet: true,
      original,
      read: (offset) => chunksOf(csv.subarray(offset)),
    };
  }
  const detector = createFormDetector(encoding);
  for await (const chunk of original()) {
    hash.update(chunk);
    detector.add(chunk);
  }
  const form = detector.decide();
  return {
    sha256: hash.digest('hex'),
    bytes: found.size,
    form,
    isSpreadsheet: false,
    original,
    read: (offset) => readFrom(path, Math.max(offset, form.bomBytes), form.isCrOnly),
  };
}

async function isZip(path: string): Promise<boolean> {
  const file = await open(path).catch((cause: unknown) => {
    throw new AppError('ROSTER_UNREADABLE.notFile', { file: path }, { cause });
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.readUInt32BE(0) === 0x504b0304;
  } finally {
    await file.close();
  }
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  if (bytes.length > 0) yield bytes;
}

async function* readFrom(path: string, offset: number, isCrOnly: boolean): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, {
    start: offset,
    highWaterMark: READ_BYTES,
  }) as AsyncIterable<Buffer>) {
    if (isCrOnly) for (let at = chunk.indexOf(0x0d); at >= 0; at = chunk.indexOf(0x0d, at + 1)) chunk[at] = 0x0a;
    yield chunk;
  }
}
