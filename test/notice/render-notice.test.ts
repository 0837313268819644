import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STOCK_FORMAT } from '../../src/delivery/letters/letter-format.ts';
import { typesetLot } from '../../src/delivery/letters/typeset-lot.ts';
import { assertCleanOutput, otherNames } from '../../src/notice/clean-output.ts';
import { fillBlock, type LetterText, type TextRun } from '../../src/notice/letter-text.ts';
import type { NoticePerson } from '../../src/notice/notice-person.ts';
import { renderEmail, sharedTextOf } from '../../src/notice/render-email.ts';
import { letterShape, renderLetter } from '../../src/notice/render-letter.ts';
import { person, prepare, sampleCampaign, shippedSource, shippedTexts } from './sample-notice.ts';

const runsText = (runs: readonly TextRun[]) => runs.map((run) => run.text).join('');

/** Each line that a reader of the letter reads. */
function letterLines(letter: LetterText, reader: NoticePerson): string[] {
  return letter.blocks.flatMap((block) => {
    const filled = block.scope === 'personal' ? fillBlock(block, reader) : block;
    return filled.kind === 'list' ? filled.items.map(runsText) : [runsText(filled.runs)];
  });
}

function htmlLines(html: string): string[] {
  const body = html.slice(html.indexOf('<body'));
  return body
    .replace(/<\/(?:p|h1|h2|li)>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

const textLines = (text: string) =>
  text
    .split('\n')
    .map((line) =>
      line
        .replace(/^(?:・|- |■ |## |\d+\. |【|== )/, '')
        .replace(/(?:】| ==)$/, '')
        .trim(),
    )
    .filter(Boolean);

// Values as lists hold them: rare kanji, IVS, quotes, markup, and words that look like fields or Markdown.
const value = fc.oneof(
  fc.constantFrom('髙﨑 𠮷男', '渡邉󠄀 一', "O'Brien <b>", '**太字**', '山田&太郎', '{#legal-1}', '林 "健"'),
  fc.string({ unit: fc.constantFrom(...'亜以宇江尾加木久阿伊宇絵於佐志須世曽'), minLength: 3, maxLength: 8 }),
);

const anyPerson = fc
  .record({
    name: value,
    digits: fc.integer({ min: 0, max: 999_999_999_999 }),
    items: fc.uniqueArray(value, { minLength: 1, maxLength: 6 }),
    minor: fc.boolean(),
    gift: fc.boolean(),
    guardian: value,
  })
  .map(({ digits, ...rest }): NoticePerson => {
    const padded = String(digits).padStart(12, '0');
    const number = `${padded.slice(0, 4)}-${padded.slice(4, 8)}-${padded.slice(8)}`;
    return person({
      ...rest,
      number,
      addressee: rest.minor ? `${rest.name} 様 ${rest.guardian} 様` : `${rest.name} 様`,
    });
  });

describe('rendering a notice', () => {
  it.each(shippedTexts)('renders %s.%s as the golden e-mail', async (variant, language) => {
    const { compiled, context } = prepare(shippedSource(variant, language));
    const items = language === 'en' ? ['name', 'postal address'] : ['氏名', '住所', 'メールアドレス'];
    const { subject, text, html } = renderEmail(
      compiled,
      person({ items, gift: true, minor: variant === 'supplement' }),
      context,
    );
    await expect(`${subject}\n\n${text}`).toMatchFileSnapshot(`../fixtures/notice/${variant}.${language}.txt`);
    await expect(html).toMatchFileSnapshot(`../fixtures/notice/${variant}.${language}.html`);
  });

  it.each(shippedTexts)('tells the same in the HTML and the plain text of %s.%s', (variant, language) => {
    const { compiled, context } = prepare(shippedSource(variant, language));
    fc.assert(
      fc.property(anyPerson, (reader) => {
        const { text, html } = renderEmail(compiled, reader, context);
        expect(htmlLines(html)).toEqual(textLines(text));
      }),
      { numRuns: 50 },
    );
  });

  it.each(shippedTexts)('tells the same facts in the e-mail and the letter of %s.%s', (variant, language) => {
    const source = shippedSource(variant, language);
    // Without the parts that are meant for one channel, nothing may differ.
    const text = source.text.replace(/\{\{#(email|letter)\}\}[\s\S]*?\{\{\/\1\}\}\n/g, '');
    const { compiled, context } = prepare({ ...source, text });
    fc.assert(
      fc.property(anyPerson, (reader) => {
        const letter = renderLetter(compiled, context, letterShape(reader));
        expect(letterLines(letter, reader).map((line) => line.trim())).toEqual(
          textLines(renderEmail(compiled, reader, context).text),
        );
      }),
      { numRuns: 50 },
    );
  });

  it.each(shippedTexts)('fits the letter %s.%s on two sheets for everyone', async (variant, language) => {
    const campaign = sampleCampaign();
    const { compiled, context } = prepare(shippedSource(variant, language), campaign);
    const shapes = [false, true].flatMap((minor) => [false, true].map((gift) => ({ minor, gift })));
    const items = campaign.incident.items.map((item) =>
      language === 'en' ? (item.labelEn ?? item.label) : item.label,
    );
    const { pieces } = await typesetLot({
      lotNumber: 1,
      title: 'test',
      createdAt: '2026-11-20T00:00:00Z',
      language,
      format: STOCK_FORMAT,
      controlCaption: '',
      substitutes: {},
      texts: shapes.map((shape) => renderLetter(compiled, context, shape)),
      pieces: shapes.map((shape, index) => ({
        seq: index + 1,
        number: '123456789012',
        text: index,
        values: person({ ...shape, items, name: '長谷川 ヴィクトリア', guardian: '長谷川 ヴィクトル' }),
        postcode: '100-0001',
        address: ['東京都千代田区千代田1-1-1'],
        barcodeAddress: null,
      })),
    });
    expect(pieces.map((piece) => (piece.kind === 'set' ? piece.sheets <= 2 : piece.reason))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it("never puts one person's values into another person's notice", () => {
    const { compiled, context } = prepare(shippedSource());
    const shared = sharedTextOf(compiled, context);
    fc.assert(
      fc.property(anyPerson, anyPerson, (one, other) => {
        const { text, html } = renderEmail(compiled, one, context);
        const letter = letterLines(renderLetter(compiled, context, letterShape(one)), one).join('\n');
        const own = [one.name, one.number, one.guardian, one.addressee, ...one.items].join('\n');
        for (const foreign of [other.name, other.number, ...other.items]) {
          if (own.includes(foreign) || shared.includes(foreign)) continue;
          for (const output of [text, html, letter]) expect(output).not.toContain(foreign);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('holds no link, image, script or remote resource', () => {
    const { compiled, context } = prepare(shippedSource('card'));
    const { html } = renderEmail(compiled, person(), context);
    expect(html).not.toMatch(/<a\b|<img|<script|<link|<style|url\(|href=|src=|@import/i);
    expect(html).toContain('https://www.mihon-shoten.example/oshirase');
  });

  it("escapes a person's values and lets none start a line of its own", () => {
    const { compiled, context } = prepare(shippedSource());
    const hostile = person({
      name: '<script>',
      addressee: 'a\r\nBcc: x@example.jp <script>',
      items: ['{{name}}', '&amp;'],
    });
    const { subject, text, html } = renderEmail(compiled, hostile, context);
    expect(html).not.toContain('<script>');
    expect(html).toContain('&amp;amp;');
    expect(text).not.toMatch(/^Bcc:/m);
    expect(subject).not.toMatch(/\p{Cc}/u);
  });

  it('shows the gift only to whom it is for, and writes to the guardian only for a minor', () => {
    const { compiled, context } = prepare(shippedSource());
    const read = (change: Partial<NoticePerson>) => renderEmail(compiled, person(change), context).text;
    expect(read({ gift: false })).not.toContain('QUO');
    expect(read({ gift: true })).toContain('QUO');
    expect(read({ minor: false })).not.toContain('保護者');
    expect(read({ minor: true })).toContain('保護者');
  });

  it('sets a list with a personal value as paragraphs, each with its number or dot, and any other as a list', () => {
    const source = shippedSource();
    const blocksOf = (entries: string) => {
      const text = source.text.replace('\n## 原因', `\n${entries}\n\n## 原因`);
      const { compiled, context } = prepare({ ...source, text });
      return renderLetter(compiled, context, { minor: false, gift: false }).blocks;
    };
    expect(blocksOf('1. 窓口 {{phone}}\n2. {{name}}様')).toEqual(
      expect.arrayContaining([
        { scope: 'shared', kind: 'paragraph', runs: [{ text: '1. ' }, { text: '窓口 0120-000-000' }] },
        { scope: 'personal', kind: 'paragraph', runs: [{ text: '2. ' }, { field: 'name' }, { text: '様' }] },
      ]),
    );
    expect(blocksOf('- 甲\n- {{number}}')).toEqual(
      expect.arrayContaining([{ scope: 'shared', kind: 'paragraph', runs: [{ text: '・' }, { text: '甲' }] }]),
    );
    expect(blocksOf('1. 甲\n2. **乙**')).toContainEqual({
      scope: 'shared',
      kind: 'list',
      ordered: true,
      items: [[{ text: '甲' }], [{ text: '乙', bold: true }]],
    });
  });

  it('joins what has one weight and keeps apart what is bold, so that a line is measured as it is drawn', () => {
    const source = shippedSource();
    const text = source.text.replace(
      '\n## 原因',
      '\n電話は{{phone}}、**受付は{{hours}}**まで**{{number}}**\n\n## 原因',
    );
    const { compiled, context } = prepare({ ...source, text });
    const { blocks, head } = renderLetter(compiled, context, { minor: false, gift: false });
    expect(blocks).toContainEqual({
      scope: 'personal',
      kind: 'paragraph',
      runs: [
        { text: '電話は0120-000-000、' },
        { text: `受付は${context.values.hours}`, bold: true },
        { text: 'まで' },
        { field: 'number', bold: true },
      ],
    });
    expect(head).toEqual({
      date: '2026年11月20日',
      sender: [
        `〒${context.values.senderPostcode}`,
        context.values.senderAddress,
        context.values.company,
        context.values.representative,
      ],
      numberLabel: expect.stringContaining('お知らせ番号'),
    });
  });

  it.each([
    [{ minor: true, gift: false }, 'adult.ja.minor.plain'],
    [{ minor: false, gift: false }, 'adult.ja.adult.plain'],
    [{ minor: true, gift: true }, 'adult.ja.minor.gift'],
  ])('is drawn apart for %j', (shape, name) => {
    const { compiled, context } = prepare(shippedSource());
    expect(renderLetter(compiled, context, shape).shape).toBe(name);
  });

  it('draws everything but names, numbers and items once for a lot', () => {
    const { compiled, context } = prepare(shippedSource());
    const letter = renderLetter(compiled, context, { minor: false, gift: true });
    const personal = letter.blocks.filter((block) => block.scope === 'personal');
    expect(personal.length).toBeLessThanOrEqual(3);
    expect(letter.shape).toBe('adult.ja.adult.gift');
  });
});

describe('the last look before a notice leaves', () => {
  const { compiled, context } = prepare(shippedSource());
  const shared = sharedTextOf(compiled, context);
  const one = person();
  const other = person({ name: '佐藤 健一', addressee: '佐藤 健一 様', number: '9999-8888-7777' });
  const batch = otherNames([one, other], shared);
  const rendered = renderEmail(compiled, one, context);

  it('lets a clean notice pass', () => {
    expect(() => assertCleanOutput(rendered, one, { others: batch })).not.toThrow();
  });

  const unsafe = (reason: string) =>
    expect.objectContaining({
      code: 'NOTICE_UNSAFE',
      params: { ref: one.ref, reason: { word: `notice.unsafe.${reason}` } },
    });

  it.each([
    ['an unfilled field', 'unfilled', { ...rendered, text: `${rendered.text}{{cause}}` }],
    ['an unfilled field in HTML', 'unfilled', { ...rendered, html: `${rendered.html}{{cause}}` }],
    ['an unfilled field in the subject', 'unfilled', { ...rendered, subject: '{{name}}' }],
    ['a missing value', 'missing', { ...rendered, text: `${rendered.text} undefined` }],
    ['a sum that is none', 'missing', { ...rendered, text: `${rendered.text}NaN円` }],
    ['a value that is no text', 'notText', { ...rendered, text: `${rendered.text}[object Object]` }],
    [
      "another person's number",
      'foreignNumber',
      { ...rendered, html: rendered.html.replaceAll(one.number, other.number) },
    ],
    [
      "another person's number beside the own",
      'foreignNumber',
      { ...rendered, text: `${rendered.text}\n${other.number}` },
    ],
    ["another person's name", 'foreignName', { ...rendered, text: rendered.text.replace(one.name, other.name) }],
    ["another person's name at the end", 'foreignName', { ...rendered, text: `${rendered.text}${other.name}` }],
    ["another person's name at the beginning", 'foreignName', { ...rendered, text: other.name + rendered.text }],
    ['a subject with a line break', 'subject', { ...rendered, subject: 'a\r\nBcc: b' }],
  ])('holds back %s', (_, reason, output) => {
    expect(() => assertCleanOutput(output, one, { others: batch })).toThrow(unsafe(reason));
  });

  it.each([
    ['words that only begin so', { ...rendered, text: `${rendered.text} undefined-behaviour NaNo` }, {}],
    ['a number of another kind', { ...rendered, text: `${rendered.text} 11234-5678-90123` }, {}],
    [
      'a name with braces of its own',
      { ...rendered, text: '{{太郎}} 様' },
      { name: '{{太郎}}', addressee: '{{太郎}} 様' },
    ],
    ['a name that is a word for nothing', { ...rendered, text: 'NaN 様' }, { name: 'NaN', addressee: 'NaN 様' }],
    ['a letter, which has no subject', { text: rendered.text }, {}],
    [
      'a minor whose guardian is in the batch',
      { text: '佐藤 健一 様（佐藤 太郎 様 保護者様）' },
      { name: '佐藤 太郎', guardian: '佐藤 健一', addressee: '佐藤 健一 様（佐藤 太郎 様 保護者様）' },
    ],
    [
      'someone whose name holds the name of another',
      { text: '大佐藤 健一郎 様' },
      { name: '大佐藤 健一郎', addressee: '大佐藤 健一郎 様' },
    ],
  ])('lets %s pass', (_, output, change) => {
    expect(() => assertCleanOutput(output, { ...one, ...change }, { others: batch })).not.toThrow();
  });

  it('looks for everyone of the batch, of two who begin alike as well, but not for names of two letters', () => {
    const named = (name: string) => person({ name, addressee: `${name} 様` });
    const several = otherNames(
      [named('佐藤 健一'), named('佐藤 太郎'), named(' 林 一 '), named('林檎'), named('李')],
      shared,
    );
    const look = (text: string) => () => assertCleanOutput({ text }, one, { others: several });
    for (const name of ['佐藤 健一', '佐藤 太郎', '林 一'])
      expect(look(`本状は${name}様に`)).toThrow(unsafe('foreignName'));
    for (const name of ['林檎', '李', '佐藤']) expect(look(`本状は${name}様に`)).not.toThrow();
  });

  it('holds back a person without items, with unknown items, or with a character that the font lacks', () => {
    expect(() => assertCleanOutput(rendered, { ...one, items: [] })).toThrow(unsafe('noItem'));
    expect(() => assertCleanOutput(rendered, { ...one, name: ' ' })).toThrow(unsafe('noName'));
    expect(() => assertCleanOutput(rendered, one, { unknownItems: [], missingGlyph: () => null })).not.toThrow();
    expect(() => assertCleanOutput(rendered, one, { unknownItems: ['x'] })).toThrow(unsafe('item'));
    expect(() => assertCleanOutput(rendered, one, { missingGlyph: () => '𠮷' })).toThrow(unsafe('glyph'));
  });

  it('names no one in its message', () => {
    const leak = { ...rendered, text: rendered.text.replace(one.name, other.name) };
    try {
      assertCleanOutput(leak, one, { others: batch });
      expect.unreachable();
    } catch (error) {
      expect(String(error)).not.toContain('佐藤');
      expect(String(error)).not.toContain('髙橋');
    }
  });

  it('does not stumble over a customer who bears the name of the president', () => {
    const president = person({ name: '見本 太郎' });
    expect(() => assertCleanOutput(rendered, one, { others: otherNames([one, president], shared) })).not.toThrow();
  });
});
