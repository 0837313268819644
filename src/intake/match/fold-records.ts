/** Decides what a person is when several rows were merged into one: nothing that any row knew is lost, the first row's word comes first. */
import { type HandlingFlag, type IntakeWarning, type PersonKind, type PersonRecord, personKinds } from '../person.ts';

/** Kinds in the order in which one outweighs another: who is a customer and a delivery addressee is told as a customer. */
export function foldKind(kinds: readonly PersonKind[]): PersonKind {
  return personKinds.find((kind) => kinds.includes(kind)) ?? 'customer';
}

function unite<T extends string>(lists: readonly (readonly T[])[]): T[] {
  return [...new Set(lists.flat())].sort();
}

/** `records`: the person's own row first, then the merged rows in the order of their rows. Leaked items and flags are united. */
export function foldRecords(records: readonly [PersonRecord, ...PersonRecord[]]): PersonRecord {
  const [own] = records;
  if (records.length === 1) return own;
  const place = records.find((record) => record.address.length > 0) ?? own;
  const merged: Record<string, unknown> = {};
  for (const record of [...records].reverse()) Object.assign(merged, record);
  const { postcode: _postcode, country: _country, ...rest } = merged as PersonRecord;
  return {
    ...rest,
    ref: own.ref,
    kind: foldKind(records.map((record) => record.kind)),
    flags: unite<HandlingFlag>(records.map((record) => record.flags)),
    warnings: unite<IntakeWarning>(records.map((record) => record.warnings)),
    leakedItems: unite(records.map((record) => record.leakedItems)),
    address: place.address,
    ...(place.postcode === undefined ? {} : { postcode: place.postcode }),
    ...(place.country === undefined ? {} : { country: place.country }),
  };
}
