/**
 * Finds the rows of a CSV file in its bytes: quoted line ends, broken quotes, endless lines. Streams, and keeps the damage of a fault to
 * its own line, so that one stray quote never swallows the people behind it (promise 1).
 */
export type Delimiter = ',' | ';' | '\t';

/** `quote`: a quote that never closes or is followed by text; `too_long`: over the limits below. */
export type RecordFault = 'quote' | 'too_long' | 'undecodable';

/** Longest row: no real one comes near, and an unclosed quote swallows at most this much before it is noticed. */
export const RECORD_BYTES_MAX = 256 * 1024;
/** Most line ends inside one row (quoted addresses and remarks), for the same reason. */
export const RECORD_LINES_MAX = 100;

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/** Rows as byte ranges of one buffer, ready to be handed to a thread. */
export type RecordBatch = {
  readonly bytes: Buffer;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1-based line in the file where each row begins. */
  readonly lines: Int32Array;
  /** 0 none, 1 quote, 2 too_long. */
  readonly faults: Uint8Array;
  readonly count: number;
  /** Where the next batch begins: byte offset from the start of the source, and line. */
  readonly nextOffset: number;
  readonly nextLine: number;
};

export type ScanOptions = {
  readonly delimiter: Delimiter;
  readonly rowsPerBatch: number;
  /** Byte offset and line of the first byte of the source, when reading goes on where it stopped. */
  readonly offset?: number;
  readonly line?: number;
  /** Counts rows and not lines (a spreadsheet's row numbers). */
  readonly countRows?: boolean;
};

type Found = { end: number; next: number; lines: number; fault: 0 | 1 | 2 };

/** Finds the end of the row at `start`, or null when more bytes are needed. Delimiters, quotes and line ends are never trail bytes of CP932. */
function findRecordEnd(bytes: Buffer, start: number, delimiter: number, isLast: boolean): Found | null {
  const firstLineEnd = bytes.indexOf(LF, start);
  const lineEnd = firstLineEnd < 0 ? bytes.length : firstLineEnd;
  const firstQuote = bytes.subarray(start, lineEnd).indexOf(QUOTE);
  if (firstLineEnd < 0 && !isLast && bytes.length - start <= RECORD_BYTES_MAX) return null;
  const oneLine = (fault: 0 | 1 | 2): Found => ({
    end: lineEnd > start && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd,
    next: Math.min(lineEnd + 1, bytes.length),
    lines: 1,
    fault,
  });
  if (lineEnd - start > RECORD_BYTES_MAX) return oneLine(2);
  if (firstQuote < 0) return oneLine(0);
  let lines = 1;
  let position = start;
  for (;;) {
    if (bytes[position] === QUOTE) {
      position += 1;
      for (;;) {
        const quote = bytes.indexOf(QUOTE, position);
        const inside = quote < 0 ? bytes.length : quote;
        lines += countLineEnds(bytes, position, inside);
        if (inside - start > RECORD_BYTES_MAX || lines > RECORD_LINES_MAX) return oneLine(1);
        if (quote < 0) return isLast ? oneLine(1) : null;
        position = quote + 1;
        if (position >= bytes.length && !isLast) return null;
        if (bytes[position] !== QUOTE) break;
        position += 1;
      }
      if (bytes[position] === CR) position += 1;
      if (position >= bytes.length) return isLast ? { end: bytes.length, next: bytes.length, lines, fault: 0 } : null;
      const after = bytes[position];
      if (after === LF)
        return { end: bytes[position - 1] === CR ? position - 1 : position, next: position + 1, lines, fault: 0 };
      if (after !== delimiter) return oneLine(1);
      position += 1;
      continue;
    }
    while (position < bytes.length && bytes[position] !== delimiter && bytes[position] !== LF) position += 1;
    if (position >= bytes.length) return isLast ? { end: bytes.length, next: bytes.length, lines, fault: 0 } : null;
    if (bytes[position] === LF)
      return { end: bytes[position - 1] === CR ? position - 1 : position, next: position + 1, lines, fault: 0 };
    position += 1;
  }
}

function countLineEnds(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(LF, from); at >= 0 && at < to; at = bytes.indexOf(LF, at + 1)) count += 1;
  return count;
}

/** Nothing but white space (or the end-of-file mark of old DOS programs): not a row. */
function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x1a && byte !== CR) return false;
  }
  return true;
}

/**
 * Cuts a byte stream into batches of rows; blank lines are no rows. Memory stays at a batch plus one row. Rows are returned
 * undecoded so that decoding and everything after it can run in threads.
 */
export async function* scanRecords(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ScanOptions,
): AsyncGenerator<RecordBatch> {
  const delimiter = options.delimiter.charCodeAt(0);
  const { rowsPerBatch } = options;
  let pending: Buffer = Buffer.alloc(0);
  let offset = options.offset ?? 0;
  let line = options.line ?? 1;
  let batch = newBatch(rowsPerBatch);
  let isSkipping = false;

  /** Consumes what it can of `pending`; returns a full batch or null when more bytes are needed. */
  const consume = (isLast: boolean): RecordBatch | null => {
    let position = batch.scanned;
    while (position < pending.length) {
      if (isSkipping) {
        const lineEnd = pending.indexOf(LF, position);
        position = lineEnd < 0 ? pending.length : lineEnd + 1;
        isSkipping = lineEnd < 0;
        continue;
      }
      const found = findRecordEnd(pending, position, delimiter, isLast);
      if (found === null) break;
      isSkipping = found.fault === 2 && found.next === pending.length && pending[found.next - 1] !== LF;
      if (!isBlank(pending, position, found.end)) {
        batch.starts[batch.count] = position;
        // Of a row over the limit only the beginning is kept, enough to recognise it.
        batch.ends[batch.count] = found.fault === 2 ? Math.min(found.end, position + 4096) : found.end;
        batch.lines[batch.count] = line;
        batch.faults[batch.count] = found.fault;
        batch.count += 1;
      }
      line += options.countRows === true ? 1 : found.lines;
      position = found.next;
      if (batch.count === rowsPerBatch || isSkipping) break;
    }
    batch.scanned = position;
    const isFull = batch.count === rowsPerBatch || position > 4 * 1024 * 1024 || isSkipping;
    if (!(isFull || (isLast && position >= pending.length))) return null;
    if (batch.count === 0 && !isFull) return null;
    offset += position;
    const result: RecordBatch = {
      bytes: pending.subarray(0, position),
      starts: batch.starts.subarray(0, batch.count),
      ends: batch.ends.subarray(0, batch.count),
      lines: batch.lines.subarray(0, batch.count),
      faults: batch.faults.subarray(0, batch.count),
      count: batch.count,
      nextOffset: offset,
      nextLine: line,
    };
    pending = pending.subarray(position);
    batch = newBatch(rowsPerBatch);
    return result;
  };

  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
    for (let ready = consume(false); ready !== null; ready = consume(false)) yield ready;
  }
  for (let ready = consume(true); ready !== null; ready = consume(true)) if (ready.count > 0) yield ready;
}

function newBatch(rows: number) {
  return {
    starts: new Int32Array(rows),
    ends: new Int32Array(rows),
    lines: new Int32Array(rows),
    faults: new Uint8Array(rows),
    count: 0,
    scanned: 0,
  };
}

/** Splits one decoded row that `scanRecords` found sound. A quote inside an unquoted field is an ordinary character. */
export function splitFields(text: string, delimiter: Delimiter): string[] {
  if (!text.includes('"')) return text.split(delimiter);
  const fields: string[] = [];
  let position = 0;
  for (;;) {
    if (text[position] === '"') {
      let value = '';
      let from = position + 1;
      for (;;) {
        const quote = text.indexOf('"', from);
        if (quote < 0) {
          value += text.slice(from);
          position = text.length;
          break;
        }
        value += text.slice(from, quote);
        if (text[quote + 1] === '"') {
          value += '"';
          from = quote + 2;
          continue;
        }
        position = quote + 1;
        break;
      }
      fields.push(value);
    } else {
      const next = text.indexOf(delimiter, position);
      fields.push(next < 0 ? text.slice(position) : text.slice(position, next));
      position = next < 0 ? text.length : next;
    }
    if (position >= text.length) return fields;
    position += 1;
    if (position === text.length) return [...fields, ''];
  }
}
