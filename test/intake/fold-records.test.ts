// What is known of a person whose rows were merged: nothing that any row said is lost, and an address is never made of two.
import { expect, it } from 'vitest';
import { foldKind, foldRecords } from '../../src/intake/match/fold-records.ts';
import type { PersonRecord } from '../../src/intake/person.ts';

const record = (given: Partial<PersonRecord>): PersonRecord => ({
  ref: 'own',
  kind: 'customer',
  flags: [],
  warnings: [],
  name: '見本 太郎',
  address: [],
  leakedItems: [],
  ...given,
});

it('is the row itself where there is only one', () => {
  const own = record({ leakedItems: ['name', 'email'], phone: '03-0000-1234' });
  expect(foldRecords([own])).toBe(own);
});

it('unites what leaked, what must be handled with care and what could not be confirmed', () => {
  const folded = foldRecords([
    record({ leakedItems: ['name'], flags: ['minor'], warnings: ['postcode_missing'] }),
    record({ ref: 'b', leakedItems: ['card', 'name'], flags: ['deceased', 'minor'], warnings: ['email_invalid'] }),
    record({ ref: 'c', leakedItems: ['birth_date'] }),
  ]);
  expect(folded).toMatchObject({
    ref: 'own',
    leakedItems: ['birth_date', 'card', 'name'],
    flags: ['deceased', 'minor'],
    warnings: ['email_invalid', 'postcode_missing'],
  });
});

it('takes each value from the first row that has one', () => {
  const folded = foldRecords([
    record({ name: '髙橋 一', email: 'a@mail.example' }),
    record({ ref: 'b', name: '高橋 一', email: 'b@mail.example', phone: '03-0000-1234' }),
    record({ ref: 'c', phone: '03-0000-9999', birthDate: '1980-01-02', customerKey: 'C-1' }),
  ]);
  expect(folded).toMatchObject({
    name: '髙橋 一',
    email: 'a@mail.example',
    phone: '03-0000-1234',
    birthDate: '1980-01-02',
    customerKey: 'C-1',
  });
});

it('takes postcode, lines and country of one and the same row, the first with an address', () => {
  const [bare, tokyo, texas] = [
    record({ postcode: '9999999', country: 'France' }),
    record({ ref: 'b', address: ['千代田区丸の内1-2-3'], postcode: '1000005' }),
    record({ ref: 'c', address: ['1 Main Street', 'Austin'], country: 'USA' }),
  ];
  const fromTokyo = foldRecords([bare, tokyo, texas]);
  expect(fromTokyo).toMatchObject({ address: ['千代田区丸の内1-2-3'], postcode: '1000005' });
  expect(fromTokyo).not.toHaveProperty('country');
  const fromTexas = foldRecords([bare, texas, tokyo]);
  expect(fromTexas).toMatchObject({ address: ['1 Main Street', 'Austin'], country: 'USA' });
  expect(fromTexas).not.toHaveProperty('postcode');
  expect(foldRecords([bare, record({ ref: 'b', email: 'a@mail.example' })])).toMatchObject({
    address: [],
    postcode: '9999999',
    country: 'France',
    email: 'a@mail.example',
  });
});

it('tells somebody of several kinds as the one that outweighs the others', () => {
  expect(foldKind(['delivery_addressee', 'customer'])).toBe('customer');
  expect(foldKind(['family', 'former_customer'])).toBe('former_customer');
  const folded = foldRecords([record({ kind: 'delivery_addressee' }), record({ ref: 'b', kind: 'customer' })]);
  expect(folded.kind).toBe('customer');
});
