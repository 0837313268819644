/** Every error that the program can raise has its words in both languages, with a remedy, and gets what they need. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError, type ErrorCode, type ErrorKey, errorTable } from '../src/kernel/errors.ts';
import { placesOf, readWords } from '../src/platform/compile-words.ts';
import { languages } from '../src/platform/language.ts';
import { sayError } from '../src/platform/words.ts';

const root = resolve(import.meta.dirname, '..');
const words = readWords();

type Site = { readonly file: string; readonly keys: readonly string[]; readonly params: readonly string[] | null };

/** The arguments of a call that begins at `start`, split at its outer commas; strings and nested brackets are passed over. */
function argumentsAt(text: string, start: number): string[] {
  const parts = [''];
  let depth = 0;
  let quote = '';
  for (let at = start; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (quote !== '') {
      if (letter === quote && text.charAt(at - 1) !== '\\') quote = '';
    } else if ('\'"`'.includes(letter)) quote = letter;
    else if ('([{'.includes(letter)) depth += 1;
    else if (')]}'.includes(letter)) {
      if (depth === 0) return parts.map((part) => part.trim()).filter((part) => part !== '');
      depth -= 1;
    } else if (letter === ',' && depth === 0) {
      parts.push('');
      continue;
    }
    parts[parts.length - 1] += letter;
  }
  throw new Error('a call never ends');
}

/** Names of an object literal's properties; null when it is not written out. */
function namesOf(literal: string | undefined): string[] | null {
  if (literal === undefined) return [];
  if (!literal.startsWith('{')) return null;
  return argumentsAt(literal, 1).map((part) => /^(?:\.\.\.)?(\w+)/.exec(part)?.[1] ?? part);
}

const errorKeys = [...words.keys()]
  .filter((word) => word.startsWith('error.') && !word.endsWith('.hint'))
  .map((word) => word.slice('error.'.length) as ErrorKey);

const sites: Site[] = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => {
    const text = readFileSync(join(root, 'src', file), 'utf8');
    return [...text.matchAll(/\bnew AppError\(/g)].map((match) => {
      const [first = '', second] = argumentsAt(text, match.index + match[0].length);
      const start = /^`([A-Z_]+\.)\$\{/.exec(first)?.[1];
      const keys = start
        ? errorKeys.filter((key) => key.startsWith(start))
        : [...first.matchAll(/'([A-Z]+(?:_[A-Z]+)+(?:\.\w+)?)'/g)].map((one) => one[1] ?? '');
      return { file, keys, params: namesOf(second) };
    });
  });

/** An error thrown under a name that stands elsewhere: each is held by a type, and by a test of its own. */
const passedOn = ['platform/threads.ts', 'ledger/read-terms.ts', 'cli/commander-words.ts'];

describe('the words of errors', () => {
  it('are found by reading the source: this test sees the throw sites', () => {
    expect(sites.length).toBeGreaterThan(150);
    const unreadable = sites.filter(({ keys, params }) => keys.length === 0 || params === null);
    expect(unreadable.map(({ file }) => file).filter((file) => !passedOn.includes(file))).toEqual([]);
  });

  it('stand in the catalogue for every key that is thrown, and none is written at the throw site', () => {
    const thrown = sites.flatMap(({ file, keys }) => keys.map((key) => ({ file, key })));
    const missing = thrown.filter(({ key }) => !words.has(`error.${key}`));
    expect(missing).toEqual([]);
  });

  it('are given everything that their places name, in the message and in the remedy', () => {
    const hungry = sites.flatMap(({ file, keys, params }) =>
      keys.flatMap((key) => {
        const texts = [`error.${key}`, hintOf(key)].map((word) => words.get(word ?? '')?.ja ?? '');
        const lacking = texts.flatMap(placesOf).filter((place) => params !== null && !params.includes(place));
        return lacking.map((place) => `${file}: ${key} is not given {${place}}`);
      }),
    );
    expect(hungry).toEqual([]);
  });

  it('name the remedy of every one of them', () => {
    expect(errorKeys.filter((key) => hintOf(key) === null)).toEqual([]);
  });

  it('cover every code of the table', () => {
    const covered = new Set([...words.keys()].map((word) => /^error\.([A-Z_]+)/.exec(word)?.[1]));
    expect((Object.keys(errorTable) as ErrorCode[]).filter((code) => !covered.has(code))).toEqual([]);
  });
});

describe.each(languages)('an error said in %s', (language) => {
  it.each(errorKeys)('%s says what is wrong and what to do, with every place filled', (key) => {
    const places = [`error.${key}`, hintOf(key)].flatMap((word) => placesOf(words.get(word ?? '')?.ja ?? ''));
    const said = sayError(language, new AppError(key, Object.fromEntries(places.map((place) => [place, 'x7']))));
    expect(said.code).toBe(key.split('.')[0]);
    for (const text of [said.message, said.hint]) {
      expect(text).not.toBe('');
      expect(text).not.toMatch(/\{\w+\}|error\./);
    }
    const script = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;
    if (language === 'ja') expect(said.message).toMatch(script);
    else expect(said.message).not.toMatch(script);
  });
});

/** The entry of the remedy that an error of this key gets. */
function hintOf(key: string): string | null {
  return [`error.${key}.hint`, `error.${key.split('.')[0]}.hint`].find((word) => words.has(word)) ?? null;
}

it('says a list line by line and a word inside a word, in the language of the whole', () => {
  const faults = [
    { word: 'problem.line', params: { file: 'a.yaml', line: 3, message: { word: 'yaml.missing' } } },
    { word: 'problem.line.path', params: { file: 'a.yaml', line: 9, path: 'x.y', message: { word: 'yaml.tab' } } },
  ];
  const error = new AppError('INVOICE_INVALID', { faults });
  expect(sayError('ja', error).message.split('\n')).toEqual([
    '請求書に誤りがあります',
    'a.yaml:3: 値がありません。追加してください',
    'a.yaml:9: x.y 字下げにタブが使われています。空白にしてください',
  ]);
  expect(sayError('en', error).message.split('\n')[1]).toBe('a.yaml:3: this value is missing: add it');
  expect(error.message).toBe('INVOICE_INVALID');
});
