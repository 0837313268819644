// One notice as an e-mail: HTML and plain text from the same blocks. A text is cut once into constant chunks and the places where a
// person's values go, so that a mail costs a handful of concatenations; only a person's values are escaped per mail.
import type { PersonalField } from './letter-text.ts';
import type { NoticeContext } from './notice-context.ts';
import { isSharedField } from './notice-field.ts';
import type { NoticeLanguage, NoticePerson } from './notice-person.ts';
import { allBlocks, type FlatBlock, flattenBlocks, type Inline } from './notice-source.ts';
import type { CompiledNotice } from './read-notice.ts';
import { letterShape, type PersonShape } from './render-letter.ts';

export type RenderedEmail = { subject: string; text: string; html: string };

/**
 * A chunk is constant text, one value, or one entry per leaked item. Constant chunks are final: already escaped for their format, and
 * `\n` is the line end of both formats.
 */
export type EmailChunk = string | { field: PersonalField } | { items: EmailChunk[] };

/** The chunks of one shape. Whoever sends many mails may encode the constants once instead of calling `renderEmail`. */
export type EmailTemplate = { subject: string; text: EmailChunk[]; html: EmailChunk[] };

type Format = 'text' | 'html';

const prepared = new WeakMap<NoticeContext, WeakMap<CompiledNotice, Map<string, EmailTemplate>>>();

/** Renders one person's e-mail. Fast when `context` stays the same object for a wave: what is prepared is kept with it. */
export function renderEmail(compiled: CompiledNotice, person: NoticePerson, context: NoticeContext): RenderedEmail {
  const template = preparedTemplate(compiled, context, person);
  return {
    subject: template.subject,
    text: fillChunks(template.text, person, 'text'),
    html: fillChunks(template.html, person, 'html'),
  };
}

function preparedTemplate(compiled: CompiledNotice, context: NoticeContext, person: NoticePerson): EmailTemplate {
  const byNotice = prepared.get(context) ?? new WeakMap<CompiledNotice, Map<string, EmailTemplate>>();
  const byShape = byNotice.get(compiled) ?? new Map<string, EmailTemplate>();
  const key = `${person.minor}${person.gift}`;
  const found = byShape.get(key);
  if (found) return found;
  const template = emailTemplate(compiled, context, letterShape(person));
  prepared.set(context, byNotice.set(compiled, byShape.set(key, template)));
  return template;
}

/** Cuts the text for one shape into chunks. The subject never holds a personal value, so a mail header cannot be injected. */
export function emailTemplate(compiled: CompiledNotice, context: NoticeContext, shape: PersonShape): EmailTemplate {
  const { language, front } = compiled;
  const blocks = flattenBlocks(compiled.blocks, { channel: 'email', certainty: context.certainty, ...shape });
  const text = blocks.flatMap((block, index) => [
    ...(index ? [blockGap(blocks[index - 1], block)] : []),
    ...textBlock(block, context, language),
  ]);
  const html = [htmlHead(front.subject, language), ...blocks.flatMap((block) => htmlBlock(block, context)), htmlFoot];
  return { subject: front.subject, text: joinConstants([...text, '\n']), html: joinConstants(html) };
}

/** Everything that all readers of a text may read, whatever their shape: what cannot tell one person from another. */
export function sharedTextOf(compiled: CompiledNotice, context: NoticeContext): string {
  const { language, front } = compiled;
  const constants = allBlocks(compiled.blocks).flatMap((block) => textBlock(block, context, language));
  return [front.subject, ...constants.filter((chunk) => typeof chunk === 'string')].join('');
}

/** Fills chunks with one person's values, each made safe for the format. */
export function fillChunks(chunks: readonly EmailChunk[], person: NoticePerson, format: Format): string {
  let out = '';
  for (const chunk of chunks) {
    if (typeof chunk === 'string') out += chunk;
    else if ('field' in chunk) out += safeValue(chunk.field === 'item' ? '' : person[chunk.field], format);
    else for (const item of person.items) out += fillEntry(chunk.items, person, item, format);
  }
  return out;
}

function fillEntry(chunks: readonly EmailChunk[], person: NoticePerson, item: string, format: Format): string {
  let out = '';
  for (const chunk of chunks) {
    if (typeof chunk === 'string') out += chunk;
    else if ('field' in chunk) out += safeValue(chunk.field === 'item' ? item : person[chunk.field], format);
  }
  return out;
}

const unsafeInHtml = /[&<>"'\p{Cc}]/u;
const control = /\p{Cc}+/u;
const htmlEntities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Control characters become spaces, so that a value cannot start a line of its own; nearly all values pass the first test unchanged. */
function safeValue(value: string, format: Format): string {
  if (format === 'text') return control.test(value) ? value.replace(/\p{Cc}+/gu, ' ') : value;
  if (!unsafeInHtml.test(value)) return value;
  return value.replace(/\p{Cc}+/gu, ' ').replace(/[&<>"']/g, (found) => htmlEntities[found] ?? found);
}

function inlineChunks(inlines: readonly Inline[], context: NoticeContext, format: Format): EmailChunk[] {
  return inlines.flatMap((inline): EmailChunk[] => {
    const chunk: EmailChunk =
      'text' in inline
        ? safeValue(inline.text, format)
        : isSharedField(inline.field)
          ? safeValue(context.values[inline.field], format)
          : { field: inline.field as PersonalField };
    return inline.bold && format === 'html' ? ['<strong>', chunk, '</strong>'] : [chunk];
  });
}

/** Heading and text stay together; everything else is set apart by an empty line. The entries of `items` end their own lines. */
function blockGap(before: FlatBlock | undefined, block: FlatBlock): string {
  if (before?.kind === 'heading' || before?.kind === 'items') return '\n';
  return before?.kind === 'closing' && block.kind === 'closing' ? '\n' : '\n\n';
}

function textBlock(block: FlatBlock, context: NoticeContext, language: NoticeLanguage): EmailChunk[] {
  const chunks = (inlines: readonly Inline[]) => inlineChunks(inlines, context, 'text');
  switch (block.kind) {
    case 'title':
      return language === 'ja' ? ['【', ...chunks(block.inlines), '】'] : ['== ', ...chunks(block.inlines), ' =='];
    case 'heading':
      return [language === 'ja' ? '■ ' : '## ', ...chunks(block.inlines)];
    case 'paragraph':
    case 'closing':
      return chunks(block.inlines);
    case 'list':
      return block.entries.flatMap((entry, index) => [
        `${index ? '\n' : ''}${bullet(block.ordered, index, language)}`,
        ...chunks(entry),
      ]);
    case 'items':
      return [{ items: [bullet(false, 0, language), ...chunks(block.entry), '\n'] }];
  }
}

function bullet(ordered: boolean, index: number, language: NoticeLanguage): string {
  if (ordered) return `${index + 1}. `;
  return language === 'ja' ? '・' : '- ';
}

const htmlStyle = {
  body: 'margin:0;padding:0;background:#ffffff;color:#1a1a1a',
  main: "max-width:40em;margin:0 auto;padding:24px 16px;font-family:'Hiragino Sans','Yu Gothic','Noto Sans JP',Meiryo,sans-serif;font-size:16px;line-height:1.8",
  title: 'font-size:20px;line-height:1.5;margin:0 0 24px;font-weight:bold',
  heading:
    'font-size:17px;line-height:1.5;margin:28px 0 8px;font-weight:bold;border-bottom:1px solid #767676;padding-bottom:4px',
  paragraph: 'margin:0 0 12px',
  closing: 'margin:24px 0 0;text-align:right',
  list: 'margin:0 0 12px;padding-left:1.6em',
  entry: 'margin:0 0 4px',
} as const;

/** No scripts, images, links or remote resources: nothing in the mail calls home, and nothing teaches people to click. */
function htmlHead(subject: string, language: NoticeLanguage): string {
  const title = safeValue(subject, 'html');
  return (
    `<!doctype html>\n<html lang="${language}">\n<head>\n<meta charset="utf-8">\n` +
    `<meta name="viewport" content="width=device-width,initial-scale=1">\n<meta name="format-detection" content="telephone=no,address=no">\n` +
    `<title>${title}</title>\n</head>\n<body style="${htmlStyle.body}">\n<div role="article" lang="${language}" style="${htmlStyle.main}">\n`
  );
}

const htmlFoot = '</div>\n</body>\n</html>\n';

function htmlBlock(block: FlatBlock, context: NoticeContext): EmailChunk[] {
  const chunks = (inlines: readonly Inline[]) => inlineChunks(inlines, context, 'html');
  const element = (tag: string, style: string, inner: EmailChunk[]) => [
    `<${tag} style="${style}">`,
    ...inner,
    `</${tag}>\n`,
  ];
  switch (block.kind) {
    case 'title':
      return element('h1', htmlStyle.title, chunks(block.inlines));
    case 'heading':
      return element('h2', htmlStyle.heading, chunks(block.inlines));
    case 'paragraph':
      return element('p', htmlStyle.paragraph, chunks(block.inlines));
    case 'closing':
      return element('p', htmlStyle.closing, chunks(block.inlines));
    case 'list': {
      const entries = block.entries.flatMap((entry) => element('li', htmlStyle.entry, chunks(entry)));
      return element(block.ordered ? 'ol' : 'ul', htmlStyle.list, ['\n', ...entries]);
    }
    case 'items':
      return element('ul', htmlStyle.list, [
        '\n',
        { items: joinConstants(element('li', htmlStyle.entry, chunks(block.entry))) },
      ]);
  }
}

function joinConstants(chunks: readonly EmailChunk[]): EmailChunk[] {
  const joined: EmailChunk[] = [];
  for (const chunk of chunks) {
    const last = joined.at(-1);
    if (typeof chunk === 'string' && typeof last === 'string') joined[joined.length - 1] = last + chunk;
    else if (typeof chunk === 'string' || 'field' in chunk) joined.push(chunk);
    else joined.push({ items: joinConstants(chunk.items) });
  }
  return joined;
}
