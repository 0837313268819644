// What one row of a roster becomes, and that nothing of a name is changed on the way.
import { describe, expect, it } from 'vitest';
import { parseBirthDate } from '../../src/intake/roster/birth-date.ts';
import { emptyMapping, mappingFileSchema, resolveColumns } from '../../src/intake/roster/column-mapping.ts';
import { readEmail, readPhone, readPostcode } from '../../src/intake/roster/contact-data.ts';
import { addressForm, kanaForm, nameForm } from '../../src/intake/roster/matching-form.ts';
import { itemForm, readPerson } from '../../src/intake/roster/read-person.ts';
import { checkPostcode } from '../../src/platform/postcode.ts';
import { saidBy } from '../support/said.ts';

function read(headers: string, row: string, mapping = emptyMapping) {
  const itemCodes = new Map(
    [
      ['氏名', 'name'],
      ['メールアドレス', 'email'],
      ['card', 'card'],
    ].map(([word = '', code = '']) => [itemForm(word), code]),
  );
  return readPerson(row.split('|'), {
    reading: resolveColumns(headers.split('|'), mapping),
    defaultItems: ['name'],
    itemCodes,
    itemLists: new Map(),
    today: '2026-11-21',
  });
}
const person = (headers: string, row: string, mapping = emptyMapping) => {
  const outcome = read(headers, row, mapping);
  if (outcome.kind === 'rejected') throw new Error(outcome.reason);
  return outcome.draft;
};

describe('reading a row', () => {
  it('keeps the characters of a name exactly as they came, apart from composed dakuten', () => {
    for (const name of ['髙橋 﨑子', '\u{20bb7}田 \ufa19', '\u845b\u{e0100}城', '㈱見本 ﾀﾛｳ', 'Ａｎｎｅ']) {
      expect(person('氏名|カナ', `　${name} |ミホン`).name).toBe(name);
    }
    expect(person('氏名|カナ', 'カ\u3099ラ|カ\u3099').name).toBe('\u30acラ');
  });

  it.each([
    ['見本〓郎', 'character_lost'],
    ['見本\ufffd', 'character_lost'],
    ['?田 太郎', 'character_lost'],
    ['見本\ue001', 'character_private'],
    ['見\u0000本', 'control_character'],
    ['', 'name_missing'],
  ])('puts %j aside for review', (name, reason) => {
    expect(read('氏名|メール', `${name}|a@mail.example`)).toEqual({ kind: 'rejected', reason });
  });

  it('joins surname and given name, and addresses a company without a contact with 御中', () => {
    expect(person('姓|名|セイ|メイ', '見本|太郎|ミホン|タロウ')).toMatchObject({
      name: '見本 太郎',
      nameKana: 'ミホン タロウ',
    });
    expect(person('会社名|部署|担当者|メール', '㈱見本|総務部||a@mail.example')).toMatchObject({
      name: '㈱見本 総務部',
      honorific: '御中',
      kind: 'corporate_contact',
    });
  });

  it('puts the address together from the columns that there are', () => {
    expect(person('氏名|都道府県|市区町村|番地|建物名', '見本|東京都|千代田区|丸の内1-1|見本ビル').address).toEqual([
      '東京都千代田区丸の内1-1',
      '見本ビル',
    ]);
    expect(person('氏名|都道府県|住所1', '見本|東京都|千代田区丸の内').address).toEqual(['東京都千代田区丸の内']);
    expect(person('氏名|都道府県|住所1', '見本|東京都|東京都千代田区').address).toEqual(['東京都千代田区']);
  });

  it('reads kinds, handling flags, minors and items', () => {
    const draft = person(
      '氏名|区分|死亡|保護|生年月日|通知停止理由|漏えい項目',
      '見本|退会済み|○|DV|2015/4/1|訴訟中|氏名;メールアドレス',
    );
    expect(draft).toMatchObject({
      kind: 'former_customer',
      flags: ['deceased', 'litigation', 'minor', 'protected_address'],
      leakedItems: ['email', 'name'],
    });
    expect(person('氏名|死亡|保護|メール', '見本|0|なし|x').flags).toEqual([]);
    expect(person('氏名|国', '見本|USA')).toMatchObject({ flags: ['abroad'], country: 'USA' });
    expect(read('氏名|漏えい項目', '見本|宇宙')).toEqual({ kind: 'rejected', reason: 'item_unknown' });
    const mapping = mappingFileSchema.parse({ itemColumns: { card: 'カード' } });
    expect(person('氏名|カード', '見本|○', mapping).leakedItems).toEqual(['card']);
  });

  it.each([
    ['会員', 'customer'],
    ['退会', 'former_customer'],
    ['従業員', 'employee'],
    ['delivery_addressee', 'delivery_addressee'],
    ['Former-Customer', 'former_customer'],
    ['corporate contact', 'corporate_contact'],
  ])('takes the kind %s for %s', (word, kind) => {
    expect(person('氏名|区分', `見本|${word}`).kind).toBe(kind);
  });

  it.each(['非会員', '非顧客', 'Non-member', 'nonmember'])('never takes %s for one, and warns', (word) => {
    expect(person('氏名|区分|メール', `見本|${word}|a@mail.example`).warnings).toEqual(['kind_unknown']);
  });

  it('takes a purchase without membership for a customer', () => {
    expect(person('氏名|区分|メール', '見本|非会員購入者|a@mail.example')).toMatchObject({
      kind: 'customer',
      warnings: [],
    });
  });

  it('keeps a person whose e-mail or postcode is no use, with a warning', () => {
    expect(person('氏名|メール|郵便番号|住所', '見本|a@|123|東京都千代田区')).toMatchObject({
      unusableEmail: 'a@',
      warnings: ['postcode_unknown', 'email_invalid'],
    });
  });

  it('takes a large receiver’s postcode as it is, and warns of a ward that is no more', () => {
    const warned = (postcode: string, address: string) =>
      person('氏名|郵便番号|住所', `見本|${postcode}|${address}`).warnings;
    expect(warned('163-8001', '東京都新宿区西新宿2-8-1')).toEqual([]);
    expect(warned('430-0946', '静岡県浜松市中区元城町103-2')).toEqual(['ward_outdated']);
  });

  it('takes the first of two columns for one field, and counts no column that it does not know', async () => {
    const { columns } = resolveColumns(['氏名', '電話', 'foo', '自宅電話', 'お名前', '氏名（必須）'], emptyMapping);
    expect(columns).toEqual({ name: 0, phone: 1 });
    expect((await saidBy(() => resolveColumns(['氏名', 'foo', 'bar'], emptyMapping))).message).toContain(
      '"foo", "bar"',
    );
  });

  it('of a file without a header needs a mapping with a name and one thing more', async () => {
    const mapping = (columns: object) => mappingFileSchema.parse({ header: false, columns });
    expect(resolveColumns(['見本 太郎', 'a@example.jp'], mapping({ name: 1, email: 2 })).columns).toEqual({
      name: 0,
      email: 1,
    });
    const refused = await saidBy(() => resolveColumns(['見本 太郎', 'a@example.jp'], mapping({ email: 2 })));
    expect(refused.code).toBe('ROSTER_HEADER_UNKNOWN');
    expect(refused.message).not.toContain('見本');
  });

  it('gives a column that a mapping names to that field alone, whatever its header says', () => {
    const mapping = mappingFileSchema.parse({ columns: { phone: '氏名', name: '電話' } });
    expect(resolveColumns(['氏名', '電話'], mapping).columns).toEqual({ phone: 0, name: 1 });
    const taken = mappingFileSchema.parse({ columns: { customerKey: '電話' } });
    expect(resolveColumns(['氏名', '電話'], taken).columns).toEqual({ name: 0, customerKey: 1 });
  });

  it('refuses headers that nobody knows without repeating what may be a person', async () => {
    const refused = async (header: string[], mapping = emptyMapping) =>
      (await saidBy(() => resolveColumns(header, mapping))).message;
    expect(await refused(['foo', 'bar'])).toContain('"foo", "bar"');
    expect(await refused(['見本 太郎', '090-0000-0000'])).toMatch(/^(?!.*見本).*no header/s);
    expect(await refused(['氏名', 'メール'], mappingFileSchema.parse({ columns: { phone: '電話' } }))).toContain(
      '"電話"',
    );
    expect(
      resolveColumns(['a', 'b'], mappingFileSchema.parse({ header: false, columns: { name: 1, email: 2 } })).columns,
    ).toEqual({ name: 0, email: 1 });
  });
});

describe('contact data', () => {
  it('reads dates of birth of all eras', () => {
    expect(
      [
        '1985-4-1',
        '1985年4月1日',
        '19850401',
        '昭和60年4月1日',
        'S60.4.1',
        '31138',
        '平成元年1月8日',
        '令和元年5月1日',
        'R2.1.31',
        'M13.1.1',
        'T15.12.24',
        'H31.4.30',
        'M12.12.31',
        '2100-01-01',
        '19999',
        '10000',
        '1985/02/30',
        '85/4/1',
      ].map(parseBirthDate),
    ).toEqual([
      '1985-04-01',
      '1985-04-01',
      '1985-04-01',
      '1985-04-01',
      '1985-04-01',
      '1985-04-01',
      '1989-01-08',
      '2019-05-01',
      '2020-01-31',
      '1880-01-01',
      '1926-12-24',
      '2019-04-30',
      null,
      null,
      '1954-10-02',
      '1927-05-18',
      null,
      null,
    ]);
  });

  it('puts back leading zeros only when one reading is possible', () => {
    expect(readPostcode('600042', '北海道札幌市中央区大通西1')).toEqual({ value: '0600042', isRepaired: true });
    expect(readPostcode('600042', '東京都千代田区')).toBeNull();
    expect(readPostcode('〒１００−０００５', '')).toEqual({ value: '1000005', isRepaired: false });
    expect(readPhone('9000001234')).toEqual({ value: '09000001234', isRepaired: true });
    expect(readPhone('03-0000-1234')).toEqual({ value: '03-0000-1234', isRepaired: false });
  });

  it('accepts only one address that mail can be sent to', () => {
    expect(readEmail('ａ＠mail.example')).toBe('a@mail.example');
    for (const bad of [
      'a@b',
      'a b@mail.example',
      'a@mail.example, b@mail.example',
      'a@mail.example\nBcc: x@mail.example',
      '@mail.example',
    ])
      expect(readEmail(bad)).toBeNull();
  });

  it('compares postcode and address as compatible, not equal', () => {
    expect(checkPostcode('1000005', '東京都千代田区丸の内1')).toBe('ok');
    expect(checkPostcode('1000005', '千代田区丸の内1')).toBe('ok');
    expect(checkPostcode('1000005', '大阪府大阪市北区')).toBe('mismatch');
    expect(checkPostcode('1000005', '東京都港区芝1')).toBe('mismatch');
    expect(checkPostcode('0440000', '北海道倶知安町')).toBe('ok');
    expect(checkPostcode('4980000', '愛知県弥富市')).toBe('ok');
    expect(checkPostcode('9999999', '東京都千代田区')).toBe('unknown');
  });

  it('knows the form of a large receiver’s postcode within its area', () => {
    expect(checkPostcode('1638001', '東京都新宿区西新宿2-8-1')).toBe('ok');
    expect(checkPostcode('1008111', '千代田区千代田1-1')).toBe('ok');
    expect(checkPostcode('8690198', '熊本県玉名郡長洲町長洲2766')).toBe('ok');
    expect(checkPostcode('1638001', '大阪府大阪市北区中之島1')).toBe('unknown');
    expect(checkPostcode('1637777', '東京都新宿区西新宿2-8-1')).toBe('unknown');
    expect(readPostcode('608588', '札幌市中央区北3条西6丁目')).toEqual({ value: '0608588', isRepaired: true });
  });

  it('tells a ward that the postcode’s city does not have today from an address elsewhere', () => {
    expect(checkPostcode('4300946', '静岡県浜松市中区元城町103-2')).toBe('ward_outdated');
    expect(checkPostcode('4300946', '浜松市中央区元城町103-2')).toBe('ok');
    expect(checkPostcode('4300946', '静岡県浜松市浜名区三ヶ日町')).toBe('mismatch');
    expect(checkPostcode('4300946', '静岡県浜松市元城町103-2')).toBe('unknown');
    expect(checkPostcode('1000001', '東京都千代田区千代田1-1')).toBe('ok');
  });

  it('normalises for matching only what may differ between systems', () => {
    expect(nameForm('髙橋　﨑子 様')).toBe(nameForm('高橋崎子'));
    expect(kanaForm('ﾐﾎﾝ ﾀﾛｰ')).toBe(kanaForm('みほん　たろー'));
    expect(addressForm(['東京都千代田区丸の内一丁目2番3号', '見本ビル101号室'])).toBe(
      addressForm(['千代田区丸の内１－２－３見本ビル１０１']),
    );
  });
});
