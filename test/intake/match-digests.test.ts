// Digests decide who is one person, so every bit of them counts; and a table of a million rows answers as a short list would.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createDuplicateIndex,
  MATCH_WIDTH,
  type MergeRule,
  writeMatchNumbers,
} from '../../src/intake/match/duplicate.ts';
import type { MatchKeys } from '../../src/intake/match/match-keys.ts';
import { createMatchTable, createNumberTable } from '../../src/intake/match/match-table.ts';

type Keys = Omit<MatchKeys, 'site'>;
type Key = keyof Keys;

const none: Keys = { name: '', customer: null, email: null, phone: null, kana: null, address: null, birth: null };

/** Eight bytes, another text for every key and row. */
const digestOf = (text: string) =>
  String.fromCharCode(...[...text.padEnd(8, '~').slice(0, 8)].map((letter) => (letter.charCodeAt(0) * 37) & 255));

/** A row that says everything, and nothing that another row says. */
const fullRow = (row: string): Keys =>
  Object.fromEntries((Object.keys(none) as Key[]).map((key) => [key, digestOf(`${key.slice(0, 4)}-${row}`)])) as Keys;

/** How a row is found by an index that knows one person. */
function knowing(known: Keys): (given: Keys) => MergeRule | null {
  const index = createDuplicateIndex(false);
  const numbersOf = (keys: Keys) => {
    const numbers = new Uint32Array(MATCH_WIDTH);
    writeMatchNumbers(numbers, 0, keys, 'customer');
    return numbers;
  };
  index.addPerson(numbersOf(known), 0);
  return (given) => index.find(numbersOf(given), 0)?.rule ?? null;
}

/** The digest with one bit the other way round. */
const flip = (digest: string, bit: number) =>
  [...digest]
    .map((letter, at) => String.fromCharCode(letter.charCodeAt(0) ^ (at === bit >> 3 ? 128 >> (bit & 7) : 0)))
    .join('');

const rules: readonly [MergeRule, Key, number][] = [
  ['customer_key', 'customer', 63],
  ['name_email', 'email', 63],
  ['name_phone', 'phone', 63],
  ['name_address', 'address', 63],
  ['name_birth_date', 'birth', 31],
];
const fills = ['\x00'.repeat(8), '\xff'.repeat(8), digestOf('anything')];

const bitsUpTo = (count: number) => Array.from({ length: count }, (_, bit) => bit);

describe('digests of two rows', () => {
  it.each(rules)(
    'make one person (%s) where %s and name agree, and two where one of its %i bits differs',
    (rule, key, bits) => {
      for (const fill of fills) {
        const known = { ...fullRow('a'), [key]: fill };
        const { name } = known;
        const ruleOf = knowing(known);
        expect(ruleOf({ ...none, name, [key]: fill })).toBe(rule);
        expect(knowing({ ...none, name, [key]: fill })({ ...fullRow('b'), name, [key]: fill })).toBe(rule);
        const merged = bitsUpTo(bits).filter((bit) => ruleOf({ ...none, name, [key]: flip(fill, bit) }) !== null);
        expect(merged).toEqual([]);
      }
    },
  );

  it.each(rules)('make two people where one bit of the name differs (%s)', (_rule, key) => {
    for (const fill of fills) {
      const known = { ...fullRow('a'), name: fill };
      const ruleOf = knowing(known);
      const merged = bitsUpTo(63).filter(
        (bit) => ruleOf({ ...none, name: flip(fill, bit), [key]: known[key] }) !== null,
      );
      expect(merged).toEqual([]);
    }
  });

  it('make two people where name and e-mail agree but one bit of the date of birth differs', () => {
    const { name, email, ...known } = fullRow('a');
    const birth = known.birth ?? '';
    const ruleOf = knowing({ ...known, name, email });
    expect(ruleOf({ ...none, name, email, birth })).toBe('name_email');
    const merged = bitsUpTo(31).filter((bit) => ruleOf({ ...none, name, email, birth: flip(birth, bit) }) !== null);
    expect(merged).toEqual([]);
  });

  it('of the same kana name do not make one person of two that share a name and nothing else', () => {
    const { name, kana } = fullRow('a');
    expect(knowing({ ...none, name, kana })({ ...none, name, kana })).toBeNull();
  });
});

describe('a table of many rows', () => {
  it('gives back every number where it was put, beyond the rows that are kept in one piece', () => {
    const table = createNumberTable(3);
    const rows = 70_000;
    let wrong = 0;
    for (let row = 0; row < rows; row++) {
      if (table.push() !== row) wrong++;
      for (const column of [0, 1, 2]) table.set(row, column, row * 3 + column);
    }
    expect(table.length()).toBe(rows);
    for (let row = 0; row < rows; row++)
      for (const column of [0, 1, 2]) if (table.get(row, column) !== row * 3 + column) wrong++;
    expect(wrong).toBe(0);
  });

  it('has nothing at a place that nobody filled', () => {
    const table = createNumberTable(2);
    table.set(0, 1, 7);
    expect(table.get(0, 1)).toBe(0);
    table.push();
    expect([table.get(0, 0), table.get(0, 1)]).toEqual([0, 0]);
  });

  const listed = (table: ReturnType<typeof createMatchTable>, high: number, low: number) => {
    table.aim(high, low);
    const people: number[] = [];
    for (let entry = table.first(); entry >= 0; entry = table.next(entry)) people.push(table.person(entry));
    return people;
  };

  it('names everyone under a key once, the oldest first, whatever was put under other keys', () => {
    const few = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(few, few, few), { maxLength: 60 }), (added) => {
        const table = createMatchTable();
        const expected = new Map<string, number[]>();
        for (const [high, low, person] of added) {
          table.aim(high, low);
          table.add(person);
          const people = expected.get(`${high},${low}`) ?? [];
          expected.set(`${high},${low}`, people.includes(person) ? people : [...people, person]);
        }
        for (const high of [0, 1, 2, 3])
          for (const low of [0, 1, 2, 3])
            expect(listed(table, high, low)).toEqual(expected.get(`${high},${low}`) ?? []);
      }),
    );
  });

  it('keeps everyone, and their order, while it grows', () => {
    const table = createMatchTable();
    const keys = 9_000;
    const spread = (key: number) => Math.imul(key + 1, 0x9e3779b1) >>> 0;
    for (const person of [2, 1, 3])
      for (let key = 0; key < keys; key++) {
        table.aim(spread(key), key);
        table.add(person * keys + key);
      }
    const wrong = Array.from({ length: keys }, (_, key) => key).filter(
      (key) => listed(table, spread(key), key).join() !== [2, 1, 3].map((person) => person * keys + key).join(),
    );
    expect(wrong).toEqual([]);
    expect(listed(table, 5, 5)).toEqual([]);
  });
});
