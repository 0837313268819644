/** Writes one accepted row as a tuple of intake.record in the database's binary form, as if it were a person of its own. */
import { encodeTextArray, type TupleWriter } from '../platform/postgres/copy-binary.ts';
import { type MatchKeys, matchKeyBytes } from './match/match-keys.ts';
import type { PersonDraft } from './person.ts';
import { createPersonSealer, type PersonKeys } from './seal-person.ts';

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
/** The digests, in the order of their columns. */
const digestColumns = Object.keys(matchKeyBytes) as (keyof typeof matchKeyBytes)[];
/** Lists of flags, warnings and items repeat from row to row; more kinds of lists than this do not occur. */
const LISTS_MAX = 1_000;

export type RecordRowInput = {
  readonly ref: string;
  readonly refBytes: Uint8Array;
  readonly rowNumber: number;
  readonly draft: PersonDraft;
  readonly keys: MatchKeys;
};

/** A writer of tuples for the rows of one import. */
export function createRecordWriter(
  writer: TupleWriter,
  given: { campaignId: string; importNumber: number; keys: PersonKeys },
): (row: RecordRowInput) => void {
  const campaign = Buffer.from(given.campaignId.replaceAll('-', ''), 'hex');
  const seal = createPersonSealer(given.keys, given.campaignId);
  const lists = new Map<string, Buffer>();
  const encodeList = (values: readonly string[]): Buffer => {
    const name = values.join('\0');
    let field = lists.get(name);
    if (field === undefined) {
      if (lists.size >= LISTS_MAX) lists.clear();
      field = encodeTextArray(values);
      lists.set(name, field);
    }
    return field;
  };
  return ({ ref, refBytes, rowNumber, draft, keys }) => {
    writer.begin(recordColumns.length);
    writer.bytes(refBytes);
    writer.text(null);
    writer.bytes(refBytes);
    writer.bytes(campaign);
    writer.int32(given.importNumber);
    writer.int32(rowNumber);
    writer.text(draft.kind);
    writer.encoded(encodeList(draft.flags));
    writer.encoded(encodeList(draft.warnings));
    writer.encoded(encodeList(draft.leakedItems));
    seal(writer, ref, draft);
    writer.bool(draft.email !== undefined);
    writer.bool(draft.address.length > 0);
    for (const column of digestColumns) writer.digest(keys[column], matchKeyBytes[column]);
  };
}
