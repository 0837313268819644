/**
 * COPY in PostgreSQL's binary format: sealed columns cross the wire as they are, not as hexadecimal text of twice the length, and tuples
 * can be built in worker threads. Format: PostgreSQL manual, COPY, "Binary Format".
 */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Client } from './db.ts';

const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);
const TEXT_OID = 25;

/** COPY … FROM STDIN (FORMAT binary). `parts` are whole tuples in any cut. Returns the number of rows. */
export async function copyBinaryInto(client: Client, target: string, parts: readonly Buffer[]): Promise<number> {
  const stream = client.query(copyFrom(`copy ${target} from stdin (format binary)`));
  await pipeline(Readable.from([HEADER, ...parts, TRAILER], { objectMode: false }), stream);
  return stream.rowCount;
}

/** Runs a query as COPY … TO STDOUT (FORMAT binary) and hands each tuple's fields (null for NULL) to `onTuple`. */
export async function readBinaryCopy(
  client: Client,
  query: string,
  onTuple: (fields: readonly (Buffer | null)[]) => void,
): Promise<void> {
  const stream = client.query(copyTo(`copy (${query}) to stdout (format binary)`));
  let pending: Buffer = Buffer.alloc(0);
  let isHeaderRead = false;
  stream.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    let position = 0;
    if (!isHeaderRead) {
      if (pending.length < HEADER.length) return;
      position = HEADER.length;
      isHeaderRead = true;
    }
    for (;;) {
      const next = readTuple(pending, position, onTuple);
      if (next < 0) break;
      position = next;
    }
    pending = pending.subarray(position);
  });
  await once(stream, 'end');
}

/** The position after the tuple, or −1 when it is not whole yet or was the trailer. */
function readTuple(bytes: Buffer, start: number, onTuple: (fields: (Buffer | null)[]) => void): number {
  if (bytes.length - start < 2) return -1;
  const count = bytes.readInt16BE(start);
  if (count < 0) return -1;
  const fields: (Buffer | null)[] = [];
  let position = start + 2;
  for (let index = 0; index < count; index += 1) {
    if (bytes.length - position < 4) return -1;
    const length = bytes.readInt32BE(position);
    position += 4;
    if (length < 0) {
      fields.push(null);
      continue;
    }
    if (bytes.length - position < length) return -1;
    fields.push(bytes.subarray(position, position + length));
    position += length;
  }
  onTuple(fields);
  return position;
}

/** Writes tuples into one growing buffer. */
export type TupleWriter = {
  /** Begins a tuple of so many fields. */
  begin(fieldCount: number): void;
  bytes(value: Uint8Array | null): void;
  text(value: string | null): void;
  int32(value: number): void;
  bool(value: boolean): void;
  /** The first `width` bytes of a digest given as characters (latin1). */
  digest(value: string | null, width: number): void;
  /** A field of at most `bytesMax` bytes: `write` puts it into the buffer at a place and returns its length. */
  filled(bytesMax: number, write: (into: Buffer, at: number) => number): void;
  /** A field that was encoded before, with its length. */
  encoded(field: Uint8Array): void;
  /** Bytes written so far. */
  position(): number;
  /** Everything written, without a copy. */
  finish(): Buffer;
};

export function createTupleWriter(capacity: number): TupleWriter {
  let buffer = Buffer.allocUnsafeSlow(capacity);
  let at = 0;
  const reserve = (count: number): void => {
    if (at + count <= buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(Math.ceil(buffer.length * 1.25), at + count));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  };
  const int32 = (value: number): void => {
    at = buffer.writeInt32BE(value, at);
  };
  const text = (value: string): void => {
    reserve(4 + value.length * 3);
    const length = buffer.write(value, at + 4, 'utf8');
    int32(length);
    at += length;
  };
  return {
    begin(fieldCount) {
      reserve(2);
      at = buffer.writeInt16BE(fieldCount, at);
    },
    bytes(value) {
      reserve(4 + (value?.length ?? 0));
      int32(value === null ? -1 : value.length);
      if (value !== null) {
        buffer.set(value, at);
        at += value.length;
      }
    },
    text(value) {
      if (value !== null) return text(value);
      reserve(4);
      int32(-1);
    },
    int32(value) {
      reserve(8);
      int32(4);
      int32(value);
    },
    bool(value) {
      reserve(5);
      int32(1);
      buffer[at] = value ? 1 : 0;
      at += 1;
    },
    digest(value, width) {
      reserve(4 + width);
      if (value === null) return int32(-1);
      int32(width);
      buffer.write(value, at, width, 'latin1');
      at += width;
    },
    filled(bytesMax, write) {
      reserve(4 + bytesMax);
      const length = write(buffer, at + 4);
      int32(length);
      at += length;
    },
    encoded(field) {
      reserve(field.length);
      buffer.set(field, at);
      at += field.length;
    },
    position: () => at,
    finish: () => buffer.subarray(0, at),
  };
}

/** A text[] as a field of a tuple, with its length: dimensions, flags, element type, then number and lower bound of the elements. */
export function encodeTextArray(values: readonly string[]): Buffer {
  const writer = createTupleWriter(64);
  for (const value of values) writer.text(value);
  const elements = writer.finish();
  const header = [values.length === 0 ? 0 : 1, 0, TEXT_OID, ...(values.length === 0 ? [] : [values.length, 1])];
  const field = Buffer.alloc(4 + header.length * 4 + elements.length);
  field.writeInt32BE(field.length - 4, 0);
  header.forEach((word, index) => {
    field.writeInt32BE(word, 4 + index * 4);
  });
  elements.copy(field, 4 + header.length * 4);
  return field;
}
