/** The catalogue of the interface's words: both languages, the same places to fill, and no key that the program asks for in vain. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/cli/command-table.ts';
import { errorTable } from '../src/kernel/errors.ts';
import { loadWords } from '../src/platform/words.ts';

const root = resolve(import.meta.dirname, '..');
const words = loadWords();
/** Double braces are a text's own fields, not places of the catalogue. */
const placesOf = (text: string) =>
  [...text.replaceAll(/\{\{.*?\}\}/g, '').matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

const sources = ['src', 'docs/generate'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, folder, file), 'utf8')),
);

/** Every string literal with a dot in it that could be a key; what stands in backticks counts up to its first place. */
const literals = new Set(
  sources.flatMap((text) => [...text.matchAll(/'([a-z][\w-]*(?:\.[\w-]+)+)'/g)].map((m) => m[1] ?? '')),
);
const starts = new Set(
  sources.flatMap((text) => [...text.matchAll(/`([a-z][\w-]*(?:\.[\w-]+)*\.)\$\{/g)].map((m) => m[1] ?? '')),
);
const templates = readdirSync(join(root, 'templates/web')).map((file) =>
  readFileSync(join(root, 'templates/web', file), 'utf8'),
);

describe('the words of the interface', () => {
  it('stand in Japanese and in English, with the same places to fill', () => {
    const faulty = [...words].filter(
      ([, { ja, en }]) => ja.trim() === '' || en.trim() === '' || placesOf(ja).join() !== placesOf(en).join(),
    );
    expect(faulty.map(([key]) => key)).toEqual([]);
  });

  it('are Japanese where they should be Japanese, and English where they should be English', () => {
    const isJapanese = (text: string) => /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text);
    const letters = (text: string) => /[A-Za-z]{3,} [A-Za-z]{2,} [A-Za-z]{2,}/.test(text);
    const faulty = [...words].filter(
      ([, { ja, en }]) => (letters(en) && !isJapanese(ja)) || (isJapanese(ja) && en === ja),
    );
    expect(faulty.map(([key]) => key)).toEqual([]);
  });

  it('cover every key that the source names outright', () => {
    const asked = sources.flatMap((text) =>
      [...text.matchAll(/\bsay\(\s*(?:[\w.]+,\s*|'(?:ja|en)',\s*)?'(?!(?:ja|en)')([\w.-]+)'/g)].map(
        (match) => match[1] ?? '',
      ),
    );
    expect([...new Set(asked)].filter((key) => !words.has(key))).toEqual([]);
  });

  it('cover the beginning of every key that the source puts together', () => {
    const asked = sources.flatMap((text) =>
      [...text.matchAll(/\bsay\(\s*(?:[\w.]+,\s*|'(?:ja|en)',\s*)?`([\w.-]+\.)\$\{/g)].map((match) => match[1] ?? ''),
    );
    const keys = [...words.keys()];
    expect([...new Set(asked)].filter((start) => !keys.some((key) => key.startsWith(start)))).toEqual([]);
  });

  it('describe every command, every group of commands and every option', () => {
    const groups = commands.flatMap(({ name }) =>
      name
        .split(' ')
        .slice(0, -1)
        .map((word) => `cli.${word}.group`),
    );
    const asked = commands.flatMap((command) => [command.summary, ...(command.options ?? []).map(([, key]) => key)]);
    expect([...new Set([...groups, ...asked])].filter((key) => !words.has(key))).toEqual([]);
  });

  it('name no variable, command or error code that does not exist', () => {
    const names = commands.map(({ name }) => name);
    const isCommand = (text: string) =>
      names.some((name) => name === text || name.split(' ')[0] === text.split(' ')[0]);
    const wrong = [...words].flatMap(([key, { ja, en }]) =>
      [ja, en].flatMap((text) =>
        [...text.matchAll(/\bowabi ([a-z]+(?:-[a-z]+)*)\b/g)]
          .filter((match) => !isCommand(match[1] ?? ''))
          .map((match) => `${key}: ${match[0]}`),
      ),
    );
    expect([...new Set(wrong)]).toEqual([]);
    expect([...words.keys()].filter((key) => key.startsWith('error.') && !(key.slice(6) in errorTable))).toEqual([]);
  });

  it('hold nothing that nobody asks for', () => {
    const isAsked = (key: string) =>
      literals.has(key) ||
      [...starts].some((start) => key.startsWith(start)) ||
      key.endsWith('.long') ||
      /^cli\.\w+\.group$/.test(key) ||
      templates.some((text) => text.includes(key));
    expect([...words.keys()].filter((key) => !isAsked(key))).toEqual([]);
  });
});
