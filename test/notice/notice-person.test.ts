// How a notice addresses a person (民法 4条: of age at eighteen), and whom a preview shows because a text is hardest for them.
import { describe, expect, it } from 'vitest';
import { createHardestPeople, type HardPerson, samplePeople } from '../../src/notice/hardest-people.ts';
import { noticePerson } from '../../src/notice/notice-person.ts';
import { sampleCampaign } from './sample-notice.ts';

const options = {
  language: 'ja' as const,
  number: '123456789014',
  items: [
    { code: 'name', label: '氏名', labelEn: 'Name' },
    { code: 'card', label: 'カード番号' },
  ],
  sentOn: '2026-11-21',
  gift: false,
};
const source = { ref: 'r', name: '見本 太郎', flags: [], leakedItems: ['card', 'name', 'unknown'] };

describe('a person in a notice', () => {
  it('is addressed with 様, has the number in groups and the items in the campaign’s order', () => {
    expect(noticePerson(source, options)).toEqual({
      ref: 'r',
      number: '1234-5678-9014',
      name: '見本 太郎',
      honorific: '様',
      addressee: '見本 太郎 様',
      guardian: '保護者',
      minor: false,
      gift: false,
      items: ['氏名', 'カード番号'],
    });
    expect(noticePerson({ ...source, leakedItems: [], honorific: '御中' }, { ...options, gift: true })).toMatchObject({
      addressee: '見本 太郎 御中',
      gift: true,
      items: [],
    });
    expect(noticePerson(source, { ...options, language: 'en' })).toMatchObject({
      addressee: '見本 太郎',
      honorific: '',
      guardian: 'parent or guardian',
      items: ['Name', 'カード番号'],
    });
  });

  it.each<[string, object, 'ja' | 'en', string]>([
    ['the day before the eighteenth birthday', { birthDate: '2008-11-22' }, 'ja', '見本 太郎 様 保護者様'],
    ['on the eighteenth birthday', { birthDate: '2008-11-21' }, 'ja', '見本 太郎 様'],
    ['of age by birth, whatever a flag says', { birthDate: '1990-01-01', flags: ['minor'] }, 'ja', '見本 太郎 様'],
    ['a minor by the list', { flags: ['minor'] }, 'ja', '見本 太郎 様 保護者様'],
    [
      'a minor with a guardian',
      { flags: ['minor'], guardianName: '見本 花子' },
      'ja',
      '見本 花子 様（見本 太郎 様 保護者様）',
    ],
    ['a minor in English', { flags: ['minor'] }, 'en', 'Parent or guardian of 見本 太郎'],
    ['a minor with a guardian in English', { flags: ['minor'], guardianName: 'M' }, 'en', 'M (for 見本 太郎)'],
  ])('%s is reached by whoever can act', (_, over, language, addressee) => {
    expect(noticePerson({ ...source, ...over }, { ...options, language }).addressee).toBe(addressee);
  });
});

describe('whom a preview shows', () => {
  const person = (ref: string, over: Partial<HardPerson> = {}): HardPerson => ({
    ref,
    kind: 'customer',
    flags: ['abroad'],
    name: 'あ',
    address: ['東京'],
    leakedItems: [],
    ...over,
  });
  const chosen = (...people: HardPerson[]) => {
    const hardest = createHardestPeople('2026-11-21');
    for (const each of people) hardest.look(each);
    return hardest.choices().map(({ reason, person }) => `${reason} ${person.ref}`);
  };

  it('is the hardest of each sort, each once', () => {
    expect(
      chosen(
        person('a', { address: ['東京都', '千代田区'] }),
        person('b', { name: 'あいうえお' }),
        person('c', { name: '𠮷' }),
        person('d', { leakedItems: ['x', 'y'] }),
        person('e', { flags: ['minor'] }),
        person('f', { flags: ['protected_address'] }),
        person('g', { flags: [] }),
        person('h', { address: ['東京都'], name: 'あい', leakedItems: ['x'] }),
      ),
    ).toEqual([
      'longest-address a',
      'longest-name b',
      'rarest-characters c',
      'most-items d',
      'minor e',
      'protected-address f',
      'ordinary g',
    ]);
  });

  it('is the first of equals, and nobody where nobody is of that sort', () => {
    expect(chosen(person('a'), person('b'))).toEqual(['longest-address a']);
    expect(chosen()).toEqual([]);
  });

  it('weighs a rare character of the name four times one of the address', () => {
    const rare = (...people: HardPerson[]) =>
      chosen(person('long', { name: 'あいう', address: ['東京都千代田区千代田'] }), ...people)[1];
    expect(rare(person('name', { name: '髙' }), person('address', { address: ['髙濵德'] }))).toBe(
      'rarest-characters name',
    );
    expect(rare(person('name', { name: '髙' }), person('address', { address: ['髙濵德邉邊'] }))).toBe(
      'rarest-characters address',
    );
  });

  it('is a minor by birth as well, until the eighteenth birthday', () => {
    const old = person('old', { name: 'あいうえ', address: ['東京都千代田区'] });
    expect(chosen(old, person('young', { birthDate: '2008-11-22' }))).toContain('minor young');
    expect(chosen(old, person('of-age', { birthDate: '2008-11-21' }))).not.toContain('minor of-age');
  });

  it.each(['髙', '濵', '德', '邉', '邊', '𠮷', '㐂', '\uFA19', '葛\u{E0100}'])('counts %s as rare', (character) => {
    const long = person('long', { name: 'あいう', address: ['東京都千代田区'] });
    expect(chosen(long, person('rare', { name: character }))).toContain('rarest-characters rare');
  });

  it.each(['高', '浜', '辺', 'é', '々'])('counts %s as ordinary', (character) => {
    const long = person('long', { name: 'あいう', address: ['東京都千代田区'] });
    expect(chosen(long, person('plain', { name: character }))).not.toContain('rarest-characters plain');
  });

  it('is, while there is no list, somebody made up for each sort, with items of the campaign', () => {
    const campaign = sampleCampaign();
    const people = samplePeople(campaign);
    const hardest = createHardestPeople('2026-11-21');
    for (const each of people) hardest.look(each);
    expect(hardest.choices().map(({ reason, person: { name } }) => [reason, name])).toEqual([
      ['longest-address', '長谷川 ヴィクトリア・エリザベート'],
      ['rarest-characters', '髙﨑 𠮷男'],
      ['most-items', '多田 項目'],
      ['minor', '若井 まなぶ'],
      ['protected-address', '守屋 静'],
      ['ordinary', '見本 花子'],
    ]);
    const codes = campaign.incident.items.map(({ code }) => code);
    expect(people.map(({ leakedItems }) => leakedItems.length)).toEqual([2, 2, 2, codes.length, 2, 2]);
    expect(people.flatMap(({ leakedItems }) => leakedItems).every((code) => codes.includes(code))).toBe(true);
    expect(new Set(people.map(({ ref }) => ref)).size).toBe(people.length);
    expect(new Set(people.map(({ email }) => email)).size).toBe(people.length);
    for (const each of people) expect(each.ref).toMatch(/^0{8}-0000-7000-8000-0{11}\d$/);
    expect(people.every(({ postcode }) => /^\d{3}-\d{4}$/.test(postcode ?? ''))).toBe(true);
  });
});
