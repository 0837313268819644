/**
 * Compiles the catalogue of words for the program: a step of the build, so that a start parses no YAML. An entry that is
 * doubled, lacks a language or has other places to fill in one language than in the other breaks the build.
 */
import { mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv, pid } from 'node:process';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { languages } from './language.ts';
import { packageRoot } from './package-root.ts';
import { compiledWords } from './words.ts';

const word = z.strictObject({ ja: z.string().trim().min(1), en: z.string().trim().min(1) });
const wordFile = z.record(z.string(), word);
export type Words = Map<string, z.output<typeof word>>;

/** The names that stand in braces, sorted. Double braces are fields of a text that the word is about. */
export const placesOf = (text: string): string[] =>
  [...text.replaceAll(/\{\{.*?\}\}/g, '').matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();

/** Reads the whole catalogue, each key once. Throws TypeError or ZodError naming the file. */
export function readWords(folder: string = join(packageRoot, 'templates', 'words')): Words {
  const words: Words = new Map();
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  for (const file of files.sort()) {
    const read = wordFile.safeParse(parse(readFileSync(join(folder, file), 'utf8')) ?? {});
    if (!read.success) throw new TypeError(`${file}: ${z.prettifyError(read.error)}`);
    for (const [key, entry] of Object.entries(read.data)) {
      if (words.has(key)) throw new TypeError(`${file}: the word ${key} is defined twice`);
      if (placesOf(entry.ja).join() !== placesOf(entry.en).join())
        throw new TypeError(`${file}: the two languages of ${key} have different places to fill`);
      words.set(key, entry);
    }
  }
  return words;
}

/** Writes one file per language; a reader sees the old one or the new one, never a half. */
export function compileWords(): void {
  const words = [...readWords()];
  for (const language of languages) {
    const target = compiledWords(language);
    const draft = `${target}.${pid}`;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(draft, JSON.stringify(Object.fromEntries(words.map(([key, entry]) => [key, entry[language]]))));
    renameSync(draft, target);
  }
}

if (argv[1] !== undefined && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) compileWords();
