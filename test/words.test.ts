/** The catalogue of the interface's words: both languages, the same places to fill, and no key that the program asks for in vain. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { channels, channelTable } from '../src/campaign/wave/channel.ts';
import { commands } from '../src/cli/command-table.ts';
import { outcomes, personTerms } from '../src/delivery/outcome.ts';
import { errorTable } from '../src/kernel/errors.ts';
import { readWords } from '../src/platform/compile-words.ts';

const root = resolve(import.meta.dirname, '..');
const words = readWords();
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
  it('break the build when an entry is doubled, lacks a language, or has other places in one of them', () => {
    const dir = mkdtempSync(join(tmpdir(), 'owabi-words-'));
    const write = (file: string, text: string) => writeFileSync(join(dir, file), text);
    try {
      write('a.yaml', 'a.b:\n  ja: "{name}さん"\n  en: "{name}"\n');
      expect([...readWords(dir)]).toEqual([['a.b', { ja: '{name}さん', en: '{name}' }]]);
      write('b.yaml', 'a.b:\n  ja: "再び"\n  en: "again"\n');
      expect(() => readWords(dir)).toThrow('b.yaml: the word a.b is defined twice');
      write('b.yaml', 'a.c:\n  ja: "一"\n  en: "one"\na.c:\n  ja: "二"\n  en: "two"\n');
      expect(() => readWords(dir)).toThrow('unique');
      write('b.yaml', 'a.c:\n  en: "only English"\n');
      expect(() => readWords(dir)).toThrow('b.yaml');
      write('b.yaml', 'a.c:\n  ja: "  "\n  en: "only English"\n');
      expect(() => readWords(dir)).toThrow('b.yaml');
      write('b.yaml', 'a.c:\n  ja: "{count}件"\n  en: "some"\n');
      expect(() => readWords(dir)).toThrow('the two languages of a.c have different places to fill');
    } finally {
      rmSync(dir, { recursive: true });
    }
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
    // What is said later, in the language of whoever reads it.
    const later = sources.flatMap((text) => [...text.matchAll(/\bword: '([\w.-]+)'/g)].map((match) => match[1] ?? ''));
    expect(later.length).toBeGreaterThan(40);
    expect([...new Set([...asked, ...later])].filter((key) => !words.has(key))).toEqual([]);
  });

  it('cover the beginning of every key that the source puts together', () => {
    const asked = sources.flatMap((text) =>
      [...text.matchAll(/\bsay\(\s*(?:[\w.]+,\s*|'(?:ja|en)',\s*)?`([\w.-]+\.)\$\{/g)].map((match) => match[1] ?? ''),
    );
    const keys = [...words.keys()];
    expect([...new Set(asked)].filter((start) => !keys.some((key) => key.startsWith(start)))).toEqual([]);
  });

  it.each<[start: string, members: readonly string[]]>([
    ['status.channel', channels],
    ['notice.channel', Object.values(channelTable).map(({ medium }) => medium)],
    ['status.outcome', outcomes],
    ['status.term', personTerms],
  ])('have one that begins with %s for every member of its list', (start, members) => {
    expect(members.filter((member) => !words.has(`${start}.${member}`))).toEqual([]);
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
    expect(
      [...words.keys()].filter((key) => key.startsWith('error.') && !((key.split('.')[1] ?? '') in errorTable)),
    ).toEqual([]);
  });

  it('hold nothing that nobody asks for', () => {
    const errorKeys = new Set(
      sources.flatMap((text) => [...text.matchAll(/'([A-Z]+(?:_[A-Z]+)+(?:\.\w+)?)'/g)].map((m) => m[1] ?? '')),
    );
    const isErrorAsked = (key: string) =>
      key.startsWith('error.') &&
      (errorKeys.has(key.slice(6)) || (key.endsWith('.hint') && errorKeys.has(key.slice(6, -5))));
    const isAsked = (key: string) =>
      literals.has(key) ||
      [...starts].some((start) => key.startsWith(start)) ||
      isErrorAsked(key) ||
      key.endsWith('.long') ||
      /^cli\.\w+\.group$/.test(key) ||
      templates.some((text) => text.includes(key));
    expect([...words.keys()].filter((key) => !isAsked(key))).toEqual([]);
  });
});
