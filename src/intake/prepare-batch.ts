/**
 * Turns a batch of raw rows into what is stored: decoded, checked, hashed, sealed, and already in the database's binary form. Runs in
 * worker threads; touches neither database nor files.
 */
import { newRef } from '../kernel/ids.ts';
import { createTupleWriter } from '../platform/copy-binary.ts';
import { createDecoder, decodeLoosely } from '../platform/cp932.ts';
import { seal } from '../platform/crypt.ts';
import type { TextEncoding } from '../platform/csv-detect.ts';
import { type Delimiter, splitFields } from '../platform/csv-scan.ts';
import { MATCH_WIDTH, writeMatchNumbers } from './duplicate.ts';
import { createKeyMaker, type MatchKeys } from './match-keys.ts';
import type { PersonDraft } from './person.ts';
import type { ColumnReading } from './roster/column-mapping.ts';
import { itemForm, type ReadingContext, type RejectReason, readPerson } from './roster/read-person.ts';
import { sealPerson } from './seal-person.ts';

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

/** Columns of intake.record in the order in which tuples are written; the first two are replaced when a row is merged. */
export const recordColumns = [
  'person_ref',
  'merge_rule',
  'ref',
  'campaign_id',
  'import_number',
  'row_number',
  'kind',
  'flags',
  'warnings',
  'leaked_items',
  'address_sealed',
  'proof_sealed',
  'leaf',
  'has_email',
  'has_address',
  'site_blind',
  'customer_blind',
  'email_blind',
  'phone_blind',
  'kana_blind',
  'name_blind',
  'address_blind',
  'birth_blind',
] as const;

/** Bytes of a tuple before its third field: field count, person_ref, an absent merge_rule. */
export const TUPLE_HEAD_BYTES = 2 + 4 + 16 + 4;
/** A sealed person is about 700 bytes; the writer grows when a batch is larger. */
const TUPLE_BYTES_GUESS = 800;

const faultReasons: readonly (RejectReason | null)[] = [null, 'quote', 'too_long'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

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
  return { reading: settings.reading, defaultItems: settings.defaultItems, itemCodes, today: settings.today };
}

export function prepareBatch(input: BatchInput): PreparedBatch {
  const { settings, starts, firstRow } = input;
  const bytes = Buffer.from(input.bytes.buffer, input.bytes.byteOffset, input.bytes.byteLength);
  const context = readingContext(settings);
  const decode = createDecoder(settings.encoding);
  const makeKeys = keyMakerFor(settings.keys.blind);
  const campaign = uuidBytes(settings.campaignId);
  const writer = createTupleWriter(starts.length * TUPLE_BYTES_GUESS);
  const ends: number[] = [];
  const refs = Buffer.allocUnsafeSlow(starts.length * 16);
  const numbers = new Uint32Array(starts.length * MATCH_WIDTH);
  const corrections: [number, string][] = [];
  const rejected: RejectedRow[] = [];
  const warnings: Record<string, number> = {};
  const rowIdColumn = settings.reading.columns.rowId;
  for (let index = 0; index < starts.length; index += 1) {
    const raw = bytes.subarray(starts[index], input.ends[index]);
    const text = decode(raw);
    const fault = text === null ? 'undecodable' : (faultReasons[input.faults[index] ?? 0] ?? null);
    const fields = splitFields(text ?? decodeLoosely(raw, settings.encoding), settings.delimiter);
    const outcome = fault === null ? readPerson(fields, context) : { kind: 'rejected' as const, reason: fault };
    const rowId = rowIdColumn === undefined ? '' : (fields[rowIdColumn] ?? '').trim();
    const settles = UUID.test(rowId) ? rowId : null;
    const rowNumber = firstRow + index;
    if (outcome.kind === 'rejected') {
      const line = input.lines[index] ?? 0;
      rejected.push({ ...sealRow(settings, fields, fault !== null), rowNumber, line, reason: outcome.reason, settles });
      continue;
    }
    const { draft } = outcome;
    const ref = newRef();
    const keys = makeKeys(draft);
    const refBytes = uuidBytes(ref);
    refs.set(refBytes, ends.length * 16);
    writeMatchNumbers(numbers, ends.length * MATCH_WIDTH, keys, draft.kind);
    if (settles !== null) corrections.push([ends.length, settles]);
    for (const warning of draft.warnings) warnings[warning] = (warnings[warning] ?? 0) + 1;
    const sealed = sealPerson(settings.keys, settings.campaignId, ref, draft);
    writer.begin(recordColumns.length);
    writer.bytes(refBytes);
    writer.text(null);
    writer.bytes(refBytes);
    writer.bytes(campaign);
    writer.int32(settings.importNumber);
    writer.int32(rowNumber);
    writer.text(draft.kind);
    writer.textArray(draft.flags);
    writer.textArray(draft.warnings);
    writer.textArray(draft.leakedItems);
    writer.bytes(sealed.addressSealed);
    writer.bytes(sealed.proofSealed);
    writer.bytes(sealed.leaf);
    writer.bool(draft.email !== undefined);
    writer.bool(draft.address.length > 0);
    for (const key of [
      keys.site,
      keys.customer,
      keys.email,
      keys.phone,
      keys.kana,
      keys.name,
      keys.address,
      keys.birth,
    ])
      writer.bytes(key);
    ends.push(writer.position());
  }
  return {
    rowCount: starts.length,
    tuples: writer.finish(),
    tupleEnds: Int32Array.from(ends),
    refs,
    numbers,
    corrections,
    rejected,
    warnings,
  };
}

/** The row as far as it could be read, for the report; a damaged row keeps what was seen of it. */
function sealRow(settings: BatchSettings, fields: readonly string[], isDamaged: boolean) {
  const id = newRef();
  const cells = JSON.stringify(isDamaged ? fields.slice(0, settings.reading.columnCount) : fields);
  return { id, rowSealed: seal(settings.keys.address, rowAad(settings.campaignId, id), cells) };
}
