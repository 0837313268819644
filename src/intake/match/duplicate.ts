/**
 * Decides whether a row is a person already known. Two rows are one person on a stable customer key, or on the same name AND another
 * key; a differing date of birth or kana name forbids it, and a household stays several people. Rows are asked in their order in the
 * file, so the answer does not depend on how the file was cut into batches (promise 1).
 */

import type { PersonKind } from '../person.ts';
import type { MatchKeys } from './match-keys.ts';
import { createMatchTable, createNumberTable } from './match-table.ts';

export const mergeRules = ['customer_key', 'name_email', 'name_phone', 'name_address', 'name_birth_date'] as const;
export type MergeRule = (typeof mergeRules)[number];

/** Numbers of one row, read from its digests; 0 means the row has no such value. These are their places. */
export const MATCH_WIDTH = 16;
const KIND_GROUP = 0;
const BIRTH = 1;
const NAME = 2;
const CUSTOMER = 4;
const EMAIL = 6;
const PHONE = 8;
const ADDRESS = 10;
const KANA = 12;

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

type Digests = Omit<MatchKeys, 'site'>;

/** Four of a digest's bytes as a number. */
const word = (digest: string, at: number): number =>
  ((digest.charCodeAt(at) << 24) |
    (digest.charCodeAt(at + 1) << 16) |
    (digest.charCodeAt(at + 2) << 8) |
    digest.charCodeAt(at + 3)) >>>
  0;

const valueAt = (numbers: Uint32Array, place: number): number => numbers[place] ?? 0;

function put(into: Uint32Array, at: number, digest: string | null): void {
  if (digest === null) return;
  into[at] = word(digest, 0);
  // Never zero: that would read as "no value".
  into[at + 1] = word(digest, 4) | 1;
}

/** Writes a row's numbers at `offset` (a multiple of MATCH_WIDTH). */
export function writeMatchNumbers(into: Uint32Array, offset: number, keys: Digests, kind: PersonKind): void {
  put(into, offset + NAME, keys.name);
  put(into, offset + CUSTOMER, keys.customer);
  put(into, offset + EMAIL, keys.email);
  put(into, offset + PHONE, keys.phone);
  put(into, offset + ADDRESS, keys.address);
  put(into, offset + KANA, keys.kana);
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
  const entries = createMatchTable();
  const people = createNumberTable(5);

  const isForbidden = (person: number, numbers: Uint32Array, offset: number): boolean => {
    const differs = (column: number, place: number) => {
      const known = people.get(person, column);
      const given = valueAt(numbers, offset + place);
      return known !== 0 && given !== 0 && known !== given;
    };
    return differs(0, BIRTH) || differs(1, KANA + 1) || people.get(person, 4) !== valueAt(numbers, offset + KIND_GROUP);
  };

  const isSameByKey = (person: number, numbers: Uint32Array, offset: number): boolean => {
    if (hasStableKey) return true;
    const same = (column: number, place: number) => {
      const given = valueAt(numbers, offset + place);
      return given !== 0 && people.get(person, column) === given;
    };
    return (same(2, NAME) && same(3, NAME + 1)) || same(0, BIRTH) || same(1, KANA + 1);
  };

  /** Keys of a rule: the customer key stands alone, every other key is bound to the name. */
  const keyOf = (numbers: Uint32Array, offset: number, rule: number): boolean => {
    const [, place, width] = ruleKeys[rule] as (typeof ruleKeys)[number];
    const high = valueAt(numbers, offset + place);
    const low = width === 2 ? valueAt(numbers, offset + place + 1) : high;
    if (low === 0) return false;
    if (rule === 0) entries.aim(high, low);
    else entries.aim((high ^ valueAt(numbers, offset + NAME)) >>> 0, (low ^ valueAt(numbers, offset + NAME + 1)) >>> 0);
    return true;
  };

  const addKeys = (person: number, numbers: Uint32Array, offset: number): void => {
    if (people.get(person, 0) === 0) people.set(person, 0, valueAt(numbers, offset + BIRTH));
    if (people.get(person, 1) === 0) people.set(person, 1, valueAt(numbers, offset + KANA + 1));
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
      people.set(person, 2, valueAt(numbers, offset + NAME));
      people.set(person, 3, valueAt(numbers, offset + NAME + 1));
      people.set(person, 4, valueAt(numbers, offset + KIND_GROUP));
      addKeys(person, numbers, offset);
      return person;
    },
    addKeys,
  };
}
