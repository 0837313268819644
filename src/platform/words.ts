/**
 * The words of the interface, Japanese and English, from one catalogue: `templates/words/*.yaml`, which the build compiles
 * into one file per language. A missing word is a bug and shows as its key, never as an empty place.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppError } from '../kernel/errors.ts';
import type { WordParam, WordParams } from '../kernel/wording.ts';
import type { Language } from './language.ts';
import { packageRoot } from './package-root.ts';

type Words = Readonly<Record<string, string>>;

export const compiledWords = (language: Language): string => join(packageRoot, 'dist', 'words', `${language}.json`);

const loaded = new Map<Language, Words>();

function wordsOf(language: Language): Words {
  const known = loaded.get(language);
  if (known) return known;
  const words = JSON.parse(readFileSync(compiledWords(language), 'utf8')) as Words;
  loaded.set(language, words);
  return words;
}

/** The word in the language, `{name}` places filled from params. */
export function say(language: Language, key: string, params: WordParams = {}): string {
  const words = wordsOf(language);
  const text = Object.hasOwn(words, key) ? (words[key] ?? key) : key;
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = params[name];
    return value === undefined ? place : fill(language, value);
  });
}

function fill(language: Language, value: WordParam): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if ('word' in value) return say(language, value.word, value.params);
  return value.map((each) => fill(language, each)).join('\n');
}

/** What a person is told of an error: what is wrong and where, and the remedy. */
export function sayError(language: Language, error: AppError): { code: string; message: string; hint: string } {
  const { code, key, params } = error;
  const words = wordsOf(language);
  const hint = [`error.${key}.hint`, `error.${code}.hint`].find((word) => Object.hasOwn(words, word));
  return { code, message: say(language, `error.${key}`, params), hint: hint ? say(language, hint, params) : '' };
}
