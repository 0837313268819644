/** Documentation is tested: commands, variables, dependencies and glossary words are where a reader looks for them, and exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/cli/command-table.ts';
import { errorTable } from '../src/kernel/errors.ts';
import { configVariables } from '../src/platform/config.ts';

const root = resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const language = read('src/LANGUAGE.md');
const packageFile = JSON.parse(read('package.json')) as {
  dependencies: Record<string, string>;
  scripts: Record<string, string>;
};

const shownScripts = ['demo', 'test', 'test:long', 'bench', 'check'];
const runOf = (script: string) => (script === 'test' ? 'npm test' : `npm run ${script}`);

/** First cells of table rows that are one word in backticks, from a heading to the next of its level. */
function rowsUnder(text: string, heading: RegExp): string[] {
  const start = text.search(heading);
  const rest = text.slice(start + 1);
  const end = rest.search(/^## /m);
  return [...rest.slice(0, end < 0 ? undefined : end).matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');
}

describe.each([
  ['README.md', { errors: /^## Error codes$/m, variables: /^## Configuration$/m }],
  ['README.ja.md', { errors: /^## エラーコード$/m, variables: /^## 設定$/m }],
])('%s', (file, headings) => {
  const readme = read(file);

  it('names every command with its arguments, every dependency and script', () => {
    expect({
      commands: commands
        .map(({ name, args }) => `\`owabi ${[name, args].filter(Boolean).join(' ')}\``)
        .filter((usage) => !readme.includes(usage)),
      dependencies: Object.keys(packageFile.dependencies).filter((name) => !readme.includes(`\`${name}\``)),
      scripts: shownScripts.filter((script) => !(script in packageFile.scripts) || !readme.includes(runOf(script))),
    }).toEqual({ commands: [], dependencies: [], scripts: [] });
  });

  it('names the version of every dependency as package.json pins it', () => {
    const stale = Object.entries(packageFile.dependencies).filter(
      ([name, version]) => !readme.includes(`\`${name}\` ${version}`),
    );
    expect(stale).toEqual([]);
  });

  it('lists exactly the variables that the program reads', () => {
    expect(rowsUnder(readme, headings.variables).sort()).toEqual(Object.keys(configVariables).sort());
  });

  it('lists exactly the error codes of the table, each with its exit code', () => {
    expect(rowsUnder(readme, headings.errors).sort()).toEqual(Object.keys(errorTable).sort());
    const wrong = Object.entries(errorTable).filter(
      ([code, { exitCode }]) => !readme.includes(`| \`${code}\` | ${exitCode} |`),
    );
    expect(wrong).toEqual([]);
  });

  it('shows no command that does not exist', () => {
    const names = commands.map(({ name }) => name);
    const shown = [...readme.matchAll(/^ {4}\$ (?:OWABI_\w+=\S+ )?owabi ([a-z-]+(?: [a-z-]+)?)/gm)];
    const unknown = shown
      .map((match) => match[1] ?? '')
      .filter((words) => !names.includes(words) && !names.includes(words.split(' ')[0] ?? ''));
    expect(unknown).toEqual([]);
  });

  it('points to files and headings that are there', () => {
    const anchors = new Set([...readme.matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1] ?? '')));
    const broken = [...readme.matchAll(/\]\(([^)]+)\)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) =>
        target.startsWith('#') ? !anchors.has(target.slice(1)) : !existsSync(join(root, dirname(file), target)),
      );
    expect(broken).toEqual([]);
  });

  it('names source files that are there', () => {
    const rooms = readdirSync(join(root, 'src'));
    const named = [...readme.matchAll(/`((?:[a-z-]+\/)+[\w.-]+\.ts)`/g)].map((match) => match[1] ?? '');
    const gone = named.filter(
      (path) => !existsSync(join(root, rooms.includes(path.split('/')[0] ?? '') ? 'src' : '', path)),
    );
    expect(gone).toEqual([]);
  });
});

/** The anchor that a heading gets on the usual hosts. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replace(/ /g, '-');
}

it('says nothing in the READMEs about the machine on which they were written', () => {
  const text = read('README.md') + read('README.ja.md') + language + read('src/COLUMNS.md');
  expect(text.match(/(?:\/tmp|\/root|\/work|\/home\/\w+)\/\S*/g) ?? []).toEqual([]);
});

describe('the glossary', () => {
  const rows = [...language.matchAll(/^\| (?!word \||---)(.+) \|$/gm)].map((match) => (match[1] ?? '').split(' | '));

  it('has no word twice, and a Japanese term and a meaning for each', () => {
    const words = rows.flatMap(([word]) => (word ?? '').split(', '));
    const thin = rows.filter(([, term, meaning]) => !term?.trim() || !meaning?.trim()).map(([word]) => word);
    expect({ doubled: words.filter((word, at) => words.indexOf(word) !== at), thin }).toEqual({
      doubled: [],
      thin: [],
    });
  });

  it('uses no word for a thing that it also tells to avoid for it', () => {
    const clashes = rows.filter(([word, , , avoid]) =>
      (avoid ?? '').split(', ').some((other) => (word ?? '').split(', ').includes(other)),
    );
    expect(clashes).toEqual([]);
  });
});
