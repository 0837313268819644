// The wording of a notice at its bounds: how long a letter may be, what a subject may hold, which address may stand in it. Two pages of a
// letter take 558 and 700 points less the 35 that a heading may move on, 1,223 in all; a line takes 17.5, a paragraph 5 more.
import { describe, expect, it } from 'vitest';
import type { CampaignFile } from '../../src/campaign/folder/campaign-file.ts';
import { checkNotice } from '../../src/notice/check-notice.ts';
import { sampleCampaign, shippedSource } from './sample-notice.ts';

const lettersOnly = (campaign: CampaignFile) => {
  campaign.waves = campaign.waves.filter(({ channel }) => channel === 'letter');
};
const head = '---\npurpose: initial\nsubject: お知らせ\nasOf: 2026-11-19\n---\n\n# お知らせ\n\n';

/** By how many lines a letter of these blocks is too long, or 0. */
function linesTooMany(blocks: readonly string[], change: (campaign: CampaignFile) => void = lettersOnly): number {
  const source = { ...shippedSource(), text: `${head}${blocks.join('\n\n')}\n` };
  const said = checkNotice(source, sampleCampaign(change)).map((problem) => problem.message);
  return Number(said.map((message) => /^the letter .*?(\d+) lines?/.exec(message)?.[1]).find(Boolean) ?? 0);
}

const paragraphs = (count: number, text = '文') => Array.from({ length: count }, () => text);
const list = (count: number, entry = '文') => Array.from({ length: count }, () => `- ${entry}`).join('\n');

const items = '{{#items}}\n- {{item}}\n{{/items}}';

describe('a letter of two pages', () => {
  // 34 the title, 26.5 a heading, 17.5 an entry of a list, 22.5 a paragraph or closing line.
  it.each<[string, string[], number]>([
    ['34 + 26.5 + 6 × 17.5 + 47 × 22.5 = 1,223 fit', ['## 一', list(6), ...paragraphs(46), '> 以上'], 0],
    ['3 headings, 3 entries: 1,223.5 do not', ['## 一', '## 二', '## 三', list(3), ...paragraphs(46), '> 以上'], 1],
    ['a line more than 1,223', ['## 一', list(7), ...paragraphs(46), '> 以上'], 1],
    ['a paragraph more than 1,223 takes a line and a part', ['## 一', list(6), ...paragraphs(48)], 2],
    [
      'the seven items of the incident are as many lines: with 8 entries 1,223',
      [items, list(8), '## 一', ...paragraphs(39), '> 以上'],
      0,
    ],
    ['the seven items and 9 entries', [items, list(9), '## 一', ...paragraphs(39), '> 以上'], 1],
  ])('%s', (_, blocks, lines) => {
    expect(linesTooMany(blocks)).toBe(lines);
  });

  const full = ['## 一', list(6), ...paragraphs(46)];
  it.each<[string, string, number]>([
    ['43 full-width characters', '文'.repeat(43), 0],
    ['44 full-width characters', '文'.repeat(44), 1],
    ['84 Latin letters', 'a'.repeat(84), 0],
    ['85 Latin letters', 'a'.repeat(85), 1],
    ['a name, which takes ten, and 33 characters', `{{name}}${'文'.repeat(33)}`, 0],
    ['a name and 34 characters', `{{name}}${'文'.repeat(34)}`, 1],
    ['twice 43 characters', '文'.repeat(86), 1],
    ['twice 44 characters', '文'.repeat(88), 2],
    ['rare characters, which are one each', '𠮷'.repeat(43), 0],
  ])('whose last paragraph is %s', (_, text, lines) => {
    expect(linesTooMany([...full, text])).toBe(lines);
  });

  it.each([
    [42, 0],
    [43, 6],
  ])('whose list is of %s characters each, for a list is set in', (count, lines) => {
    expect(linesTooMany(['## 一', list(6, '文'.repeat(count)), ...paragraphs(47)])).toBe(lines);
  });

  it('is the longest that anyone of the campaign may read, and no mail', () => {
    const long = paragraphs(47);
    const gift = `{{#gift}}\n${paragraphs(6).join('\n\n')}\n{{/gift}}`;
    const minor = `{{#minor}}\n${paragraphs(6).join('\n\n')}\n{{/minor}}`;
    const email = `{{#email}}\n${paragraphs(20).join('\n\n')}\n{{/email}}`;
    expect(linesTooMany([...long, email])).toBe(0);
    expect(linesTooMany([...long, gift])).toBe(1);
    expect(linesTooMany([...long, gift, minor])).toBe(8);
    expect(
      linesTooMany(paragraphs(90), (campaign) => {
        campaign.waves = campaign.waves.filter(({ channel }) => channel === 'email');
      }),
    ).toBe(0);
  });
});

const shipped = shippedSource();
const edited = (from: string | RegExp, to: string, change?: (campaign: CampaignFile) => void) => {
  const text = shipped.text.replace(from, to);
  expect(text).not.toBe(shipped.text);
  return checkNotice({ ...shipped, text }, sampleCampaign(change));
};
const subject = (words: string) => edited(/subject: .*/, `subject: ${JSON.stringify(words)}`);

describe('a subject', () => {
  it.each<[string, string, RegExp | null]>([
    ['80 characters', '文'.repeat(80), null],
    ['80 rare characters', '𠮷'.repeat(80), null],
    ['81 characters', '文'.repeat(81), /longer than 80/],
    ['a brace that opens', 'お知らせ{{', /no field/],
    ['a brace that closes', 'お知らせ}}', /no field/],
    ['a line end', 'お知らせ\nBcc: x', /no field/],
  ])('of %s', (_, words, message) => {
    const problems = subject(words);
    expect(problems.map((problem) => problem.message)).toEqual(message ? [expect.stringMatching(message)] : []);
    if (message) expect(problems).toMatchObject([{ line: 3, path: 'subject' }]);
  });

  it('holds no phrase that the text may not hold', () => {
    expect(subject('当社の過失について')).toMatchObject([{ line: 3, message: expect.stringMatching(/may admit/) }]);
  });
});

describe('words that a lawyer and the insurer released', () => {
  const release = (words: string) => `release: { lawyer: 弁護士 甲, insurer: 保険会社 乙, words: [${words}] }\nasOf:`;
  const problems = (words: string, line: string) => {
    const text = shipped.text.replace('asOf:', release(words)).replace('\n## 原因', `\n${line}\n\n## 原因`);
    return checkNotice({ ...shipped, text }, sampleCampaign()).map((problem) => problem.message);
  };
  it('may stand wherever they are, each as it was released, and no others', () => {
    expect(problems('当社の過失', '当社の過失です。当社の過失です。')).toEqual([]);
    expect(problems('過失, 賠償', '過失と賠償')).toEqual([]);
    expect(problems('当社の過失', '弊社の過失です。')).toEqual([expect.stringMatching(/過失.*may admit/)]);
    expect(problems('当社の過失', '過失と賠償')).toEqual([expect.stringMatching(/過失.*may admit/)]);
  });
});

describe('an address', () => {
  const line = (text: string, change?: (campaign: CampaignFile) => void) =>
    edited('\n## 原因', `\n${text}\n\n## 原因`, change);
  it.each([
    ['www.elsewhere.example をご覧ください', 'www.elsewhere.example'],
    ['HTTPS://elsewhere.example/x。', 'HTTPS://elsewhere.example/x'],
    ['[こちら](/oshirase)', ''],
    ['</a>', '</a>'],
    ['T.CO/abc まで', 't.co'],
  ])('%s is found and named', (text, found) => {
    const problem = line(text).find(({ path }) => path === 'url');
    expect(problem?.message).toContain(found);
    expect(problem?.line).toBe(shipped.text.slice(0, shipped.text.indexOf('\n## 原因')).split('\n').length + 1);
  });

  it.each(['rabbit.ly', 'x.gdp', 'a < b', '3 <5> 7', 'https://www.mihon-shoten.example/oshirase'])(
    '%s is none',
    (text) => {
      expect(line(text)).toEqual([]);
    },
  );

  it('of the official page must not hide behind a shortener, in whatever case, and is said of the whole file', () => {
    const behind = (url: string) =>
      checkNotice(
        shipped,
        sampleCampaign(({ callCentre }) => void Object.assign(callCentre, { url })),
      ).filter(({ message }) => /shortener/.test(message));
    expect(behind('https://BIT.LY/x')).toMatchObject([{ line: 0, path: 'url' }]);
    expect(behind('https://rabbit.ly/x')).toEqual([]);
  });
});

it('a value with braces that are no field is found where it is written', () => {
  const english = shippedSource('adult', 'en');
  const at = (from: string, to: string) =>
    checkNotice({ ...english, text: english.text.replace(from, to) }, sampleCampaign()).filter(
      ({ path }) => path === 'values.company',
    );
  expect(at('company: ', 'company: "{{" #')).toHaveLength(1);
  expect(at('company: ', 'company: "}}" #')[0]?.line).toBe(
    english.text.slice(0, english.text.indexOf('company: ')).split('\n').length,
  );
});
