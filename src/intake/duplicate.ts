/**
 * Decides whether a row is a person already known. Two rows are one person on a stable customer key, or on the same name AND another
 * key; a differing date of birth or kana name forbids it, and a household stays several people. Rows are asked in their order in the
 * file, so the answer does not depend on how the file was cut into batches (promise 1).
 */
import type { PersonKind } from './person.ts';

export const mergeRules = ['customer_key', 'name_email', 'name_phone', 'name_address', 'name_birth_date'] as const;
export type MergeRule = (typeof mergeRules)[number];

/** Numbers of one row, read from its digests; 0 means the row has no such value. */
export type MatchNumbers = Uint32Array;

/** Places in MatchNumbers. */
export const MATCH_WIDTH = 16;
const NAME = 0;
const CUSTOMER = 2;
const EMAIL = 4;
const PHONE = 6;
const ADDRESS = 8;
const KANA = 10;
const BIRTH = 12;
const KIND_GROUP = 13;

const ruleKeys: readonly (readonly [MergeRule, number, number])[] = [
  ['customer_key', CUSTOMER, 2],
  ['name_email', EMAIL, 2],
  ['name_phone', PHONE, 2],
  ['name_address', ADDRESS, 2],
  ['name_birth_date', BIRTH, 1],
];

/** Someone who is both customer and employee is told twice, in two different texts; customers of all kinds are one group. */
function kindGroup(kind: PersonKind): number {
  return kind === 'employee' ? 2 : kind === 'corporate_contact' ? 3 : 1;
}

type Digests = {
  readonly name: Uint8Array;
  readonly customer: Uint8Array | null;
  readonly email: Uint8Array | null;
  readonly phone: Uint8Array | null;
  readonly address: Uint8Array | null;
  readonly kana: Uint8Array | null;
  readonly birth: Uint8Array | null;
};

const word = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;

/** Writes a row's numbers at `offset` (a multiple of MATCH_WIDTH). */
export function writeMatchNumbers(into: Uint32Array, offset: number, keys: Digests, kind: PersonKind): void {
  const put = (place: number, digest: Uint8Array | null): void => {
    if (digest === null) return;
    into[offset + place] = word(digest, 0);
    // Never both zero: that would read as "no value".
    into[offset + place + 1] = word(digest, 4) | 1;
  };
  put(NAME, keys.name);
  put(CUSTOMER, keys.customer);
  put(EMAIL, keys.email);
  put(PHONE, keys.phone);
  put(ADDRESS, keys.address);
  put(KANA, keys.kana);
  if (keys.birth !== null) into[offset + BIRTH] = word(keys.birth, 0) | 1;
  into[offset + KIND_GROUP] = kindGroup(kind);
}

export type DuplicateIndex = {
  /** The person that the row is, or null. */
  find(numbers: Uint32Array, offset: number): { person: number; rule: MergeRule } | null;
  /** Makes the row a person of its own; returns the person's number. */
  addPerson(numbers: Uint32Array, offset: number): number;
  /** Lets a merged row's keys find the person too. */
  addKeys(person: number, numbers: Uint32Array, offset: number): void;
};

/** With `hasStableKey` a customer key alone is enough; without, the name must agree, or the kana name or date of birth. */
export function createDuplicateIndex(hasStableKey: boolean): DuplicateIndex {
  const entries = createEntries();
  const people = createColumns(5);

  const isForbidden = (person: number, numbers: Uint32Array, offset: number): boolean => {
    const differs = (column: number, place: number) => {
      const known = people.get(column, person);
      const given = numbers[offset + place] ?? 0;
      return known !== 0 && given !== 0 && known !== given;
    };
    return differs(0, BIRTH) || differs(1, KANA + 1) || people.get(4, person) !== numbers[offset + KIND_GROUP];
  };

  const isSameByKey = (person: number, numbers: Uint32Array, offset: number): boolean => {
    if (hasStableKey) return true;
    const same = (column: number, place: number) => {
      const given = numbers[offset + place] ?? 0;
      return given !== 0 && people.get(column, person) === given;
    };
    return (same(2, NAME) && same(3, NAME + 1)) || same(0, BIRTH) || same(1, KANA + 1);
  };

  /** Keys of a rule: the customer key stands alone, every other key is bound to the name. */
  const keyOf = (numbers: Uint32Array, offset: number, rule: number): boolean => {
    const [, place, width] = ruleKeys[rule] as (typeof ruleKeys)[number];
    const high = numbers[offset + place] ?? 0;
    const low = width === 2 ? (numbers[offset + place + 1] ?? 0) : high;
    if (high === 0 && low === 0) return false;
    if (rule === 0) entries.aim(high, low);
    else
      entries.aim(
        mix(high ^ (numbers[offset + NAME] ?? 0), rule),
        mix(low ^ (numbers[offset + NAME + 1] ?? 0), rule + 16),
      );
    return true;
  };

  const addKeys = (person: number, numbers: Uint32Array, offset: number): void => {
    if (people.get(0, person) === 0) people.set(0, person, numbers[offset + BIRTH] ?? 0);
    if (people.get(1, person) === 0) people.set(1, person, numbers[offset + KANA + 1] ?? 0);
    for (let rule = 0; rule < ruleKeys.length; rule += 1) {
      if (keyOf(numbers, offset, rule)) entries.add(person);
    }
  };

  return {
    find(numbers, offset) {
      for (let rule = 0; rule < ruleKeys.length; rule += 1) {
        if (!keyOf(numbers, offset, rule)) continue;
        for (let entry = entries.first(); entry >= 0; entry = entries.next(entry)) {
          const person = entries.person(entry);
          if (isForbidden(person, numbers, offset)) continue;
          if (rule === 0 && !isSameByKey(person, numbers, offset)) continue;
          return { person, rule: (ruleKeys[rule] as (typeof ruleKeys)[number])[0] };
        }
      }
      return null;
    },
    addPerson(numbers, offset) {
      const person = people.push();
      people.set(2, person, numbers[offset + NAME] ?? 0);
      people.set(3, person, numbers[offset + NAME + 1] ?? 0);
      people.set(4, person, numbers[offset + KIND_GROUP] ?? 0);
      addKeys(person, numbers, offset);
      return person;
    },
    addKeys,
  };
}

/** Spreads a number over 32 bits (the finaliser of MurmurHash3); the inputs are keyed digests already. */
function mix(value: number, seed: number): number {
  let hash = (value + Math.imul(seed, 0x9e3779b1)) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Growing columns of 32-bit numbers: a million people in 20 MB. */
function createColumns(count: number) {
  let columns = Array.from({ length: count }, () => new Uint32Array(1024));
  let length = 0;
  return {
    push(): number {
      if (length === (columns[0]?.length ?? 0)) {
        columns = columns.map((old) => {
          // By half and not by doubling: at a million rows the difference is 50 MB.
          const larger = new Uint32Array(Math.ceil(old.length * 1.5));
          larger.set(old);
          return larger;
        });
      }
      length += 1;
      return length - 1;
    },
    get: (column: number, index: number): number => columns[column]?.[index] ?? 0,
    set(column: number, index: number, value: number): void {
      const array = columns[column];
      if (array !== undefined) array[index] = value;
    },
  };
}

/** A hash table from 64-bit keys to people, several people per key, oldest first, in typed arrays. */
function createEntries() {
  const columns = createColumns(4);
  const HIGH = 0;
  const LOW = 1;
  const PERSON = 2;
  const NEXT = 3;
  let buckets = new Uint32Array(4096);
  let count = 0;
  let high = 0;
  let low = 0;
  const bucketOf = (h: number, l: number) => (h ^ Math.imul(l, 0x9e3779b1)) & (buckets.length - 1);
  /** Links are entry + 1, so that 0 ends a chain. */
  const seek = (link: number): number => {
    let at = link;
    while (at !== 0 && !(columns.get(LOW, at - 1) === low && columns.get(HIGH, at - 1) === high))
      at = columns.get(NEXT, at - 1);
    return at - 1;
  };
  const grow = (): void => {
    buckets = new Uint32Array(buckets.length * 2);
    // From the newest to the oldest, so that chains stay oldest first.
    for (let entry = count - 1; entry >= 0; entry -= 1) {
      const bucket = bucketOf(columns.get(HIGH, entry), columns.get(LOW, entry));
      columns.set(NEXT, entry, buckets[bucket] ?? 0);
      buckets[bucket] = entry + 1;
    }
  };
  const table = {
    aim(h: number, l: number): void {
      high = h;
      low = l;
    },
    first: (): number => seek(buckets[bucketOf(high, low)] ?? 0),
    next: (entry: number): number => seek(columns.get(NEXT, entry)),
    person: (entry: number): number => columns.get(PERSON, entry),
    add(person: number): void {
      for (let entry = table.first(); entry >= 0; entry = table.next(entry)) if (table.person(entry) === person) return;
      if (count >= buckets.length) grow();
      const entry = columns.push();
      count += 1;
      columns.set(HIGH, entry, high);
      columns.set(LOW, entry, low);
      columns.set(PERSON, entry, person);
      columns.set(NEXT, entry, 0);
      const bucket = bucketOf(high, low);
      let last = buckets[bucket] ?? 0;
      if (last === 0) {
        buckets[bucket] = entry + 1;
        return;
      }
      while (columns.get(NEXT, last - 1) !== 0) last = columns.get(NEXT, last - 1);
      columns.set(NEXT, last - 1, entry + 1);
    },
  };
  return table;
}
