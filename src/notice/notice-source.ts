// Reads one notice text: front matter, small Markdown (headings, paragraphs, lists, bold, a closing line) with fields and sections. Every
// fault is reported at once with its line; nothing in the text is ever interpreted beyond this, so a text cannot run anything.
import { isPersonalField, isSection, isSharedField, type Mark, type Section } from './notice-field.ts';
import type { NoticeLanguage } from './notice-person.ts';

/** A text as it lies in the campaign folder or in a plan. `file` is only for messages. */
export type NoticeSource = { file: string; variant: string; language: NoticeLanguage; text: string };

export type Inline = { text: string; bold: boolean } | { field: string; bold: boolean };

export type SourceBlock =
  | { kind: 'title' | 'paragraph' | 'closing'; inlines: Inline[]; line: number }
  | { kind: 'heading'; inlines: Inline[]; marks: string[]; line: number }
  | { kind: 'list'; ordered: boolean; entries: Inline[][]; line: number }
  | { kind: 'items'; ordered: boolean; entry: Inline[]; line: number }
  | { kind: 'section'; name: Section; inverted: boolean; blocks: SourceBlock[]; line: number };

/** A fault as a key of `templates/words/notice.yaml` with its parameters; the check turns it into a sentence. */
export type Fault = { line: number; path: string; key: string; params?: Record<string, string> };

export type ParsedBody = { blocks: SourceBlock[]; faults: Fault[] };

type OpenSection = { name: Section | null; inverted: boolean; blocks: SourceBlock[]; line: number; raw: string };

const sectionLine = /^\{\{([#^/])\s*([^{}]*?)\s*\}\}$/;
const headingLine = /^(#{1,6})\s+(.*?)(?:\s*\{((?:#[\w-]+\s*)+)\})?\s*$/;
const listLine = /^(?:([-*])|(\d{1,2})[.)])\s+(.*)$/;
const closingLine = /^>\s?(.*)$/;

/** Parses the text after the front matter. `firstLine` is the line in the file on which `body` begins (1-based). */
export function parseBody(body: string, language: NoticeLanguage, firstLine: number): ParsedBody {
  const reader = createReader(language);
  body.split(/\r?\n/).forEach((raw, index) => reader.read(raw.trim(), firstLine + index));
  return reader.end();
}

function createReader(language: NoticeLanguage) {
  const faults: Fault[] = [];
  const stack: OpenSection[] = [{ name: null, inverted: false, blocks: [], line: 0, raw: '' }];
  let paragraph: { text: string; line: number } | null = null;

  const top = () => stack[stack.length - 1] as OpenSection;
  const inlines = (text: string, line: number) => parseInlines(text, line, faults);
  const flush = () => {
    if (paragraph)
      top().blocks.push({ kind: 'paragraph', inlines: inlines(paragraph.text, paragraph.line), line: paragraph.line });
    paragraph = null;
  };

  const close = (name: string, line: number) => {
    const open = top();
    if (stack.length === 1 || open.raw !== name) {
      faults.push({ line, path: name, key: 'notice.section.unopened', params: { name } });
      return;
    }
    stack.pop();
    if (open.name === 'items' && !open.inverted) addItems(open);
    else if (open.name)
      top().blocks.push({
        kind: 'section',
        name: open.name,
        inverted: open.inverted,
        blocks: open.blocks,
        line: open.line,
      });
    else top().blocks.push(...open.blocks);
  };

  const addItems = (open: OpenSection) => {
    const [list] = open.blocks;
    const [entry] = list?.kind === 'list' ? list.entries : [];
    if (open.blocks.length !== 1 || list?.kind !== 'list' || list.entries.length !== 1 || !entry) {
      faults.push({ line: open.line, path: 'items', key: 'notice.items.shape' });
      return;
    }
    top().blocks.push({ kind: 'items', ordered: list.ordered, entry, line: open.line });
  };

  const addEntry = (ordered: boolean, text: string, line: number) => {
    const last = top().blocks.at(-1);
    const entry = inlines(text, line);
    if (last?.kind === 'list' && last.ordered === ordered) last.entries.push(entry);
    else top().blocks.push({ kind: 'list', ordered, entries: [entry], line });
  };

  const read = (text: string, line: number) => {
    if (text === '') return flush();
    const section = sectionLine.exec(text);
    if (section) {
      flush();
      const [, sign, name = ''] = section;
      if (sign === '/') return close(name, line);
      if (!isSection(name)) faults.push({ line, path: name, key: 'notice.section.unknown', params: { name } });
      stack.push({ name: isSection(name) ? name : null, inverted: sign === '^', blocks: [], line, raw: name });
      return;
    }
    const heading = headingLine.exec(text);
    if (heading) {
      flush();
      const [, level = '', title = '', ids = ''] = heading;
      if (level.length === 1) top().blocks.push({ kind: 'title', inlines: inlines(title, line), line });
      else
        top().blocks.push({ kind: 'heading', inlines: inlines(title, line), marks: ids.match(/[\w-]+/g) ?? [], line });
      return;
    }
    const entry = listLine.exec(text);
    if (entry) {
      flush();
      return addEntry(entry[1] === undefined, entry[3] ?? '', line);
    }
    const closing = closingLine.exec(text);
    if (closing) {
      flush();
      top().blocks.push({ kind: 'closing', inlines: inlines(closing[1] ?? '', line), line });
      return;
    }
    paragraph = paragraph ? { ...paragraph, text: joinLines(paragraph.text, text, language) } : { text, line };
  };

  const end = (): ParsedBody => {
    flush();
    while (stack.length > 1) {
      const open = stack.pop() as OpenSection;
      faults.push({ line: open.line, path: open.raw, key: 'notice.section.unclosed', params: { name: open.raw } });
      top().blocks.push(...open.blocks);
    }
    return { blocks: top().blocks, faults };
  };
  return { read, end };
}

/** Japanese lines continue without a space; a space is kept between two Latin words. */
function joinLines(before: string, after: string, language: NoticeLanguage): string {
  const latin = /[\x21-\x7e]$/.test(before) && /^[\x21-\x7e]/.test(after);
  return before + (language === 'en' || latin ? ' ' : '') + after;
}

/** Splits a line into text and fields. A lone brace or an unknown field is a fault; unknown fields stay visible as text in the result. */
function parseInlines(text: string, line: number, faults: Fault[]): Inline[] {
  const inlines: Inline[] = [];
  let bold = false;
  for (const token of text.split(/(\*\*|\{\{\{?[^{}]*\}?\}\})/)) {
    if (token === '') continue;
    if (token === '**') {
      bold = !bold;
      continue;
    }
    const field = /^\{\{([^{}]*)\}\}$/.exec(token)?.[1]?.trim();
    if (field !== undefined && (isSharedField(field) || isPersonalField(field))) inlines.push({ field, bold });
    else if (field !== undefined && /^[#^/]/.test(field))
      faults.push({ line, path: field, key: 'notice.section.inline', params: { name: field.slice(1) } });
    else if (field !== undefined)
      faults.push({ line, path: field, key: 'notice.field.unknown', params: { name: field } });
    else if (/\{\{|\}\}/.test(token)) faults.push({ line, path: '', key: 'notice.brace.lone' });
    else inlines.push({ text: token, bold });
  }
  if (bold) faults.push({ line, path: '', key: 'notice.bold.unclosed' });
  return inlines;
}

/** What decides which sections a person reads. Two people of one shape read the same sentences. */
export type NoticeShape = {
  channel: 'email' | 'letter';
  minor: boolean;
  gift: boolean;
  certainty: 'confirmed' | 'possible';
};

export type FlatBlock = Exclude<SourceBlock, { kind: 'section' }>;

/** The blocks one shape reads, in order, with all sections decided. */
export function flattenBlocks(blocks: readonly SourceBlock[], shape: NoticeShape): FlatBlock[] {
  return blocks.flatMap((block): FlatBlock[] => {
    if (block.kind !== 'section') return [block];
    return isShown(block.name, shape) === block.inverted ? [] : flattenBlocks(block.blocks, shape);
  });
}

function isShown(name: Section, shape: NoticeShape): boolean {
  switch (name) {
    case 'email':
    case 'letter':
      return shape.channel === name;
    case 'minor':
      return shape.minor;
    case 'gift':
      return shape.gift;
    case 'confirmed':
    case 'possible':
      return shape.certainty === name;
    case 'items':
      return true;
  }
}

/** The blocks under the heading with a mark, up to the next heading; null when this shape has no such heading. */
export function blocksUnder(blocks: readonly FlatBlock[], mark: Mark): FlatBlock[] | null {
  const start = blocks.findIndex((block) => block.kind === 'heading' && block.marks.includes(mark));
  if (start < 0) return null;
  const rest = blocks.slice(start + 1);
  const end = rest.findIndex((block) => block.kind === 'heading' || block.kind === 'closing');
  return end < 0 ? rest : rest.slice(0, end);
}
