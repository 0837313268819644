// Who is the same person: only on a stable key, or the name and another key; never against a date of birth or kana name.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDuplicateIndex, MATCH_WIDTH, writeMatchNumbers } from '../../src/intake/match/duplicate.ts';
import { createKeyMaker } from '../../src/intake/match/match-keys.ts';
import type { PersonDraft } from '../../src/intake/person.ts';
import { createBlindIndexer } from '../../src/platform/crypto/blind.ts';
import { BLIND_BYTES, blindIndex } from '../../src/platform/crypto/crypt.ts';

const makeKeys = createKeyMaker(randomBytes(32));

const draft = (given: Partial<PersonDraft>): PersonDraft => ({
  kind: 'customer',
  flags: [],
  warnings: [],
  name: '見本 太郎',
  address: [],
  leakedItems: [],
  ...given,
});

/** Person number and rule of each draft, in order. */
function place(drafts: readonly PersonDraft[], hasStableKey = false): [number, string | null][] {
  const index = createDuplicateIndex(hasStableKey);
  // All rows of a batch side by side, as they come from a worker.
  const numbers = new Uint32Array(drafts.length * MATCH_WIDTH);
  drafts.forEach((one, row) => {
    writeMatchNumbers(numbers, row * MATCH_WIDTH, makeKeys(one), one.kind);
  });
  return drafts.map((_, row) => {
    const offset = row * MATCH_WIDTH;
    const found = index.find(numbers, offset);
    if (found === null) return [index.addPerson(numbers, offset), null];
    index.addKeys(found.person, numbers, offset);
    return [found.person, found.rule];
  });
}

const email = 'a@mail.example';

describe('duplicates', () => {
  it.each<[string, Partial<PersonDraft>, Partial<PersonDraft>, string | null]>([
    [
      'the same customer key and name',
      { customerKey: 'C-1' },
      { customerKey: 'c-1', name: '見本太郎' },
      'customer_key',
    ],
    [
      'the same name and e-mail, spelled in other widths',
      { email },
      { email: 'A@Mail.example', name: '見本　太郎' },
      'name_email',
    ],
    ['variants of one name', { name: '髙橋 邊', email }, { name: '高橋 辺', email }, 'name_email'],
    ['the same name and phone', { phone: '03-0000-1234' }, { phone: '+81 3 0000 1234' }, 'name_phone'],
    [
      'the same name and address',
      { address: ['東京都千代田区丸の内１丁目２番３号'] },
      { address: ['千代田区丸の内1-2-3'] },
      'name_address',
    ],
    ['the same name and date of birth', { birthDate: '1980-01-02' }, { birthDate: '1980-01-02' }, 'name_birth_date'],
    ['the name alone', {}, {}, null],
    ['an e-mail shared in a household', { email }, { email, name: '見本 花子' }, null],
    ['a customer key shared in a household', { customerKey: 'C-1' }, { customerKey: 'C-1', name: '見本 花子' }, null],
    [
      'the same key, name and another date of birth',
      { customerKey: 'C-1', birthDate: '1980-01-02' },
      { customerKey: 'C-1', birthDate: '2010-01-02' },
      null,
    ],
    [
      'the same name and e-mail but another kana name',
      { email, nameKana: 'ミホン タロウ' },
      { email, nameKana: 'ミモト タロウ' },
      null,
    ],
    [
      'the same customer key and date of birth under another name, after a marriage',
      { customerKey: 'C-1', name: '見本 花子', birthDate: '1980-01-02' },
      { customerKey: 'C-1', name: '例示 花子', birthDate: '1980-01-02' },
      'customer_key',
    ],
    [
      'the same customer key and kana name, written with other characters',
      { customerKey: 'C-1', name: '見本 太朗', nameKana: 'ミホン タロウ' },
      { customerKey: 'C-1', name: '見本 太郎', nameKana: 'ミホン タロウ' },
      'customer_key',
    ],
    [
      'a customer key shared in a household, with one date of birth',
      { customerKey: 'C-1' },
      { customerKey: 'C-1', name: '見本 花子', birthDate: '1980-01-02' },
      null,
    ],
    [
      'a customer key shared in a household, with one kana name',
      { customerKey: 'C-1', nameKana: 'ミホン タロウ' },
      { customerKey: 'C-1', name: '見本 花子' },
      null,
    ],
    ['the same name and e-mail, one with a date of birth', { email }, { email, birthDate: '1980-01-02' }, 'name_email'],
    ['the same name and e-mail, the other with one', { email, birthDate: '1980-01-02' }, { email }, 'name_email'],
    ['the same name and e-mail, one with a kana name', { email }, { email, nameKana: 'ミホン タロウ' }, 'name_email'],
    ['the same name and e-mail, the other with one', { email, nameKana: 'ミホン タロウ' }, { email }, 'name_email'],
    ['the same name and kana name, and nothing else', { nameKana: 'ミホン' }, { nameKana: 'ミホン' }, null],
    [
      'father and son of one name at one address',
      { address: ['千代田区丸の内1-2-3'], birthDate: '1950-01-02' },
      { address: ['千代田区丸の内1-2-3'], birthDate: '1980-01-02' },
      null,
    ],
    ['an employee twice', { email, kind: 'employee' }, { email, kind: 'employee' }, 'name_email'],
    [
      'a contact of a company twice',
      { email, kind: 'corporate_contact' },
      { email, kind: 'corporate_contact' },
      'name_email',
    ],
    ['a customer who is also the contact of a company', { email }, { email, kind: 'corporate_contact' }, null],
    [
      'an employee who is also the contact of a company',
      { email, kind: 'employee' },
      { email, kind: 'corporate_contact' },
      null,
    ],
    ['a customer who left and came back', { email, kind: 'former_customer' }, { email }, 'name_email'],
    ['a customer who is also an employee', { email }, { email, kind: 'employee' }, null],
    ['a customer who is also a delivery addressee', { email }, { email, kind: 'delivery_addressee' }, 'name_email'],
  ])('%s', (_, first, second, rule) => {
    expect(place([draft(first), draft(second)])[1]?.[1]).toBe(rule);
  });

  it('merges on the customer key alone only where the mapping calls it stable', () => {
    const rows = [draft({ customerKey: 'C-1' }), draft({ customerKey: 'C-1', name: '結婚 花子' })];
    expect(place(rows)[1]).toEqual([1, null]);
    expect(place(rows, true)[1]).toEqual([0, 'customer_key']);
  });

  it('keeps people apart under a stable key too where dates of birth differ or one is an employee', () => {
    const known = draft({ customerKey: 'C-1', birthDate: '1980-01-02' });
    expect(place([known, draft({ customerKey: 'C-1', birthDate: '1981-01-02' })], true)[1]).toEqual([1, null]);
    expect(place([known, draft({ customerKey: 'C-1', kind: 'employee' })], true)[1]).toEqual([1, null]);
  });

  it('says by the first of its rules why a row was merged: key, e-mail, phone, address, date of birth', () => {
    const all = draft({
      customerKey: 'C-1',
      email,
      phone: '03-0000-1234',
      address: ['千代田区丸の内1-2-3'],
      birthDate: '1980-01-02',
    });
    const { customerKey: _customerKey, ...withEmail } = all;
    const { email: _email, ...withPhone } = withEmail;
    const { phone: _phone, ...withAddress } = withPhone;
    const rules = [all, withEmail, withPhone, withAddress, { ...withAddress, address: [] }].map(
      (row) => place([all, row])[1]?.[1],
    );
    expect(rules).toEqual(['customer_key', 'name_email', 'name_phone', 'name_address', 'name_birth_date']);
  });

  it('gives a further row of father and son of one name to the one whose date of birth it has', () => {
    const at = { address: ['千代田区丸の内1-2-3'] };
    const rows = [
      draft({ ...at, birthDate: '1950-01-02' }),
      draft({ ...at, birthDate: '1980-01-02' }),
      draft({ ...at, birthDate: '1980-01-02' }),
      draft({ ...at, birthDate: '1950-01-02' }),
    ];
    expect(place(rows)).toEqual([
      [0, null],
      [1, null],
      [1, 'name_address'],
      [0, 'name_address'],
    ]);
  });

  it.each<[string, Partial<PersonDraft>, Partial<PersonDraft>]>([
    ['date of birth', { birthDate: '1980-01-02' }, { birthDate: '2010-01-02' }],
    ['kana name', { nameKana: 'ミホン タロウ' }, { nameKana: 'ミモト タロウ' }],
  ])('keeps another %s out, whichever of the merged rows gave the person theirs', (_, theirs, another) => {
    const [bare, known, other] = [draft({ email }), draft({ email, ...theirs }), draft({ email, ...another })];
    expect(place([bare, known, other]).map(([person]) => person)).toEqual([0, 0, 1]);
    expect(place([known, bare, other]).map(([person]) => person)).toEqual([0, 0, 1]);
  });

  it('leaves two people two when a later row has the e-mail of one and the phone of the other', () => {
    const phone = '03-0000-1234';
    const rows = [draft({ email }), draft({ phone }), draft({ email, phone }), draft({ phone })];
    expect(place(rows).map(([person]) => person)).toEqual([0, 1, 0, 1]);
  });

  it('finds a person by the keys of a row that was merged into it', () => {
    const rows = [draft({ customerKey: 'C-1' }), draft({ customerKey: 'C-1', email }), draft({ email })];
    expect(place(rows).map(([person]) => person)).toEqual([0, 0, 0]);
  });

  it('never puts two different dates of birth into one person, and is the same every time', () => {
    const some = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const row = fc.record({
      name: fc.constantFrom('見本 太郎', '見本 花子'),
      customerKey: some('A', 'B', 'C'),
      email: some('a@mail.example', 'b@mail.example'),
      phone: some('03-0000-0001', '03-0000-0002'),
      birthDate: some('1980-01-01', '1990-01-01'),
      nameKana: some('ミホン', 'サンプル'),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (given) => {
        const drafts = given.map((one) =>
          draft(Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined))),
        );
        const placed = place(drafts);
        expect(place(drafts)).toEqual(placed);
        for (const field of ['birthDate', 'nameKana', 'name'] as const) {
          const seen = new Map<number, string>();
          placed.forEach(([person], index) => {
            const value = drafts[index]?.[field];
            if (value === undefined || (field === 'name' && placed[index]?.[1] === 'customer_key')) return;
            if (field !== 'name' || !seen.has(person)) {
              expect(seen.get(person) ?? value).toBe(value);
              seen.set(person, value);
            }
          });
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('blind indexes', () => {
  it('are the same whether made one by one or for many rows', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.string({ maxLength: 600, unit: 'binary' }),
        (key, value) => {
          const digest = Buffer.from(createBlindIndexer(key, 'email')(value), 'latin1');
          expect(digest.subarray(0, BLIND_BYTES).equals(blindIndex(key, 'email', value))).toBe(true);
        },
      ),
    );
  });
});
