import { describe, expect, it } from 'vitest';
import type { CampaignFile } from '../../src/campaign/folder/campaign-file.ts';
import { checkNotice } from '../../src/notice/check-notice.ts';
import type { NoticeLanguage } from '../../src/notice/notice-person.ts';
import { sampleCampaign, shippedSource, shippedTexts } from './sample-notice.ts';

type Case = {
  fault: string;
  /** Turns the clean shipped text into one with this fault. */
  edit?: (text: string) => string;
  campaign?: (campaign: CampaignFile) => void;
  message: RegExp;
  language?: NoticeLanguage;
  variant?: string;
  /** A text that differs as little as possible and is right. */
  good?: (text: string) => string;
};

const addLine = (line: string) => (text: string) => text.replace('\n## 原因', `\n${line}\n\n## 原因`);
const dropPart = (heading: string) => (text: string) =>
  text.replace(new RegExp(`\n## ${heading}[\\s\\S]*?(?=\n## |\n\\{\\{)`), '\n');

const cases: Case[] = [
  {
    fault: 'an unknown field',
    edit: addLine('{{compny}}の対応'),
    message: /no field compny: did you mean "company"/,
    good: addLine('{{company}}の対応'),
  },
  { fault: 'a section used as a field', edit: addLine('{{items}}'), message: /it is a section/ },
  { fault: 'a section inside a line', edit: addLine('本日{{#gift}}品{{/gift}}'), message: /lines of its own/ },
  {
    fault: 'a section that is never closed',
    edit: addLine('{{#letter}}'),
    message: /section letter is never closed|\{\{#letter\}\}/,
  },
  { fault: 'a section closed without being opened', edit: addLine('{{/letter}}'), message: /not open/ },
  {
    fault: 'an unknown heading mark',
    edit: (text) => text.replace('{#verify}', '{#verfy}'),
    message: /no heading mark verfy: did you mean "verify"/,
  },
  { fault: 'lone braces', edit: addLine('{{ 会社'), message: /braces without a field/ },
  { fault: 'bold text without end', edit: addLine('**重要です'), message: /bold/, good: addLine('**重要**です') },
  {
    fault: 'no front matter',
    edit: (text) => text.replace(/^---[\s\S]*?---\n/, ''),
    message: /front matter is missing/,
  },
  { fault: 'no outline (item 1)', edit: dropPart('概要'), message: /legal-1/ },
  { fault: 'no leaked items (item 2)', edit: (text) => text.replace('{#legal-2}', ''), message: /legal-2/ },
  {
    fault: "items that are not the person's own",
    edit: (text) => text.replace(/\{\{#items\}\}[\s\S]*?\{\{\/items\}\}/, '- 氏名'),
    message: /legal-2.*\{\{item\}\}/,
  },
  { fault: 'no cause (item 4)', edit: dropPart('原因'), message: /legal-4/ },
  {
    fault: 'an empty cause',
    edit: (text) => text.replace('\n{{cause}}\n', '\n'),
    message: /nothing is written under this heading.*cause/,
  },
  { fault: 'no secondary damage (item 5)', edit: dropPart('二次被害とそのおそれ'), message: /legal-5/ },
  { fault: 'no advice and enquiry (item 9)', edit: (text) => text.replace('{#legal-9}', ''), message: /legal-9/ },
  {
    fault: 'an enquiry without the number to call',
    edit: (text) => text.replaceAll('{{phone}}', '公式サイトに記載'),
    message: /legal-9.*\{\{phone\}\}/,
    good: (text) => text.replaceAll('{{phone}}', '0120-000-000'),
  },
  {
    fault: 'a legal item in letters only',
    edit: (text) => text.replace(/(## 原因[\s\S]*?)(?=\n## )/, '{{#letter}}\n$1\n{{/letter}}\n'),
    message: /e-mail.*cause/,
  },
  { fault: 'no as-of date', edit: (text) => text.replaceAll('{{asOf}}現在', '現時点'), message: /\{\{asOf\}\}/ },
  { fault: 'no words on what did not leak', edit: dropPart('対象に含まれない情報'), message: /did not leak/ },
  {
    fault: 'no words on what is never asked for',
    edit: (text) => text.replace('{#never-ask}', ''),
    message: /never ask for/,
  },
  { fault: 'no way to verify the notice', edit: (text) => text.replace('{#verify}', ''), message: /verify the notice/ },
  {
    fault: 'a way to verify without the official page',
    edit: (text) => text.replace('{{url}}', 'ホームページ'),
    message: /verify.*\{\{url\}\}/,
  },
  {
    fault: 'a field without a value',
    edit: addLine('{{centreEmail}}'),
    campaign: (campaign) => void delete campaign.callCentre.email,
    message: /centreEmail.*no value/,
    good: addLine('メール'),
  },
  {
    fault: "another company's number",
    edit: addLine('電話 0120-999-999'),
    message: /0120-999-999 is not the call centre's/,
    good: addLine('電話 0120-000-000'),
  },
  {
    fault: 'a number in full-width digits',
    edit: addLine('電話 ０１２０－９９９－９９９'),
    message: /not the call centre's/,
  },
  {
    fault: 'an unknown e-mail address',
    edit: addLine('info@elsewhere.example まで'),
    message: /not in campaign.yaml/,
    good: addLine('madoguchi@mihon-shoten.example まで'),
  },
  {
    fault: 'other hours',
    edit: addLine('受付は午前10時から午後5時までです'),
    message: /hours/,
    good: addLine('受付は午前9時から午後8時までです'),
  },
  {
    fault: 'an as-of date before the incident was known',
    edit: (text) => text.replace('asOf: 2026-11-19', 'asOf: 2026-11-01'),
    message: /dates out of order: incident.knownAt/,
  },
  {
    fault: 'an as-of date after the last sending',
    edit: (text) => text.replace('asOf: 2026-11-19', 'asOf: 2026-12-30'),
    message: /dates out of order: asOf/,
  },
  {
    fault: 'a call centre that opens after the first wave',
    campaign: (campaign) => {
      campaign.callCentre.opensOn = '2026-11-25';
    },
    message: /callCentre.opensOn/,
  },
  {
    fault: 'an outline out of order',
    edit: (text) => text.replace('{{summary}}\n', '{{summary}}\n\n- 2026年11月14日 調査開始\n- 2026年11月10日 検知\n'),
    message: /not in the order/,
    good: (text) =>
      text.replace('{{summary}}\n', '{{summary}}\n\n1. 2026年11月12日 検知\n2. 2026年11月14日 調査開始\n'),
  },
  {
    fault: 'an event after the as-of date',
    edit: (text) => text.replace('{{summary}}\n', '{{summary}}\n\n2026年11月25日に調査を終えました。\n'),
    message: /after the day to which/,
  },
  {
    fault: 'a possible leak told as a fact',
    edit: addLine('お客様の情報が漏えいしました。'),
    message: /states it as a fact/,
    good: addLine('お客様の情報が漏えいしたおそれがございます。'),
  },
  {
    fault: 'a confirmed leak told as a possibility',
    edit: addLine('漏えいしたおそれがございます。'),
    campaign: (campaign) => {
      campaign.incident.certainty = 'confirmed';
      campaign.incident.summary = '情報が漏えいいたしました。';
    },
    message: /incident is confirmed/,
    good: addLine('漏えいいたしました。'),
  },
  {
    fault: 'no word on whether data leaked',
    edit: (text) => text.replaceAll('{{leaked}}', '扱われた'),
    campaign: (campaign) => {
      campaign.incident.summary = '不正アクセスがありました。';
    },
    message: /never says that data leaked/,
  },
  {
    fault: '"no misuse" without day and source',
    edit: addLine('不正利用は確認されておりません。'),
    message: /needs the day and who established it/,
    good: addLine('不正利用は、2026年11月19日現在、専門会社の調査により確認されておりません。'),
  },
  {
    fault: '"no misuse" when misuse is confirmed',
    edit: addLine('不正利用は2026年11月19日現在の調査で確認されておりません。'),
    campaign: (campaign) => {
      campaign.incident.secondaryDamage.status = 'confirmed';
    },
    message: /misuse is confirmed in campaign.yaml/,
  },
  {
    fault: 'words that admit liability',
    edit: addLine('当社の過失により生じたものです。'),
    message: /may admit liability/,
    good: (text) =>
      addLine('当社の過失により生じたものです。')(text).replace(
        'asOf:',
        'release: { lawyer: 弁護士 甲, insurer: 保険会社 乙, words: [過失] }\nasOf:',
      ),
  },
  {
    fault: 'a release that names only the lawyer',
    edit: (text) =>
      addLine('当社の過失です。')(text).replace('asOf:', 'release: { lawyer: 弁護士 甲, words: [過失] }\nasOf:'),
    message: /missing|add it/,
  },
  { fault: 'an excuse', edit: addLine('想定外の攻撃でした。'), message: /excuse/ },
  {
    fault: 'an excuse in the campaign file',
    campaign: (campaign) => {
      campaign.incident.cause = '不可抗力による不正アクセスです。';
    },
    message: /不可抗力/,
  },
  { fault: 'a placeholder of circles', edit: addLine('○○株式会社'), message: /placeholder/ },
  { fault: 'a placeholder of letters', edit: addLine('電話 XXX'), message: /placeholder/ },
  { fault: 'a note to oneself', edit: addLine('TODO 文言'), message: /placeholder/ },
  {
    fault: 'a link to another page',
    edit: addLine('https://elsewhere.example/x をご覧ください'),
    message: /only address in a notice/,
    good: addLine('{{url}} をご覧ください'),
  },
  { fault: 'a link shortener', edit: addLine('bit.ly/abc'), message: /only address in a notice/ },
  {
    fault: 'a Markdown link',
    edit: addLine('[こちら](https://www.mihon-shoten.example/oshirase)'),
    message: /only address in a notice/,
  },
  { fault: 'HTML', edit: addLine('<b>重要</b>'), message: /only address in a notice/ },
  { fault: 'a request to click', edit: addLine('下のボタンをクリックしてください'), message: /what fraudsters do/ },
  {
    fault: 'an official page behind a shortener',
    campaign: (campaign) => {
      campaign.callCentre.url = 'https://bit.ly/x';
    },
    message: /link shortener/,
  },
  {
    fault: 'a gift shown to those who get none',
    edit: (text) => text.replace('{{#gift}}\n', '').replace('お申し付けください。\n{{/gift}}', 'お申し付けください。'),
    message: /people who get no gift/,
  },
  {
    fault: 'a gift that is not explained',
    edit: (text) => text.replace(/\{\{#gift\}\}[\s\S]*?\{\{\/gift\}\}/, ''),
    message: /does not explain it/,
  },
  {
    fault: 'a gift without "waives nothing"',
    edit: (text) => text.replace(/お受け取りになることで[^。]*。/, ''),
    message: /waives none/,
  },
  {
    fault: 'a gift without "costs nothing"',
    edit: (text) => text.replace(/費用のご負担[^。]*。/, ''),
    message: /costs nothing/,
  },
  {
    fault: 'a gift without "may be declined"',
    edit: (text) => text.replace(/ご不要の場合[^。]*。/, ''),
    message: /may be declined/,
  },
  {
    fault: 'no word to the guardian of a minor',
    edit: (text) => text.replace(/\{\{#minor\}\}[\s\S]*?\{\{\/minor\}\}/, ''),
    message: /guardian/,
  },
  {
    fault: 'no reason for people who opted out',
    edit: (text) => text.replace('メールマガジンなどの配信を停止されている方', '皆様'),
    message: /opted out/,
  },
  {
    fault: 'a field in the subject',
    edit: (text) => text.replace(/subject: .*/, 'subject: "{{name}}様へ"'),
    message: /subject may hold no field/,
  },
  {
    fault: 'a first notice that supersedes something',
    edit: (text) => text.replace('asOf:', 'supersedes: initial\nasOf:'),
    message: /supersedes nothing/,
  },
  {
    fault: 'a supplement to nothing',
    variant: 'supplement',
    edit: (text) => text.replace('supersedes: initial\n', ''),
    message: /continues an earlier notice/,
  },
  {
    fault: 'a text whose purpose is not that of its wave',
    edit: (text) => text.replace('purpose: initial', 'purpose: correction\nsupersedes: initial'),
    message: /but wave email-1 says initial/,
  },
  {
    fault: 'a letter of more than two pages',
    edit: addLine('同じ文章が続きます。'.repeat(200)),
    message: /longer than two pages/,
  },
  {
    fault: 'an unknown key in the front matter',
    edit: (text) => text.replace('subject:', 'subjct:'),
    message: /did you mean "subject"/,
  },
  {
    fault: 'Japanese values in an English notice',
    language: 'en',
    edit: (text) => text.replace(/ {2}hours: .*\n/, ''),
    message: /value of \{\{hours\}\} is Japanese/,
  },
  {
    fault: 'translated hours that differ',
    language: 'en',
    edit: (text) => text.replace('9 a.m. to 8 p.m.', '9 a.m. to 6 p.m.'),
    message: /not the call centre's/,
    good: (text) => text.replace('9 a.m. to 8 p.m.', '9:00 to 20:00'),
  },
  {
    fault: 'an English possible leak told as a fact',
    language: 'en',
    edit: (text) => text.replace('\n## Cause', '\nYour data was stolen.\n\n## Cause'),
    message: /states it as a fact/,
    good: (text) => text.replace('\n## Cause', '\nYour data may have been stolen.\n\n## Cause'),
  },
  {
    fault: 'an unknown field in a worded value',
    language: 'en',
    edit: (text) => text.replace('As of {{asOf}} no misuse', 'As of {{asof}} no misuse'),
    message: /braces without a field/,
  },
  {
    fault: 'an English admission',
    language: 'en',
    edit: (text) => text.replace('\n## Cause', '\nWe are liable.\n\n## Cause'),
    message: /may admit liability/,
  },
];

describe('checking a notice', () => {
  it.each(shippedTexts)('finds nothing in the shipped text %s.%s', (variant, language) => {
    expect(checkNotice(shippedSource(variant, language), sampleCampaign())).toEqual([]);
  });

  it.each(shippedTexts)('finds nothing in the shipped text %s.%s when the leak is confirmed', (variant, language) => {
    const campaign = sampleCampaign((file) => {
      file.incident.certainty = 'confirmed';
      file.incident.summary = 'お客様の個人情報が外部に漏えいいたしました。';
    });
    const source = shippedSource(variant, language);
    const text = source.text.replace('may have been obtained from there', 'were obtained from there');
    expect(checkNotice({ ...source, text }, campaign)).toEqual([]);
  });

  it.each(cases)('finds $fault, with a line and a remedy', ({ edit, campaign, message, variant, language }) => {
    const source = shippedSource(variant ?? 'adult', language ?? 'ja');
    const text = edit ? edit(source.text) : source.text;
    if (edit) expect(text).not.toBe(source.text);
    const problems = checkNotice({ ...source, text }, sampleCampaign(campaign));
    expect(problems.map((problem) => problem.message).join('\n')).toMatch(message);
    for (const problem of problems) expect(problem.message).not.toMatch(/^notice\./);
  });

  it.each(cases.filter((one) => one.good))('accepts the right text next to $fault', ({ good, campaign, language }) => {
    const source = shippedSource('adult', language ?? 'ja');
    const text = (good as (text: string) => string)(source.text);
    expect(text).not.toBe(source.text);
    expect(checkNotice({ ...source, text }, sampleCampaign(campaign))).toEqual([]);
  });

  it('points at the line of the fault', () => {
    const source = shippedSource();
    const lines = source.text.split('\n');
    lines.splice(20, 0, '', '○○です', '');
    const [problem] = checkNotice({ ...source, text: lines.join('\n') }, sampleCampaign());
    expect(problem).toMatchObject({ file: 'notice/adult.ja.md', line: 22 });
  });

  it('reports in Japanese when asked', () => {
    const source = shippedSource();
    const [problem] = checkNotice(
      { ...source, text: source.text.replace('{{cause}}', '{{caus}}です') },
      sampleCampaign(),
      'ja',
    );
    expect(problem?.message).toContain('ではありませんか');
  });
});
