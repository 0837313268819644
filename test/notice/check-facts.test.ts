// That a notice agrees with its campaign: each fact that differs, at its line and under its path, and the nearest text that is right.
import { describe, expect, it } from 'vitest';
import type { CampaignFile } from '../../src/campaign/folder/campaign-file.ts';
import { checkNotice } from '../../src/notice/check-notice.ts';
import type { NoticeLanguage } from '../../src/notice/notice-person.ts';
import { sampleCampaign, shippedSource } from './sample-notice.ts';

type Change = (campaign: CampaignFile) => void;
type Edit = (text: string) => string;

/** `line path` of each fault. */
function found(edit: Edit, change: Change = () => {}, language: NoticeLanguage = 'ja', variant = 'adult'): string[] {
  const source = shippedSource(variant, language);
  return checkNotice({ ...source, text: edit(source.text) }, sampleCampaign(change)).map(
    ({ line, path }) => `${line} ${path}`,
  );
}
const same: Edit = (text) => text;
/** The line that is put before the cause, and its number. */
const put = (line: string) => (text: string) => text.replace('\n## 原因', `\n${line}\n\n## 原因`);
const putAt = 40;

describe('what is typed out must be the campaign’s', () => {
  it.each<[string, string, string[]]>([
    ['the call centre’s number', '電話 0120-000-000', []],
    ['the same without hyphens', '電話 0120000000', []],
    ['the company’s own number', '電話 03-0000-0000', []],
    ['a stranger’s number', '電話 03-1234-5678', ['phone']],
    ['a stranger’s without hyphens', '電話 0120999999', ['phone']],
    ['two strangers’', '0120-999-999 と 0120-999-998', ['phone', 'phone']],
    ['the own in full width', '０１２０－０００－０００', []],
    ['a notice number, which is no telephone', '1234-0120-999-999', []],
    ['the call centre’s address in capitals', 'MADOGUCHI@mihon-shoten.example', []],
    ['an address that differs by a letter', 'madoguti@mihon-shoten.example', ['centreEmail']],
    ['other hours', '10時から17時まで', ['hours']],
    ['other hours with a colon', '10:00〜17:00', ['hours']],
  ])('%s', (_, line, paths) => {
    const change: Change = ({ sender }) => void Object.assign(sender, { phone: '03-0000-0000' });
    expect(found(put(line), change)).toEqual(paths.map((path) => `${putAt} ${path}`));
  });

  it.each([
    ['9 a.m. to 8 p.m.', true],
    ['9:00 am to 8:00 pm', true],
    ['9:00 to 20:00', true],
    ['09.00 - 20.00', true],
    ['9 a.m. to 7 p.m.', false],
    ['9 a.m. to 8 a.m.', false],
    ['9:30 a.m. to 8 p.m.', false],
    ['9 a.m.', false],
  ])('hours in English: %s', (hours, right) => {
    const english = found((text) => text.replace('9 a.m. to 8 p.m.', hours), undefined, 'en');
    expect(english.filter((fault) => fault.endsWith('values.hours'))).toHaveLength(right ? 0 : 1);
  });

  it('noon is twelve, and half past is half an hour', () => {
    const at = (hours: string, worded: string) =>
      found(
        (text) => text.replace('9 a.m. to 8 p.m.', worded),
        ({ callCentre }) => void Object.assign(callCentre, { hours }),
        'en',
      ).filter((fault) => fault.endsWith('values.hours')).length;
    expect(at('午前9時30分から午後1時まで', '9:30 a.m. to 1 p.m.')).toBe(0);
    expect(at('午前9時から午後12時まで', '9 a.m. to 12 p.m.')).toBe(0);
    expect(at('午前9時から午後12時まで', '9 a.m. to 12:30 p.m.')).toBe(1);
  });
});

describe('days stand in their order, the same day included', () => {
  it.each<[string, Change, number]>([
    [
      'known on the day from which the facts are',
      ({ incident }) => void Object.assign(incident, { knownAt: '2026-11-19 09:00' }),
      0,
    ],
    [
      'known a day later, which the outline says as well',
      ({ incident }) => void Object.assign(incident, { knownAt: '2026-11-20 09:00' }),
      2,
    ],
    [
      'the leak began and ended on one day',
      ({ incident }) => void Object.assign(incident.period, { from: '2026-11-01', to: '2026-11-01' }),
      0,
    ],
    [
      'the leak ended before it began',
      ({ incident }) => void Object.assign(incident.period, { from: '2026-11-02', to: '2026-11-01' }),
      1,
    ],
    [
      'the leak began on the day it was known',
      ({ incident }) => void Object.assign(incident.period, { from: '2026-11-12', to: '2026-11-12' }),
      0,
    ],
    [
      'misuse looked for until the day of the facts',
      ({ incident }) => void Object.assign(incident.secondaryDamage, { asOf: '2026-11-19' }),
      0,
    ],
    [
      'misuse looked for a day longer',
      ({ incident }) => void Object.assign(incident.secondaryDamage, { asOf: '2026-11-20' }),
      1,
    ],
    [
      'the call centre opens with the first wave',
      ({ callCentre }) => void Object.assign(callCentre, { opensOn: '2026-11-20' }),
      0,
    ],
    [
      'the call centre closes on the day it opens',
      ({ callCentre }) => void Object.assign(callCentre, { closesOn: callCentre.opensOn }),
      0,
    ],
    [
      'the call centre closes before it opens',
      ({ callCentre }) => void Object.assign(callCentre, { closesOn: '2026-11-01' }),
      1,
    ],
  ])('%s', (_, change, faults) => {
    expect(found(same, change)).toHaveLength(faults);
  });

  it.each<[string, string, string[]]>([
    ['two days of an outline in their order', '- 2026年11月10日 甲\n- 2026年11月12日 乙', []],
    ['one day twice', '- 2026年11月10日 甲\n- 2026年11月10日 乙', []],
    ['an entry without a day between', '- 2026年11月12日 甲\n- 乙\n- 2026年11月10日 丙', ['3 #legal-1']],
    ['the day of the facts', '2026年11月19日 甲', []],
    ['a day after them', '2026年11月20日 甲', ['1 #legal-1']],
    ['two paragraphs, which are no list', '2026年11月12日 甲\n\n2026年11月10日 乙', []],
    ['a day that is none', '2026年13月40日 甲', []],
    ['days in full width', '- ２０２６年１１月１２日 甲\n- 2026年11月9日 乙', ['2 #legal-1']],
  ])('in the outline: %s', (_, lines, faults) => {
    const source = shippedSource();
    const outline = source.text.split('\n').indexOf('{{summary}}');
    const text = source.text.replace('{{summary}}\n', `${lines}\n\n{{summary}}\n`);
    expect(
      checkNotice({ ...source, text }, sampleCampaign()).map(({ line, path }) => `${line - outline} ${path}`),
    ).toEqual(faults);
  });

  it('in English as well', () => {
    const outline = (lines: string) =>
      found((text) => text.replace('{{summary}}\n', `${lines}\n\n{{summary}}\n`), undefined, 'en').map(
        (fault) => fault.split(' ')[1],
      );
    expect(outline('- 10 November 2026: one\n- 12 November 2026: two')).toEqual([]);
    expect(outline('- 31 October 2026: one\n- 1 November 2026: two')).toEqual([]);
    expect(outline('- 12 November 2026: one\n- 10 November 2026: two')).toEqual(['#legal-1']);
    expect(outline('20 November 2026: late')).toEqual(['#legal-1']);
  });
});

describe('what is certain', () => {
  const confirmed: Change = ({ incident }) =>
    void Object.assign(incident, { certainty: 'confirmed', summary: 'お客様の個人情報が外部に漏えいいたしました。' });
  it.each<[string, Edit, Change, string[]]>([
    ['a possible leak told as one', put('漏えいしたおそれがございます。'), () => {}, []],
    ['a possible leak told as a fact', put('漏えいしました。'), () => {}, [`${putAt} incident.certainty`]],
    ['a fact told as a possibility', put('漏えいしたおそれがございます。'), confirmed, [`${putAt} incident.certainty`]],
    ['a fact told as one', put('漏えいしました。'), confirmed, []],
    [
      'a fact where only a possibility is known, in the subject',
      (text) => text.replace(/subject: .*/, 'subject: 個人情報が漏えいしました'),
      () => {},
      ['3 incident.certainty'],
    ],
    [
      'what only readers of a confirmed leak read',
      put('{{#confirmed}}\n漏えいしました。\n{{/confirmed}}'),
      () => {},
      [],
    ],
  ])('%s', (_, edit, change, faults) => {
    expect(found(edit, change)).toEqual(faults);
  });

  it('is said by one word of the campaign or by any of the text, in the first notice only', () => {
    const silent: Edit = (text) => text.replaceAll('{{leaked}}', '扱われた');
    const unsaid: Change = ({ incident }) => void Object.assign(incident, { summary: '不正アクセスがありました。' });
    expect(found(silent, unsaid)).toEqual(['0 leaked']);
    expect(found((text) => put('漏えいのおそれがございます。')(silent(text)), unsaid)).toEqual([]);
    expect(found((text) => text.replace('{{leaked}}', '扱われた'), unsaid)).toEqual([]);
  });
});

describe('“no misuse is confirmed”', () => {
  const words = '不正利用は確認されておりません。';
  it.each<[string, string, string[]]>([
    ['with day and source', `2026年11月19日現在、調査により、${words}`, []],
    ['without a day', `調査により、${words}`, [`${putAt} #legal-5`]],
    ['without a source', `2026年11月19日現在、${words}`, [`${putAt} #legal-5`]],
    ['as the campaign says it', '{{secondaryDamage}}', []],
  ])('%s', (_, line, faults) => {
    expect(found(put(line))).toEqual(faults);
  });

  it('is untrue once misuse is', () => {
    const misused: Change = ({ incident }) => void Object.assign(incident.secondaryDamage, { status: 'confirmed' });
    expect(found(put(`2026年11月19日現在、調査により、${words}`), misused)).toEqual([`${putAt} #legal-5`]);
    expect(found(same, misused)).toEqual([]);
  });
});

describe('an English notice', () => {
  it.each(['summary', 'cause', 'notLeaked', 'hours'])('has %s in English, where it says it', (field) => {
    const dropped: Edit = (text) => text.replace(new RegExp(` {2}${field}: .*\\n`), '');
    const source = shippedSource('adult', 'en');
    const text = dropped(source.text);
    expect(text).not.toBe(source.text);
    const at = text.slice(0, text.indexOf(`{{${field}}}`)).split('\n').length;
    expect(found(dropped, undefined, 'en')).toEqual([`${at} values.${field}`]);
  });

  it('may have names and addresses in Japanese', () => {
    expect(found((text) => text.replace(/ {2}(company|senderAddress): .*\n/g, ''), undefined, 'en')).toEqual([]);
  });
});
