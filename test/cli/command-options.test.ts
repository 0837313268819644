// Options and arguments of commands against the inputs of operations: what can be typed arrives, and what an operation takes can be typed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { CliCommand, CommandContext } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/command-table.ts';
import type { OperationEntry } from '../../src/desk/operation.ts';
import { operations } from '../../src/desk/operations.ts';
import { loadConfig } from '../../src/platform/config.ts';

const dir = mkdtempSync(join(tmpdir(), 'owabi-options-'));
afterAll(() => rmSync(dir, { recursive: true }));
/** Every file that a command reads itself holds this. */
const file = join(dir, 'file.txt');
writeFileSync(file, 'kana: "ミホン"\n');

/** These start something instead of asking the desk. */
const starting = new Set(['demo', 'up', 'work', 'serve']);
const asking = commands.filter(({ name }) => !starting.has(name));
/** What the terminal does by itself: it asks the same again. */
const ofTerminal = new Set(['status watch']);

type Call = { readonly name: string; readonly input: Readonly<Record<string, unknown>> };
type Options = Record<string, string | boolean | readonly string[]>;

/** Answers every question about itself with itself, and is empty: enough to go through any command's layout. */
const anything: unknown = new Proxy(() => anything, {
  get: (_target, key) => {
    if (key === 'then') return undefined;
    if (key === Symbol.iterator) return () => [][Symbol.iterator]();
    if (key === Symbol.toPrimitive) return () => 0;
    return anything;
  },
  apply: () => anything,
});

const nameOf = (flags: string) =>
  (/--([\w-]+)/.exec(flags)?.[1] ?? '').replace(/-(\w)/g, (_match, letter: string) => letter.toUpperCase());

function typedFor(flags: string): string | boolean | readonly string[] {
  if (!flags.includes('<')) return true;
  if (/-file /.test(flags)) return file;
  return flags.includes('...') ? ['typed'] : 'typed';
}

/** What a command asks of the desk; a layout that cannot cope with nothing, or a refusal of its own, ends the run there. */
async function callsOf(command: CliCommand, typed: Options): Promise<Call[]> {
  const calls: Call[] = [];
  const defaults = (command.options ?? []).flatMap(([flags, , fallback]) =>
    fallback === undefined ? [] : [[nameOf(flags), fallback]],
  );
  const context: CommandContext = {
    config: loadConfig({ OWABI_HOME: dir }),
    language: 'en',
    args: command.args === '' ? [] : command.args.split(' ').map((word) => word.replace(/[<>[\].]/g, '')),
    options: { ...Object.fromEntries(defaults), ...typed },
    wantsJson: true,
    call: async (name, input) => {
      calls.push({ name, input: Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) });
      return anything as never;
    },
    say: (key) => key,
    progress: () => {},
    tell: () => {},
  };
  const run = (await command.load()) as (given: CommandContext) => Promise<unknown>;
  await run(context).catch(() => undefined);
  return calls;
}

const optionsOf = ({ options = [] }: CliCommand): Options =>
  Object.fromEntries(options.map(([flags]) => [nameOf(flags), typedFor(flags)]));

/** With more options than this only some of their combinations are tried. */
const MOST_SUBSETS = 6;

/** Some options belong together, some exclude others: every combination of a few, of many each alone, in pairs, and all but one or none. */
function choicesOf(command: CliCommand): Options[] {
  const all = optionsOf(command);
  const names = Object.keys(all);
  const only = (chosen: readonly string[]) => Object.fromEntries(chosen.map((name) => [name, all[name] ?? true]));
  if (names.length <= MOST_SUBSETS)
    return Array.from({ length: 2 ** names.length }, (_, bits) => only(names.filter((_name, at) => (bits >> at) & 1)));
  const pairs = names.flatMap((one, at) => names.slice(at).map((other) => only([one, other])));
  return [{}, all, ...pairs, ...names.map((out) => only(names.filter((name) => name !== out)))];
}

const fieldsOf = async (entry: OperationEntry): Promise<string[]> => {
  const { operation } = await entry.load();
  const json = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }) as z.core.JSONSchema.BaseSchema;
  const parts = [json, ...(json.anyOf ?? []), ...(json.oneOf ?? []), ...(json.allOf ?? [])];
  const fields = parts.flatMap((part) => (typeof part === 'object' ? Object.keys(part.properties ?? {}) : []));
  return ['read', 'write'].includes(entry.kind) ? [...fields, 'campaign'] : fields;
};

describe.each(asking.map((command) => ({ name: command.name, command })))('owabi $name', ({ command }) => {
  it('gives operations what they take, and every option changes what is asked of them', async () => {
    const accepted = new Set<string>();
    const refused = new Set<string>();
    const asked = new Map<string, string>();
    for (const options of choicesOf(command)) {
      const calls = await callsOf(command, options);
      asked.set(Object.keys(options).sort().join(' '), JSON.stringify(calls));
      for (const { name, input } of calls) {
        const fields = await fieldsOf(operations[name as keyof typeof operations]);
        for (const key of Object.keys(input)) (fields.includes(key) ? accepted : refused).add(key);
      }
    }
    const strange = [...refused].filter((key) => !accepted.has(key));
    const names = Object.keys(optionsOf(command));
    const idle = names.filter((name) =>
      [...asked].every(([key, calls]) => {
        const chosen = key.split(' ');
        const without = asked.get(chosen.filter((other) => other !== name).join(' '));
        return !chosen.includes(name) || without === undefined || without === calls;
      }),
    );
    const wrong = idle.filter((name) => !ofTerminal.has(`${command.name} ${name}`));
    expect({ strange, wrong }).toEqual({ strange: [], wrong: [] });
  });
});

it('every field of every operation that the command line calls can be typed', async () => {
  const typed = new Map<string, Set<string>>();
  for (const command of asking)
    for (const options of choicesOf(command))
      for (const { name, input } of await callsOf(command, options)) {
        const known = typed.get(name) ?? new Set();
        for (const key of Object.keys(input)) known.add(key);
        typed.set(name, known);
      }
  const missing: string[] = [];
  for (const [name, entry] of Object.entries(operations) as [string, OperationEntry][])
    missing.push(
      ...(await fieldsOf(entry)).filter((field) => !typed.get(name)?.has(field)).map((field) => `${name}: ${field}`),
    );
  expect(missing).toEqual([]);
});
