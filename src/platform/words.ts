/**
 * The words of the interface, Japanese and English, from one catalogue: `templates/words/*.yaml`, each entry with both
 * languages. A missing word is a bug and shows as its key, never as an empty place.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Language } from './config.ts';
import { packageRoot } from './package-root.ts';

const catalogueFile = z.record(z.string(), z.object({ ja: z.string(), en: z.string() }));
export type Words = Map<string, { ja: string; en: string }>;

/** Reads the whole catalogue; throws on a doubled key or a missing language. */
export function loadWords(folder: string = join(packageRoot, 'templates', 'words')): Words {
  const words: Words = new Map();
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()) {
    const entries = catalogueFile.parse(parse(readFileSync(join(folder, file), 'utf8')) ?? {});
    for (const [key, entry] of Object.entries(entries)) {
      if (words.has(key)) throw new TypeError(`${file}: the word ${key} is defined twice`);
      words.set(key, entry);
    }
  }
  return words;
}

let loaded: Words | undefined;

/** The word in the language, `{name}` places filled from params. */
export function say(language: Language, key: string, params: Readonly<Record<string, string | number>> = {}): string {
  loaded ??= loadWords();
  const text = loaded.get(key)?.[language] ?? key;
  return text.replace(/\{(\w+)\}/g, (place, name: string) => (name in params ? String(params[name]) : place));
}
