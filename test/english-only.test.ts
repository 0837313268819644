/**
 * What a person reads is said from the catalogue, in Japanese and English. This test reads the syntax tree of the whole program:
 * text of two or more Latin words in a string may stand only where nobody reads it as an answer, and each such place has a rule.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parseAst } from 'vitest/node';

const root = resolve(import.meta.dirname, '..');

type Node = { readonly type: string; readonly start: number; readonly end: number } & Record<string, unknown>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;
const children = (node: Node): Node[] =>
  Object.values(node)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);

const PLACE = '◇';
const WORD = '\\p{Script=Latin}';

/** Two words of letters with a blank between them: prose. Codes, keys, paths, one word and Japanese are none. */
const prose = new RegExp(
  [
    `${WORD}{2,}[,.:;!?)"”’]* +[("“‘]*${WORD}`,
    `${WORD}[,.:;!?)"”’]* +[("“‘]*${WORD}{2,}`,
    // A place to fill counts as a word: `${count} people`.
    `${PLACE} +${WORD}{3,}`,
    `(?<![-\\w.])${WORD}{3,}[,.:;]? +${PLACE}`,
  ].join('|'),
  'u',
);

const nameOf = (callee: unknown): string => {
  if (!isNode(callee)) return '';
  if (callee.type === 'Identifier') return String(callee.name);
  if (callee.type === 'MemberExpression') return `${nameOf(callee.object)}.${nameOf(callee.property)}`;
  return '';
};

/** Why nobody reads the strings inside this node as an answer; null when somebody may. */
function isUnread(node: Node): boolean {
  // Types, and what modules are called.
  if (node.type.startsWith('TS') && !/^TS(As|Satisfies|NonNull)/.test(node.type)) return true;
  if (/^(Import|ExportNamed|ExportAll)Declaration$/.test(node.type) && isNode(node.source)) return true;
  if (node.type === 'TaggedTemplateExpression') return nameOf(node.tag) === 'sql';
  // A bug: the command line and the server show its kind and place, never its message.
  if (node.type === 'NewExpression') return /^(Error|TypeError|RangeError)$/.test(nameOf(node.callee));
  if (node.type === 'CallExpression') {
    const name = nameOf(node.callee);
    // Names of events in the log; what a field of the published JSON Schema holds, one text for editors of every language.
    return /(^|\.)(log|logger)\.(debug|info|warn|error|fatal)$/.test(name) || name.endsWith('.describe');
  }
  // Both languages side by side: `{ ja: …, en: … }`.
  if (node.type === 'ObjectExpression') {
    const keys = children(node).map((property) => (isNode(property.key) ? property.key.name : ''));
    return keys.includes('ja') && keys.includes('en');
  }
  return false;
}

/** Whether the text stands right behind its Japanese, in a list or among arguments: `('在庫', 'On hand')`. */
function isSaidBefore(parent: Node, child: Node): boolean {
  const list =
    parent.type === 'ArrayExpression' ? parent.elements : parent.type === 'CallExpression' && parent.arguments;
  if (!Array.isArray(list) || child.type !== 'Literal') return false;
  const before: unknown = list[list.indexOf(child) - 1];
  const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;
  return isNode(before) && before.type === 'Literal' && japanese.test(String(before.value));
}

function textsIn(node: Node): string[] {
  if (isUnread(node)) return [];
  if (node.type === 'Literal') return typeof node.value === 'string' ? [node.value] : [];
  if (node.type !== 'TemplateLiteral')
    return children(node)
      .filter((child) => !isSaidBefore(node, child))
      .flatMap(textsIn);
  const parts = (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
  return [parts.join(PLACE), ...children(node).flatMap(textsIn)];
}

function textsOf(source: string): string[] {
  const program = parseAst(source.replace(/^#!.*/, ''), { lang: 'ts' }) as unknown as Node;
  return textsIn(program).filter((text) => prose.test(text));
}

/** Text that is not prose to a reader: which files may hold it, how it is known, and why. */
const exceptions: readonly (readonly [files: RegExp, text: RegExp, why: string])[] = [
  [/^cli\/table\/|^desk\/formats\/vendor-formats/, /^[a-z]+ [a-z]+$/, 'the name of a command'],
  [/^(cli|desk|http)\//, /^(--[a-z-]+ [A-Z]+|owabi ◇|help ◇|◇ {2}npx owabi verify ◇)$/, 'typed as it stands'],
  [/^cli\/main/, /^◇ UNEXPECTED ◇\n/, 'a code between words'],
  [
    /^(delivery\/letters\/draw|evidence\/bundle\/summary-pdf)/,
    /^(BT|q|Owabi) /,
    'operators of PDF and the program’s name',
  ],
  [
    /^platform\/smtp\/|^demo\/(catcher-|mail-catcher)/,
    /./,
    'what mail servers say to each other, and reports in their words',
  ],
  [/^demo\/demo-(list|money)/, /: ◇/, 'lines of YAML'],
  [
    /^platform\/postgres\/(backup|copy-binary|database-place|db|embedded-server|migrate|restore|tally)\.ts$/,
    /^(set|copy|create|drop|delete|insert|alter|lock|select|begin|having)\b/,
    'a statement of SQL',
  ],
  [
    /^(delivery\/gifts\/reserve-gifts|intake\/)/,
    /^(savepoint|rollback|lock|drop|create|set|select) /,
    'a statement of SQL',
  ],
  [
    /^platform\/postgres\/(database-place|embedded-)/,
    /^(folder|server) ◇ ◇$|^no answer$|^owabi user$/,
    'part of a name or of a system’s own words',
  ],
  [/^platform\/postgres\/locks\.ts$/, /./, 'what each lock guards, for whoever reads the table'],
  [/^notice\/notice-field\.ts$/, /./, 'what each field holds, for whoever reads the table'],
  [
    /^notice\/notice-person\.ts$/,
    /^(parent or guardian|◇ \(for ◇\)|Parent or guardian of ◇)$/,
    'in English letters only, beside the Japanese',
  ],
  [/^notice\/render-email\.ts$/, /^(<|max-width:|font-size:)/, 'HTML and CSS'],
  [/^notice\/clean-output\.ts$/, /^\[object Object\]$/, 'looked for, never said'],
  [/^delivery\//, /^(by ◇ and ◇|implied ◇|relay log( ◇)?)$/, 'the code of a stored event'],
  [/^journal\/(chain|entry)\.ts$/, /^owabi (journal|ledger) ◇$/, 'hashed'],
  [/^evidence\/figures\/prove-counters\.ts$/, /^notices ◇$/, 'the code of a comparison'],
  [/^evidence\/verify\/bag\.ts$/, /^BagIt-Version: /, 'BagIt'],
  [/^desk\/upkeep\/start-sweeping\.ts$/, / failed$/, 'the name of an event in the log'],
  [/^http\//, /charset=utf-8$|^◇=◇; Path=/, 'a header of HTTP'],
  [
    /^platform\/(formats\/xlsx-write|queue\/queue-backend)\.ts$/,
    /^(yyyy-mm-dd hh:mm:ss|owabi queue|-c search_path=◇,public)$/,
    'a format and a name',
  ],
];

const found = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .sort()
  .flatMap((file) => textsOf(readFileSync(join(root, 'src', file), 'utf8')).map((text) => ({ file, text })));

it('has no English in the program where a person reads an answer: it would be English in Japanese, too', () => {
  const unsaid = found.filter(({ file, text }) => !exceptions.some(([files, is]) => files.test(file) && is.test(text)));
  expect(unsaid).toEqual([]);
});

it('keeps no exception that nothing needs', () => {
  const idle = exceptions.filter(([files, is]) => !found.some(({ file, text }) => files.test(file) && is.test(text)));
  expect(idle.map(([, , why]) => why)).toEqual([]);
});

it.each([
  ["const a = 'no such wave'", ['no such wave']],
  [`const a = \`there are \${count} people\``, ['there are ◇ people']],
  [`const a = \`\${count} pieces\``, ['◇ pieces']],
  [`const a = [\`\${x}: \${ok ? 'all right' : y}\`]`, ['all right']],
  ["fail('CODE', /'not a string'/, 'but this one')", ['but this one']],
  ["throw new AppError('USAGE_WRONG', { text: 'only English' })", ['only English']],
  ["const a = { en: 'only English' }", ['only English']],
  ["const a = { ja: '二つ', en: 'both languages' }", []],
  ["column('在庫', 'On hand', 'not a pair')", ['not a pair']],
  ["// 'a comment of words'\nconst a: 'a type' | null = null; log.info('job done'); throw new Error('a bug here')", []],
  ['const a = sql`select a from b`', []],
  ["const a = ['one', 'two.three', '/a b/c', '氏名 の列', '--people']", []],
])('sees prose in %s as %j', (source, texts) => {
  expect(textsOf(source)).toEqual(texts);
});
