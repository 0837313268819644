/**
 * The reference as a page: commands, what `--json` holds, configuration and error codes, from the tables that the program
 * itself runs by and from the word catalogue, so that it cannot say anything else than the program does.
 */
import type { CliCommand } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/command-table.ts';
import { operations } from '../../src/desk/operations.ts';
import { errorTable } from '../../src/kernel/errors.ts';
import { configVariables } from '../../src/platform/config.ts';
import type { Language } from '../../src/platform/language.ts';
import { say } from '../../src/platform/words.ts';
import { jsonDocuments } from './json-documents.ts';
import { shapeOf } from './schema-shape.ts';

/** The reference in one language, as Markdown. */
export async function renderReference(language: Language): Promise<string> {
  const word = (key: string) => wordOf(language, key);
  const blocks = [
    `<!-- ${word('reference.generated')} -->`,
    `# ${word('reference.title')}`,
    word('reference.intro'),
    `## ${word('reference.commands')}`,
    word('reference.commands.intro'),
    table(
      ['reference.column.command', 'reference.column.does'].map(word),
      commands.map((command) => [`[\`${usageOf(command)}\`](#${anchorOf(command)})`, word(command.summary)]),
    ),
    ...commands.map((command) => describeCommand(command, language)),
    `## ${word('reference.operations')}`,
    word('reference.operations.intro'),
    table(
      ['operation', 'does', 'kind', 'right', 'people'].map((column) => word(`reference.column.${column}`)),
      Object.entries(operations).map(([name, { kind, right, people }]) => [
        `\`${name}\``,
        word(`operation.${name}`),
        kind,
        right,
        people ? word('reference.yes') : '',
      ]),
    ),
    ...(await describeOperations(language)),
    `## ${word('reference.configuration')}`,
    word('reference.configuration.intro'),
    table(
      ['reference.column.variable', 'reference.column.meaning', 'reference.column.default'].map(word),
      configVariables.map((name) => [
        `\`${name}\``,
        word(`reference.variable.${name}`),
        word(`reference.default.${name}`),
      ]),
    ),
    word('reference.configuration.more'),
    `## ${word('reference.errors')}`,
    word('reference.errors.intro'),
    table(
      ['reference.column.code', 'reference.column.exit', 'reference.column.remedy'].map(word),
      Object.entries(errorTable)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([code, { exitCode }]) => [`\`${code}\``, String(exitCode), word(`reference.error.${code}`)]),
    ),
  ];
  return `${blocks.map((block) => block.trim()).join('\n\n')}\n`;
}

function describeCommand(command: CliCommand, language: Language): string {
  const word = (key: string) => wordOf(language, key);
  const long = say(language, `${command.summary}.long`);
  const note = say(language, `reference.json.${command.name}`);
  const options = (command.options ?? []).map(([flags, key, fallback]) => [
    `\`${flags}\``,
    fallback === undefined ? word(key) : `${word(key)} (${word('reference.column.default')}: \`${fallback}\`)`,
  ]);
  const document = jsonDocuments[command.name];
  return [
    `### \`owabi ${command.name}\``,
    sentence(word(command.summary)),
    `    ${usageOf(command)}`,
    long === `${command.summary}.long` ? '' : codeBlock(long),
    options.length === 0 ? '' : table(['reference.column.option', 'reference.column.does'].map(word), options),
    document === undefined ? '' : `${word('reference.json')}\n\n${codeBlock(document)}`,
    note === `reference.json.${command.name}` ? '' : note,
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** What each operation takes and answers, from its own schemas: the answer is what a door prints for `--json`. */
async function describeOperations(language: Language): Promise<string[]> {
  const blocks: string[] = [];
  for (const [name, entry] of Object.entries(operations)) {
    const { operation } = await entry.load();
    const [input, output] = [shapeOf(operation.input, 'input'), shapeOf(operation.output, 'output')];
    const words = `${wordOf(language, 'reference.takes')} ${input}\n${wordOf(language, 'reference.answers')} ${output}`;
    blocks.push(`### \`${name}\`\n\n${codeBlock(words)}`);
  }
  return blocks;
}

/** A word that must be there: a reference with a bare key in it would be worse than none. */
function wordOf(language: Language, key: string): string {
  const text = say(language, key);
  if (text === key) throw new TypeError(`templates/words has no word ${key}: write it in Japanese and English`);
  return text;
}

function usageOf({ name, args }: CliCommand): string {
  return ['owabi', name, args].filter(Boolean).join(' ');
}

/** The anchor of a command's heading, as the usual hosts make it. */
function anchorOf({ name }: CliCommand): string {
  return `owabi-${name.replaceAll(' ', '-')}`;
}

function sentence(text: string): string {
  const opened = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.。:：)）]$/.test(opened)
    ? opened
    : `${opened}${/\p{Script=Han}|\p{Script=Hiragana}/u.test(opened) ? '。' : '.'}`;
}

function codeBlock(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`.trimEnd())
    .join('\n');
}

/** A Markdown table; a bar inside a cell would end it, so it is escaped. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.trim().replaceAll('\n', ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
