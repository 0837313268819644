/**
 * Turns a batch of raw rows into what is stored: decoded, checked, hashed, sealed, and already in the database's binary form. Runs in
 * worker threads; touches neither database nor files.
 */
import { newRef } from '../kernel/ids.ts';
import { seal } from '../platform/crypto/crypt.ts';
import { createDecoder, decodeLoosely } from '../platform/formats/cp932.ts';
import type { TextEncoding } from '../platform/formats/csv-detect.ts';
import { type Delimiter, splitFields } from '../platform/formats/csv-scan.ts';
import { createTupleWriter } from '../platform/postgres/copy-binary.ts';
import { MATCH_WIDTH, writeMatchNumbers } from './match/duplicate.ts';
import { createKeyMaker, type MatchKeys } from './match/match-keys.ts';
import type { PersonDraft } from './person.ts';
import type { ColumnReading } from './roster/column-mapping.ts';
import { itemForm, type ReadingContext, type RejectReason, readPerson } from './roster/read-person.ts';
import { createRecordWriter } from './write-record.ts';

export type BatchSettings = {
  readonly campaignId: string;
  readonly importNumber: number;
  readonly encoding: TextEncoding;
  readonly delimiter: Delimiter;
  readonly reading: ColumnReading;
  readonly defaultItems: readonly string[];
  /** [code, labels…] of the incident. */
  readonly items: readonly (readonly string[])[];
  readonly today: string;
  readonly keys: { readonly address: Uint8Array; readonly proof: Uint8Array; readonly blind: Uint8Array };
};

export type BatchInput = {
  readonly settings: BatchSettings;
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly lines: Int32Array;
  readonly faults: Uint8Array;
  /** Number of the first row, counted from 1 over the whole file without its header. */
  readonly firstRow: number;
};

export type RejectedRow = {
  readonly id: string;
  readonly rowNumber: number;
  readonly line: number;
  readonly reason: RejectReason;
  readonly rowSealed: Uint8Array;
  readonly settles: string | null;
};

export type PreparedBatch = {
  readonly rowCount: number;
  /** Accepted rows in order: tuples of intake.record one after the other, as if each were a person of its own. */
  readonly tuples: Uint8Array;
  readonly tupleEnds: Int32Array;
  readonly refs: Uint8Array;
  readonly numbers: Uint32Array;
  /** Of accepted rows from a report file: [index, id of the rejected row that it corrects]. */
  readonly corrections: readonly (readonly [number, string])[];
  readonly rejected: readonly RejectedRow[];
  readonly warnings: Readonly<Record<string, number>>;
};

/** A row's tuple is about 900 bytes; the writer grows when a batch is larger. */
const TUPLE_BYTES_GUESS = 1_000;
const REF_BYTES = 16;

const faultReasons: readonly (RejectReason | null)[] = [null, 'quote', 'too_long'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where a rejected row's cells are sealed: its own id and column. */
export const rowAad = (campaignId: string, id: string): string => `${campaignId}|${id}|row_sealed`;

let keyMaker: { blind: string; make: (draft: PersonDraft) => MatchKeys } | null = null;

/** Caches of repeated values survive from batch to batch of one campaign. */
function keyMakerFor(blind: Uint8Array): (draft: PersonDraft) => MatchKeys {
  const name = Buffer.from(blind).toString('base64');
  if (keyMaker?.blind !== name) keyMaker = { blind: name, make: createKeyMaker(blind) };
  return keyMaker.make;
}

export function readingContext(settings: BatchSettings): ReadingContext {
  const itemCodes = new Map<string, string>();
  for (const [code = '', ...labels] of settings.items) {
    for (const word of [code, ...labels]) itemCodes.set(itemForm(word), code);
  }
  for (const [word, code] of Object.entries(settings.reading.itemWords)) itemCodes.set(itemForm(word), code);
  return {
    reading: settings.reading,
    defaultItems: settings.defaultItems,
    itemCodes,
    itemLists: new Map(),
    today: settings.today,
  };
}

export function prepareBatch(input: BatchInput): PreparedBatch {
  const { settings, starts, firstRow } = input;
  const count = starts.length;
  const read = createRowReader(input);
  const makeKeys = keyMakerFor(settings.keys.blind);
  const writer = createTupleWriter(count * TUPLE_BYTES_GUESS);
  const writeRecord = createRecordWriter(writer, settings);
  const tupleEnds = new Int32Array(count);
  const refs = Buffer.allocUnsafeSlow(count * REF_BYTES);
  const numbers = new Uint32Array(count * MATCH_WIDTH);
  const corrections: [number, string][] = [];
  const rejected: RejectedRow[] = [];
  const warnings: Record<string, number> = {};
  let accepted = 0;
  for (let index = 0; index < count; index += 1) {
    const rowNumber = firstRow + index;
    const { fields, outcome, isDamaged, settles } = read(index);
    if (outcome.kind === 'rejected') {
      const line = input.lines[index] ?? 0;
      rejected.push({ ...sealRow(settings, fields, isDamaged), rowNumber, line, reason: outcome.reason, settles });
      continue;
    }
    const { draft } = outcome;
    const ref = newRef();
    const keys = makeKeys(draft);
    refs.write(ref.replaceAll('-', ''), accepted * REF_BYTES, 'hex');
    writeMatchNumbers(numbers, accepted * MATCH_WIDTH, keys, draft.kind);
    if (settles !== null) corrections.push([accepted, settles]);
    for (const warning of draft.warnings) warnings[warning] = (warnings[warning] ?? 0) + 1;
    const refBytes = refs.subarray(accepted * REF_BYTES, (accepted + 1) * REF_BYTES);
    writeRecord({ ref, refBytes, rowNumber, draft, keys });
    tupleEnds[accepted] = writer.position();
    accepted += 1;
  }
  return {
    rowCount: count,
    tuples: writer.finish(),
    tupleEnds: tupleEnds.subarray(0, accepted),
    refs,
    numbers,
    corrections,
    rejected,
    warnings,
  };
}

/** Decodes and reads the row at an index. */
function createRowReader({ settings, bytes: given, starts, ends, faults }: BatchInput) {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const context = readingContext(settings);
  const decode = createDecoder(settings.encoding);
  const rowIdColumn = settings.reading.columns.rowId;
  return (index: number) => {
    const raw = bytes.subarray(starts[index], ends[index]);
    const text = decode(raw);
    const fault = text === null ? 'undecodable' : (faultReasons[faults[index] ?? 0] ?? null);
    const fields = splitFields(text ?? decodeLoosely(raw, settings.encoding), settings.delimiter);
    const outcome = fault === null ? readPerson(fields, context) : { kind: 'rejected' as const, reason: fault };
    const rowId = rowIdColumn === undefined ? '' : (fields[rowIdColumn] ?? '').trim();
    return { fields, outcome, isDamaged: fault !== null, settles: UUID.test(rowId) ? rowId : null };
  };
}

/** The row as far as it could be read, for the report; a damaged row keeps what was seen of it. */
function sealRow(settings: BatchSettings, fields: readonly string[], isDamaged: boolean) {
  const id = newRef();
  const cells = JSON.stringify(isDamaged ? fields.slice(0, settings.reading.columnCount) : fields);
  return { id, rowSealed: seal(settings.keys.address, rowAad(settings.campaignId, id), cells) };
}
