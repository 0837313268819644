// Rows of rosters as clients send them, and the person that each becomes: nothing is guessed that a letter could get wrong.
import { describe, expect, it } from 'vitest';
import type { PersonDraft } from '../../src/intake/person.ts';
import {
  emptyMapping,
  type MappingFile,
  mappingFileSchema,
  resolveColumns,
} from '../../src/intake/roster/column-mapping.ts';
import { itemForm, type ReadingContext, readPerson } from '../../src/intake/roster/read-person.ts';

const words = [
  ['氏名', 'name'],
  ['メールアドレス', 'email'],
  ['カード 番号', 'card'],
  ['card', 'card'],
];

function contextOf(headers: string, mapping: MappingFile = emptyMapping): ReadingContext {
  return {
    reading: resolveColumns(headers.split('|'), mapping),
    defaultItems: ['name'],
    itemCodes: new Map(words.map(([word = '', code = '']) => [itemForm(word), code])),
    itemLists: new Map(),
    today: '2026-11-21',
  };
}

const mappingOf = (given: Record<string, unknown>) => mappingFileSchema.parse(given);

function read(context: ReadingContext, row: string) {
  const outcome = readPerson(row.split('|'), context);
  return outcome.kind === 'person' ? outcome.draft : outcome.reason;
}

function person(headers: string, row: string, mapping?: MappingFile): PersonDraft {
  const draft = read(contextOf(headers, mapping), row);
  if (typeof draft === 'string') throw new Error(draft);
  return draft;
}

const plain = { kind: 'customer', flags: [], warnings: [], address: [], leakedItems: ['name'] };

describe('a row', () => {
  it.each([
    ['says nothing', '　| |', 'empty'],
    ['has fewer cells than the header', '見本|', 'columns_missing'],
    [
      'has a cell too many, as where a comma stands in an address',
      '見本|a@mail.example|東京都|千代田区',
      'columns_extra',
    ],
    ['has a cell too many behind an empty one', '見本|a@mail.example|東京都||x', 'columns_extra'],
    ['has no name', '|a@mail.example|東京都千代田区', 'name_missing'],
    ['has a lost character in its address', '見本|a@mail.example|東京都〓区', 'character_lost'],
  ])('that %s is put aside', (_, row, reason) => {
    expect(read(contextOf('氏名|メール|住所'), row)).toBe(reason);
  });

  it('may end in empty cells, as spreadsheets write them', () => {
    expect(read(contextOf('氏名|メール'), '見本|a@mail.example|| ')).toMatchObject({ name: '見本' });
  });

  it.each(['フリガナ', '会社名', '保護者', '住所', '建物名'])('with a lost character in %s is put aside', (header) => {
    expect(read(contextOf(`氏名|${header}`), '見本|見〓')).toBe('character_lost');
    expect(read(contextOf(`氏名|${header}`), '見本|見\ue000')).toBe('character_private');
  });

  it('says all that its columns hold, and has nothing for those that are empty', () => {
    const headers = '会員番号|氏名|敬称|カナ|保護者|生年月日|郵便番号|住所|メール|電話|国';
    expect(
      person(
        headers,
        'C-1|見本 一|先生|ミホン|見本 太郎|2015-04-01|1000005|千代田区丸の内1|a@mail.example|03-0000-1234|日本',
      ),
    ).toStrictEqual({
      ...plain,
      flags: ['minor'],
      name: '見本 一',
      honorific: '先生',
      nameKana: 'ミホン',
      guardianName: '見本 太郎',
      birthDate: '2015-04-01',
      postcode: '1000005',
      address: ['千代田区丸の内1'],
      email: 'a@mail.example',
      phone: '03-0000-1234',
      customerKey: 'C-1',
    });
    expect(person(headers, '|見本 一|||||||||')).toStrictEqual({ ...plain, name: '見本 一' });
  });

  it('of a corrected report loses the apostrophe that kept a spreadsheet from running it, and no other', () => {
    const cells = (header: string, row: string) => person(header, row).name;
    for (const sign of ['=', '+', '-', '@', '＝', '＋', '－', '＠'])
      expect(cells('氏名|メール|owabi_row', `'${sign}見本||7`)).toBe(`${sign}見本`);
    expect(cells('氏名|メール|owabi_row', "'見本||7")).toBe("'見本");
    expect(cells('氏名|メール', "'=見本|")).toBe("'=見本");
  });
});

describe('the name', () => {
  it.each([
    ['姓|名', '見本|', '見本'],
    ['姓|名', '|太郎', '太郎'],
    ['姓|名|氏名', '見本|太郎|見本　太郎', '見本　太郎'],
  ])('in the columns %s with %s is %s', (headers, row, name) => {
    expect(person(headers, row).name).toBe(name);
  });

  it.each([
    ['セイ|メイ', 'ミホン|', 'ミホン'],
    ['セイ|メイ', '|タロウ', 'タロウ'],
    ['セイ|メイ|フリガナ', 'ミホン|タロウ|ミホンタロウ', 'ミホンタロウ'],
  ])('in kana, in the columns %s with %s, is %s', (headers, row, nameKana) => {
    expect(person(`氏名|${headers}`, `見本|${row}`).nameKana).toBe(nameKana);
  });

  it('of a contact stands beside company and department, and gets no 御中', () => {
    const contact = person('会社名|部署|担当者', '㈱見本|総務部|見本 太郎');
    expect(contact).toMatchObject({ name: '見本 太郎', organisation: '㈱見本 総務部', kind: 'corporate_contact' });
    expect(contact).not.toHaveProperty('honorific');
  });

  it('of a company without a contact stands once, with 御中 unless the file has a title', () => {
    const company = person('会社名|部署|担当者|敬称', '㈱見本|||');
    expect(company).toMatchObject({ name: '㈱見本', honorific: '御中', kind: 'corporate_contact' });
    expect(company).not.toHaveProperty('organisation');
    expect(person('会社名|部署|担当者|敬称', '㈱見本|||様').honorific).toBe('様');
  });

  it('is missing where only a department stands, and a department alone makes nobody the contact of a company', () => {
    expect(read(contextOf('氏名|会社名|部署'), '||総務部')).toBe('name_missing');
    expect(person('氏名|会社名|部署', '見本||総務部')).toStrictEqual({ ...plain, name: '見本' });
  });
});

describe('the kind', () => {
  const employees = mappingOf({ kind: 'employee' });
  it.each<[string, string, string, MappingFile | undefined, Partial<PersonDraft>]>([
    ['is the file’s own', '氏名|区分', '見本|', employees, { kind: 'employee', warnings: [] }],
    ['is the file’s own for people of a company too', '氏名|会社名', '見本|㈱見本', employees, { kind: 'employee' }],
    [
      'is the row’s before the file’s',
      '氏名|区分',
      '見本|退会者',
      employees,
      { kind: 'former_customer', warnings: [] },
    ],
    [
      'is the file’s own, with a warning, where the row’s word is unknown',
      '氏名|区分',
      '見本|宇宙人',
      employees,
      { kind: 'employee', warnings: ['kind_unknown'] },
    ],
    [
      'is what the mapping calls the word',
      '氏名|区分',
      '見本|A',
      mappingOf({ kinds: { A: 'family' } }),
      { kind: 'family', warnings: [] },
    ],
  ])('%s', (_, headers, row, mapping, expected) => {
    expect(person(headers, row, mapping)).toMatchObject(expected);
  });
});

describe('the address', () => {
  it.each<[string, string, string, string[]]>([
    ['repeats no prefecture', '都道府県|住所1', '東京都|東京都千代田区', ['東京都千代田区']],
    ['gets the prefecture of its own column', '都道府県|住所1', '東京都|千代田区', ['東京都千代田区']],
    ['is one column as it stands', '住所', '千代田区丸の内1-1', ['千代田区丸の内1-1']],
    [
      'keeps city and town of their own columns before a rest',
      '市区町村|町名|住所1',
      '千代田区|丸の内|1-1',
      ['千代田区丸の内1-1'],
    ],
    ['keeps the number behind', '都道府県|住所1|番地', '東京都|千代田区丸の内|1-1', ['東京都千代田区丸の内1-1']],
    ['repeats no city', '都道府県|市区町村|住所1', '東京都|千代田区|千代田区丸の内', ['東京都千代田区丸の内']],
    ['repeats nothing', '市区町村|番地|住所1', '千代田区|1-1|東京都千代田区丸の内1-1', ['東京都千代田区丸の内1-1']],
    [
      'has the ward of the whole address, not that of the city’s column too',
      '市区町村|住所1',
      '浜松市中央区|浜松市中区元城町1',
      ['浜松市中区元城町1'],
    ],
    ['has a line for each part', '住所1|住所2|住所3', 'あ|い|う', ['あ', 'い', 'う']],
    ['has no empty lines', '住所1|住所2|住所3', 'あ||う', ['あ', 'う']],
    ['has three lines at most', '住所1|住所2|住所3|建物名', 'あ|い|う|え', ['あ', 'い', 'う え']],
    ['is cut where the cell was', '住所', 'あ\r\n い\nう', ['あ', 'い', 'う']],
  ])('%s', (_, headers, row, address) => {
    expect(person(`氏名|${headers}`, `見本|${row}`).address).toEqual(address);
  });
});

describe('postcode, e-mail and phone', () => {
  const headers = '氏名|郵便番号|住所|メール|電話|携帯';
  it.each<[string, string, Partial<PersonDraft>, (keyof PersonDraft)[]]>([
    ['a postcode that fits', '1000005|千代田区丸の内1||| ', { postcode: '1000005', warnings: [] }, []],
    ['a postcode without an address', '1000005||||', { postcode: '1000005', warnings: [] }, []],
    ['an address without a postcode', '|千代田区丸の内1|||', { warnings: ['postcode_missing'] }, ['postcode']],
    ['neither', '||||', { warnings: [] }, ['postcode', 'email', 'phone', 'unusableEmail']],
    [
      'a postcode whose zero a spreadsheet ate',
      '600042|札幌市中央区大通西1|||',
      { postcode: '0600042', warnings: ['postcode_repaired'] },
      [],
    ],
    [
      'a postcode of elsewhere',
      '1000005|大阪府大阪市北区1|||',
      { postcode: '1000005', warnings: ['postcode_mismatch'] },
      [],
    ],
    [
      'a postcode that is not in use',
      '9999999|千代田区丸の内1|||',
      { postcode: '9999999', warnings: ['postcode_unknown'] },
      [],
    ],
    ['no postcode at all', '12|千代田区丸の内1|||', { warnings: ['postcode_unknown'] }, ['postcode']],
    ['an e-mail address', '||a@mail.example||', { email: 'a@mail.example', warnings: [] }, ['unusableEmail']],
    ['none that mail can be sent to', '||a@||', { unusableEmail: 'a@', warnings: ['email_invalid'] }, ['email']],
    ['a phone', '|||03-0000-1234|', { phone: '03-0000-1234', warnings: [] }, []],
    ['a mobile phone before it', '|||03-0000-1234|090-0000-1234', { phone: '090-0000-1234', warnings: [] }, []],
    ['a phone without its zero', '|||9000001234|', { phone: '09000001234', warnings: ['phone_repaired'] }, []],
  ])('%s', (_, row, expected, missing) => {
    const draft = person(headers, `見本|${row}`);
    expect(draft).toMatchObject(expected);
    for (const key of missing) expect(draft).not.toHaveProperty(key);
  });
});

describe('what must be handled with care', () => {
  // 民法4条: of age at 18, since 2022-04-01; 年齢計算ニ関スル法律: reached with the end of the day before the birthday.
  it.each<[string, string, string, string[]]>([
    ['who is 18 today is of age', '生年月日', '2008-11-21', []],
    ['who is 18 in two days is a minor', '生年月日', '2008-11-23', ['minor']],
    ['a date of birth is believed before a word', '生年月日|状態', '1980-01-02|未成年', []],
    ['a word is believed without one', '生年月日|状態', '|未成年', ['minor']],
    ['a status names several things', '状態', 'DV・訴訟中', ['litigation', 'protected_address']],
    ['a column of its own', '住所非開示', '1', ['protected_address']],
    ['a column of its own', '死亡', '有', ['deceased']],
    ['a column of its own', '訴訟', '有', ['litigation']],
    ['a column that says no', '訴訟', '無し', []],
    ['Japan is not abroad', '国', '日本', []],
    ['Japan is not abroad', '国', 'ＪＰ', []],
    ['Japan is not abroad', '国', 'Japan', []],
    ['another country is', '国', 'Korea', ['abroad']],
    ['a country that only begins like it is', '国', 'JPX', ['abroad']],
  ])('%s (%s: %s)', (_, headers, row, flags) => {
    expect(person(`氏名|${headers}`, `見本|${row}`).flags).toEqual(flags);
  });

  it('takes no date of birth that is none, and says so', () => {
    const draft = person('氏名|生年月日', '見本|2015-02-30');
    expect(draft).toMatchObject({ flags: [], warnings: ['birth_date_invalid'] });
    expect(draft).not.toHaveProperty('birthDate');
  });

  it('keeps the country only of somebody abroad', () => {
    expect(person('氏名|国', '見本|日本')).not.toHaveProperty('country');
    expect(person('氏名|国', '見本|Korea').country).toBe('Korea');
  });
});

describe('what leaked', () => {
  const marks = mappingOf({ itemColumns: { card: 'カード', email: 'アド' } });
  it.each<[string, string, string, MappingFile | undefined, string[] | string]>([
    ['is everyone’s without a column', '氏名|メール', '見本|', undefined, ['name']],
    ['is everyone’s where the row names nothing', '氏名|漏えい項目', '見本|', undefined, ['name']],
    ['is everyone’s where no column is marked', '氏名|カード|アド', '見本||0', marks, ['name']],
    ['is what is marked', '氏名|カード|アド', '見本|○|×', marks, ['card']],
    ['is what is marked and named', '氏名|カード|アド|漏えい項目', '見本|○||氏名', marks, ['card', 'name']],
    ['is named once', '氏名|漏えい項目', '見本|氏名、card,カード番号', undefined, ['card', 'name']],
    [
      'is compared without width, blanks and case',
      '氏名|漏えい項目',
      '見本|ＣＡＲＤ；カード　番号',
      undefined,
      ['card'],
    ],
    ['is never guessed', '氏名|漏えい項目', '見本|氏名;宇宙', undefined, 'item_unknown'],
    ['is never guessed, though it looks like a code', '氏名|漏えい項目', '見本|passport', undefined, 'item_unknown'],
  ])('%s (%s: %s)', (_, headers, row, mapping, expected) => {
    const context = contextOf(headers, mapping);
    const itemsOf = () => {
      const draft = read(context, row);
      return typeof draft === 'string' ? draft : draft.leakedItems;
    };
    expect(itemsOf()).toEqual(expected);
    // The next row with the same words is read from what was kept of this one.
    expect(itemsOf()).toEqual(expected);
  });

  it('is a code as it stands where the campaign’s own items are not given', () => {
    const context = { ...contextOf('氏名|漏えい項目'), itemCodes: new Map() };
    expect(read(context, '見本|passport_no;name')).toMatchObject({ leakedItems: ['name', 'passport_no'] });
    expect(read(context, '見本|旅券')).toBe('item_unknown');
  });
});
