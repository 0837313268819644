/** A format as a document to hand out, in one language, with its empty template and filled sample as CP932 CSV. */
import { formatCsv } from '../../platform/formats/csv.ts';
import type { Language } from '../../platform/language.ts';
import { say } from '../../platform/words.ts';
import { type FormatColumn, type FormatName, type VendorFormat, vendorFormat } from './vendor-formats.ts';

export type FormatFile = { readonly name: string; readonly content: Buffer };

/** Markdown, which reads as plain text too. */
export function describeFormat({ name, command, columns, sample }: VendorFormat, language: Language): string {
  const word = (key: string, params: Readonly<Record<string, string>> = {}) => say(language, key, params);
  const rows = columns.map((column) => [
    `\`${column.header}\``,
    word(column.isNeeded ? 'format.needed' : 'format.optional'),
    meaningOf(name, column, language),
    column.others.map((other) => `\`${other}\``).join(', '),
  ]);
  const codes = columns.filter(({ words }) => words !== null);
  return [
    `# ${word(`format.${name}.title`)}`,
    word(`format.${name}.about`),
    word('format.rules', {
      command: `owabi ${command}`,
      template: fileName(name, 'template'),
      sample: fileName(name, 'sample'),
    }),
    table(
      [
        word('format.column.header'),
        word('format.column.need'),
        word('format.column.meaning'),
        word('format.column.others'),
      ],
      rows,
    ),
    ...codes.map(({ field, header, words }) => {
      const lines = (words ?? []).map((code) => `- \`${code}\`${meaningOfCode(field, code, language)}`);
      return `## ${word('format.words', { column: header })}\n\n${lines.join('\n')}`;
    }),
    `## ${word('format.sample')}`,
    table(
      columns.map((column) => column.header),
      sample,
    ),
  ].join('\n\n');
}

/** Documents in both languages, template and sample; the sample is what the reader really reads. */
export function formatFiles(name: FormatName): FormatFile[] {
  const format = vendorFormat(name);
  const header = format.columns.map((column) => column.header);
  const csv = (rows: readonly (readonly string[])[]) =>
    formatCsv([header, ...rows], { encoding: 'cp932', quoteAll: true });
  return [
    ...(['ja', 'en'] as const).map((language) => ({
      name: `${name}.${language}.md`,
      content: Buffer.from(`${describeFormat(format, language)}\n`, 'utf8'),
    })),
    { name: fileName(name, 'template'), content: csv([]) },
    { name: fileName(name, 'sample'), content: csv(format.sample) },
  ];
}

function fileName(name: FormatName, kind: 'template' | 'sample'): string {
  return `${name}-${kind}.csv`;
}

function meaningOf(format: FormatName, { field }: FormatColumn, language: Language): string {
  return say(language, `format.${format}.${field}`);
}

/** What a code means, where the catalogue has a word for it; a word in Japanese explains itself. */
function meaningOfCode(field: string, code: string, language: Language): string {
  const keys: Readonly<Record<string, string>> = {
    topic: `contacts.topic.${code}`,
    reason: `cli.returns.reason.${code}`,
    category: `ledger.category.${code}`,
    driver: `driver.name.${code}`,
    status: `format.word.${code}`,
    card: `format.word.${code}`,
  };
  const key = keys[field];
  const text = key === undefined ? '' : say(language, key);
  return text === '' || text === key ? '' : `: ${text}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
