/**
 * The words of the interface, Japanese and English, from one catalogue: `templates/words/*.yaml`, which the build compiles
 * into one file per language. A missing word is a bug and shows as its key, never as an empty place.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from './language.ts';
import { packageRoot } from './package-root.ts';

export type Params = Readonly<Record<string, string | number>>;
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
export function say(language: Language, key: string, params: Params = {}): string {
  const words = wordsOf(language);
  const text = Object.hasOwn(words, key) ? (words[key] ?? key) : key;
  return text.replace(/\{(\w+)\}/g, (place, name: string) => (name in params ? String(params[name]) : place));
}
