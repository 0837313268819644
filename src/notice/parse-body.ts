// Reads the body of a notice text line by line. Every fault is reported at once with its line, and what can be read is returned all the
// same, so that the other checks run too.
import { isPersonalField, isSection, isSharedField, type Section } from './notice-field.ts';
import type { NoticeLanguage } from './notice-person.ts';
import type { Inline, NoticeFault, SourceBlock } from './notice-source.ts';

export type ParsedBody = { blocks: SourceBlock[]; faults: NoticeFault[] };

/** `name` is null for the text itself and for a section that does not exist; the text of such a section is kept. */
type OpenSection = { name: Section | null; raw: string; inverted: boolean; blocks: SourceBlock[]; line: number };

type Reader = {
  language: NoticeLanguage;
  faults: NoticeFault[];
  root: OpenSection;
  /** Open sections, the innermost last. */
  open: OpenSection[];
  paragraph: { text: string; line: number } | null;
};

const sectionLine = /^\{\{([#^/])\s*([^{}]*?)\s*\}\}$/;
const headingLine = /^(#{1,6})\s+(.*?)(?:\s*\{((?:#[\w-]+\s*)+)\})?\s*$/;
const listLine = /^(?:([-*])|(\d{1,2})[.)])\s+(.*)$/;
const closingLine = /^>\s?(.*)$/;

/** Parses the text after the front matter. `firstLine` is the line in the file on which `body` begins (1-based). */
export function parseBody(body: string, language: NoticeLanguage, firstLine: number): ParsedBody {
  const root: OpenSection = { name: null, raw: '', inverted: false, blocks: [], line: 0 };
  const reader: Reader = { language, faults: [], root, open: [], paragraph: null };
  for (const [index, raw] of body.split(/\r?\n/).entries()) readLine(reader, raw.trim(), firstLine + index);
  endParagraph(reader);
  for (let left = reader.open.pop(); left; left = reader.open.pop()) {
    reader.faults.push({ line: left.line, path: left.raw, key: 'notice.section.unclosed', params: { name: left.raw } });
    blocksOf(reader).push(...left.blocks);
  }
  return { blocks: root.blocks, faults: reader.faults };
}

function blocksOf(reader: Reader): SourceBlock[] {
  return (reader.open.at(-1) ?? reader.root).blocks;
}

function readLine(reader: Reader, text: string, line: number): void {
  const section = sectionLine.exec(text);
  const heading = headingLine.exec(text);
  const entry = listLine.exec(text);
  const closing = closingLine.exec(text);
  if (text !== '' && !section && !heading && !entry && !closing) {
    continueParagraph(reader, text, line);
    return;
  }
  endParagraph(reader);
  if (section) readSection(reader, section[1] ?? '', section[2] ?? '', line);
  else if (heading) readHeading(reader, heading[1]?.length === 1, heading[2] ?? '', heading[3] ?? '', line);
  else if (entry) addEntry(reader, entry[1] === undefined, entry[3] ?? '', line);
  else if (closing)
    blocksOf(reader).push({ kind: 'closing', inlines: parseInlines(reader, closing[1] ?? '', line), line });
}

function continueParagraph(reader: Reader, text: string, line: number): void {
  const { paragraph } = reader;
  reader.paragraph = paragraph
    ? { ...paragraph, text: joinLines(paragraph.text, text, reader.language) }
    : { text, line };
}

function endParagraph(reader: Reader): void {
  const { paragraph } = reader;
  if (!paragraph) return;
  reader.paragraph = null;
  const inlines = parseInlines(reader, paragraph.text, paragraph.line);
  blocksOf(reader).push({ kind: 'paragraph', inlines, line: paragraph.line });
}

function readHeading(reader: Reader, isTitle: boolean, text: string, ids: string, line: number): void {
  const inlines = parseInlines(reader, text, line);
  if (isTitle) blocksOf(reader).push({ kind: 'title', inlines, line });
  else blocksOf(reader).push({ kind: 'heading', inlines, marks: ids.match(/[\w-]+/g) ?? [], line });
}

function addEntry(reader: Reader, ordered: boolean, text: string, line: number): void {
  const blocks = blocksOf(reader);
  const last = blocks.at(-1);
  const entry = parseInlines(reader, text, line);
  if (last?.kind === 'list' && last.ordered === ordered) last.entries.push(entry);
  else blocks.push({ kind: 'list', ordered, entries: [entry], line });
}

function readSection(reader: Reader, sign: string, name: string, line: number): void {
  if (sign === '/') {
    closeSection(reader, name, line);
    return;
  }
  if (!isSection(name)) reader.faults.push({ line, path: name, key: 'notice.section.unknown', params: { name } });
  reader.open.push({ name: isSection(name) ? name : null, raw: name, inverted: sign === '^', blocks: [], line });
}

function closeSection(reader: Reader, name: string, line: number): void {
  const closed = reader.open.at(-1);
  if (closed?.raw !== name) {
    reader.faults.push({ line, path: name, key: 'notice.section.unopened', params: { name } });
    return;
  }
  reader.open.pop();
  const { name: known, inverted, blocks, line: opened } = closed;
  if (known === 'items') addItems(reader, closed);
  else if (known) blocksOf(reader).push({ kind: 'section', name: known, inverted, blocks, line: opened });
  else blocksOf(reader).push(...blocks);
}

/** `items` repeats one list line; anything else in it could not be laid out per person. */
function addItems(reader: Reader, closed: OpenSection): void {
  const [list] = closed.blocks;
  const entry =
    closed.blocks.length === 1 && list?.kind === 'list' && list.entries.length === 1 ? list.entries[0] : undefined;
  if (!entry || closed.inverted) reader.faults.push({ line: closed.line, path: 'items', key: 'notice.items.shape' });
  else blocksOf(reader).push({ kind: 'items', ordered: false, entry, line: closed.line });
}

/** Japanese lines continue without a space; a space is kept between two Latin words. */
function joinLines(before: string, after: string, language: NoticeLanguage): string {
  const latin = /[\x21-\x7e]$/.test(before) && /^[\x21-\x7e]/.test(after);
  return before + (language === 'en' || latin ? ' ' : '') + after;
}

/** Splits a line into text and fields. What is neither is a fault and left out, so that it can never be printed half-read. */
function parseInlines(reader: Reader, text: string, line: number): Inline[] {
  const inlines: Inline[] = [];
  let bold = false;
  for (const token of text.split(/(\*\*|\{\{[^{}]*\}\})/)) {
    const field = /^\{\{([^{}]*)\}\}$/.exec(token)?.[1]?.trim();
    if (token === '**') bold = !bold;
    else if (field !== undefined && (isSharedField(field) || isPersonalField(field))) inlines.push({ field, bold });
    else if (field !== undefined || /\{\{|\}\}/.test(token)) reader.faults.push(braceFault(field, line));
    else if (token !== '') inlines.push({ text: token, bold });
  }
  if (bold) reader.faults.push({ line, path: '', key: 'notice.bold.unclosed' });
  return inlines;
}

function braceFault(field: string | undefined, line: number): NoticeFault {
  if (field === undefined) return { line, path: '', key: 'notice.brace.lone' };
  if (!/^[#^/]/.test(field)) return { line, path: field, key: 'notice.field.unknown', params: { name: field } };
  return { line, path: field, key: 'notice.section.inline', params: { name: field.slice(1).trim() } };
}
