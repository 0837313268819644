/** The catalogue of the interface's words: both languages, the same places to fill, and no key that the program asks for in vain. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/cli/commands.ts';
import { loadWords } from '../src/platform/words.ts';

const root = resolve(import.meta.dirname, '..');
const words = loadWords();
const placesOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe('the words of the interface', () => {
  it('stand in Japanese and in English, with the same places to fill', () => {
    const faulty = [...words].filter(([, { ja, en }]) => ja.trim() === '' || en.trim() === '' || placesOf(ja).join() !== placesOf(en).join());
    expect(faulty.map(([key]) => key)).toEqual([]);
  });

  it('cover every key that the source names outright', () => {
    const missing = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [...readFileSync(join(root, 'src', file), 'utf8').matchAll(/\bsay\(\s*(?:\w+,\s*)?'([\w.-]+)'/g)].map((match) => match[1] ?? ''))
      .filter((key) => !words.has(key));
    expect([...new Set(missing)]).toEqual([]);
  });

  it('describe every command and every option', () => {
    const missing = commands.flatMap((command) => [command.summary, ...(command.options ?? []).map(([, key]) => key)]).filter((key) => !words.has(key));
    expect(missing).toEqual([]);
  });
});
