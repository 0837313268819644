// What a notice text is read as: the small Markdown of `templates/notice-texts.md`, line by line, and every fault at its line.
import { describe, expect, it } from 'vitest';
import type { NoticeLanguage } from '../../src/notice/notice-person.ts';
import type { SourceBlock } from '../../src/notice/notice-source.ts';
import { parseBody } from '../../src/notice/parse-body.ts';

const plain = (text: string) => [{ text, bold: false }];
const paragraph = (text: string, line: number): SourceBlock => ({ kind: 'paragraph', inlines: plain(text), line });
const read = (body: string, language: NoticeLanguage = 'ja') => parseBody(body, language, 10);
const faultsOf = (body: string) =>
  read(body).faults.map(({ line, path, key }) => `${line} ${path}: ${key.replace('notice.', '')}`);

describe('a text', () => {
  it.each<[string, string, SourceBlock[]]>([
    ['a title', '# お知らせ', [{ kind: 'title', inlines: plain('お知らせ'), line: 10 }]],
    ['a heading', '## 概要', [{ kind: 'heading', inlines: plain('概要'), marks: [], line: 10 }]],
    ['a small heading', '### 概要', [{ kind: 'heading', inlines: plain('概要'), marks: [], line: 10 }]],
    [
      'a heading with marks',
      '## 概要 {#legal-1 #legal-5}',
      [{ kind: 'heading', inlines: plain('概要'), marks: ['legal-1', 'legal-5'], line: 10 }],
    ],
    ['a closing line', '> 以上', [{ kind: 'closing', inlines: plain('以上'), line: 10 }]],
    ['two paragraphs', '一\n\n二', [paragraph('一', 10), paragraph('二', 12)]],
    [
      'a paragraph that ends at a heading',
      '一\n## 二',
      [paragraph('一', 10), { kind: 'heading', inlines: plain('二'), marks: [], line: 11 }],
    ],
    ['lines of Windows', '一\r\n\r\n二', [paragraph('一', 10), paragraph('二', 12)]],
    ['a Japanese paragraph over two lines', '一、\n  二', [paragraph('一、二', 10)]],
    ['Latin words over two lines', 'Owabi\nMail', [paragraph('Owabi Mail', 10)]],
    ['a Latin word after a Japanese one', '一\nMail', [paragraph('一Mail', 10)]],
    ['a Japanese word after a Latin one', 'Mail\n一', [paragraph('Mail一', 10)]],
    ['a paragraph of three lines', '一\n二\n三', [paragraph('一二三', 10)]],
    ['nothing', '\n\n', []],
    ['a list', '- 一\n* 二', [{ kind: 'list', ordered: false, entries: [plain('一'), plain('二')], line: 10 }]],
    [
      'a numbered list',
      '1. 一\n2) 二\n10. 三',
      [{ kind: 'list', ordered: true, entries: [plain('一'), plain('二'), plain('三')], line: 10 }],
    ],
    [
      'a dotted list behind a numbered one',
      '1. 一\n- 二',
      [
        { kind: 'list', ordered: true, entries: [plain('一')], line: 10 },
        { kind: 'list', ordered: false, entries: [plain('二')], line: 11 },
      ],
    ],
    [
      'fields and bold words',
      '甲{{ name }}**乙{{phone}}**',
      [
        {
          kind: 'paragraph',
          inlines: [
            { text: '甲', bold: false },
            { field: 'name', bold: false },
            { text: '乙', bold: true },
            { field: 'phone', bold: true },
          ],
          line: 10,
        },
      ],
    ],
    [
      'a section, and one for everybody else',
      '{{#minor}}\n一\n{{/minor}}\n{{^minor}}\n二\n{{/minor}}',
      [
        { kind: 'section', name: 'minor', inverted: false, blocks: [paragraph('一', 11)], line: 10 },
        { kind: 'section', name: 'minor', inverted: true, blocks: [paragraph('二', 14)], line: 13 },
      ],
    ],
    [
      'a section within one',
      '{{#email}}\n{{#gift}}\n一\n{{/gift}}\n二\n{{/email}}\n三',
      [
        {
          kind: 'section',
          name: 'email',
          inverted: false,
          blocks: [
            { kind: 'section', name: 'gift', inverted: false, blocks: [paragraph('一', 12)], line: 11 },
            paragraph('二', 14),
          ],
          line: 10,
        },
        paragraph('三', 16),
      ],
    ],
    [
      'the items of a person',
      '{{#items}}\n- {{item}}\n{{/items}}',
      [{ kind: 'items', ordered: false, entry: [{ field: 'item', bold: false }], line: 10 }],
    ],
  ])('is read: %s', (_, body, blocks) => {
    expect(read(body)).toEqual({ blocks, faults: [] });
  });

  it('in English continues a line with a space', () => {
    expect(read('Dear\ncustomer', 'en').blocks).toEqual([paragraph('Dear customer', 10)]);
    expect(read('一\n二', 'en').blocks).toEqual([paragraph('一 二', 10)]);
  });
});

describe('a fault', () => {
  it.each<[string, string[]]>([
    ['一\n\n{{#minor}}\n二', ['12 minor: section.unclosed']],
    ['{{#email}}\n{{#minor}}\n二', ['11 minor: section.unclosed', '10 email: section.unclosed']],
    ['{{/minor}}', ['10 minor: section.unopened']],
    ['{{#minor}}\n{{/email}}\n{{/minor}}', ['11 email: section.unopened']],
    ['{{#minors}}\n一\n{{/minors}}', ['10 minors: section.unknown']],
    ['{{#items}}\n一\n{{/items}}', ['10 items: items.shape']],
    ['{{#items}}\n- {{item}}\n- 二\n{{/items}}', ['10 items: items.shape']],
    ['{{#items}}\n- {{item}}\n\n一\n{{/items}}', ['10 items: items.shape']],
    ['{{#items}}\n{{/items}}', ['10 items: items.shape']],
    ['{{^items}}\n- {{item}}\n{{/items}}', ['10 items: items.shape']],
    ['一\n\n**二', ['12 : bold.unclosed']],
    ['## **一', ['10 : bold.unclosed']],
    ['{{ 会社', ['10 : brace.lone']],
    ['会社 }}', ['10 : brace.lone']],
    ['{{}}', ['10 : field.unknown']],
    ['甲{{compny}}乙{{tel}}', ['10 compny: field.unknown', '10 tel: field.unknown']],
    ['本日{{#gift}}品{{/gift}}', ['10 #gift: section.inline', '10 /gift: section.inline']],
  ])('in %j is said at its line', (body, faults) => {
    expect(faultsOf(body)).toEqual(faults);
  });

  it('leaves out what could be printed half-read, and keeps the rest for the other checks', () => {
    expect(read('甲{{compny}}乙').blocks).toEqual([
      {
        kind: 'paragraph',
        inlines: [
          { text: '甲', bold: false },
          { text: '乙', bold: false },
        ],
        line: 10,
      },
    ]);
    expect(read('{{#minors}}\n一\n{{/minors}}\n{{#gift}}\n二').blocks).toEqual([
      paragraph('一', 11),
      paragraph('二', 14),
    ]);
    expect(read('{{#items}}\n一\n{{/items}}').blocks).toEqual([]);
  });
});
