// What the parser of the command line says, in both languages: help, and each thing that can be wrong with a line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/platform/package-root.ts';
import { callCli } from '../support/run-cli.ts';

const wrong = {
  'commander.unknownOption': [
    ['status', 'x', '--wat', '--json'],
    '「--wat」というオプションはありません',
    'there is no option --wat',
  ],
  'commander.unknownCommand': [
    ['frobnicate'],
    '「frobnicate」というコマンドはありません',
    'there is no command frobnicate',
  ],
  'commander.missingArgument': [['status'], '引数 <campaign> が足りません', 'the argument <campaign> is missing'],
  'commander.optionMissingArgument': [
    ['estimate', '--people'],
    '--people <n> に値がありません',
    '--people <n> has no value',
  ],
  'commander.excessArguments': [
    ['status', 'one', 'two'],
    '引数が多すぎます（1 個のところ 2 個）',
    'too many arguments: 2 where 1 belong',
  ],
} as const;

describe.each(['ja', 'en'] as const)('a wrong command line, in %s', (language) => {
  it.each(Object.entries(wrong))('is explained: %s', async (_code, [words, ja, en]) => {
    const end = await callCli(words, { env: { OWABI_LANG: language } });
    const said = language === 'ja' ? ja : en;
    expect(end.code).toBe(2);
    expect(end.stderr.split('\n')[0]).toBe(`${language === 'ja' ? 'エラー' : 'error'} USAGE_WRONG: ${said}`);
    if (words.some((word) => word === '--json'))
      expect(end.json().error).toMatchObject({ code: 'USAGE_WRONG', message: said });
    else expect(end.stdout).toBe('');
  });

  it('names what was probably meant', async () => {
    const option = await callCli(['status', 'x', '--wath'], { env: { OWABI_LANG: language } });
    expect(option.stderr).toContain(language === 'ja' ? '--watch のことでしょうか' : 'Did you mean --watch?');
    const command = await callCli(['lots', 'lst', 'x'], { env: { OWABI_LANG: language } });
    expect(command.stderr).toContain(language === 'ja' ? 'list のことでしょうか' : 'Did you mean list?');
  });
});

it('knows every code that the parser can give for a declaration that the table of commands may hold', () => {
  const text = readFileSync(join(packageRoot, 'node_modules/commander/lib/command.js'), 'utf8');
  const given = [...text.matchAll(/this\.error\(message, \{ code: '([\w.]+)' \}\)/g)].map((match) => match[1]);
  // A mandatory option and two options that exclude one another cannot be declared: the operation's input says so itself.
  const undeclared = ['commander.missingMandatoryOptionValue', 'commander.conflictingOption'];
  expect(given.toSorted()).toEqual([...Object.keys(wrong), ...undeclared].toSorted());
});

describe('--lang', () => {
  it.each([[['status', 'x', '--lang', 'fr']], [['status', 'x', '--lang=fr']], [['--lang', 'fr', '--help']]])(
    '%j is a fault of usage that names the languages there are',
    async (words) => {
      for (const [language, hint] of [
        ['ja', '次のどれかにしてください: ja, en'],
        ['en', 'Use one of: ja, en'],
      ] as const) {
        const { code, stdout, stderr } = await callCli(words, { env: { OWABI_LANG: language } });
        expect([code, stdout]).toEqual([2, '']);
        expect(stderr).toContain('--lang fr');
        expect(stderr).toContain(hint);
      }
    },
  );

  it.each([[['--lang', 'ja', '--help']], [['--help', '--lang=ja']], [['status', '--help', '--lang', 'ja']]])(
    '%j counts wherever it stands',
    async (words) => {
      const { code, stdout } = await callCli(words);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^使い方: owabi/);
    },
  );
});

describe('help', () => {
  // Names of commands, options, files and places, and what stands in <…>, are the same in every language.
  const sentence = /\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b/i;
  const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;

  it.each([[[]], [['lots']], [['status']], [['demo']], [['help', 'lots', 'post']]] as string[][][])(
    'of %j has no English in Japanese and no Japanese in English',
    async (words) => {
      const line = words[0] === 'help' ? words : [...words, '--help'];
      const ja = await callCli(line, { env: { OWABI_LANG: 'ja' } });
      const en = await callCli(line, { env: { OWABI_LANG: 'en' } });
      expect([ja.code, en.code]).toEqual([0, 0]);
      expect(ja.stdout).toMatch(/^使い方: owabi/);
      expect(ja.stdout).not.toMatch(/Usage|Options|Commands|options\]|command\]|default|display|output the/);
      expect(ja.stdout.split('\n').filter((row) => sentence.test(row) && !japanese.test(row))).toEqual([]);
      expect(en.stdout).toMatch(/^Usage: owabi/);
      expect(en.stdout).not.toMatch(japanese);
    },
  );
});
