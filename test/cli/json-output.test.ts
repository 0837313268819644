// `--json` is the answer of an operation: every command lays out what the desk may answer, and prints the document unchanged.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { CliCommand, CommandContext, CommandResult } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/command-table.ts';
import { operations } from '../../src/desk/operations.ts';
import { AppError } from '../../src/kernel/errors.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { sampleAnswer } from '../support/sample-answer.ts';

const dir = mkdtempSync(join(tmpdir(), 'owabi-json-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
/** What a command reads by itself: a passphrase, or details of a contact. */
const file = join(dir, 'file.txt');
writeFileSync(file, 'note: sakura-no-hana-2026\n');

type Options = Readonly<Record<string, string | boolean | readonly string[]>>;
type Run = { readonly answers: readonly unknown[]; readonly result: CommandResult | null };

/** Processes, not operations. */
const processes = ['demo', 'up', 'work', 'serve'];
const asking = commands.filter(({ name }) => !processes.includes(name));

const optionsOf = ({ options = [] }: CliCommand) =>
  options.map(([flags]): [string, string | boolean | readonly string[]] => {
    const [, name = '', wants] = /^--([a-z-]+)(?: (<.*>))?$/.exec(flags) ?? [];
    const value = wants === undefined ? true : /file$/.test(name) ? file : wants.endsWith('...>') ? ['7'] : '7';
    return [name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()), value];
  });

async function runWith(command: CliCommand, options: Options): Promise<Run> {
  const answers: unknown[] = [];
  const context: CommandContext = {
    config: loadConfig({}),
    language: 'en',
    args: Array.from({ length: command.args === '' ? 0 : command.args.split(' ').length }, () => '7'),
    options,
    wantsJson: true,
    call: async (operation) => {
      const answer = sampleAnswer((await operations[operation].load()).operation.output);
      answers.push(answer);
      return answer as never;
    },
    say: (key) => key,
    progress: () => {},
    tell: () => {},
  };
  // A command may refuse what a person typed before it asks anything.
  const result = await (await command.load())(context as never).catch((error: unknown) => {
    if (error instanceof AppError) return null;
    throw error;
  });
  return { answers, result };
}

/** The document is the answer, a part of it, or names it. */
function isPartOf(document: unknown, answer: unknown): boolean {
  const partsOf = (whole: unknown) => (typeof whole === 'object' && whole !== null ? Object.values(whole) : []);
  if (document === answer || partsOf(answer).includes(document) || partsOf(document).includes(answer)) return true;
  return partsOf(document).length > 0 && partsOf(document).every((part) => partsOf(answer).includes(part));
}

it.each(asking.map((command) => [command.name, command] as const))(
  'owabi %s --json prints what the desk answered',
  async (_name, command) => {
    const options = optionsOf(command);
    const choices: Options[] = [{}, Object.fromEntries(options), ...options.map((one) => Object.fromEntries([one]))];
    const pairs = options.flatMap((one, at) => options.slice(at + 1).map((other) => Object.fromEntries([one, other])));
    const printed: string[] = [];
    for (const given of [...choices, ...(options.length > 6 ? [] : pairs)]) {
      const { answers, result } = await runWith(command, given);
      if (result === null || answers.length === 0) continue;
      printed.push(result.text);
      expect([given, answers.some((answer) => isPartOf(result.json, answer))]).toEqual([given, true]);
    }
    expect(printed.length).toBeGreaterThan(0);
    for (const text of printed) expect(text).toMatch(/\S/);
  },
);
