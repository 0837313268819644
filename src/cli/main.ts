#!/usr/bin/env node
/** The command line: parses, opens what the command needs, prints its answer, and ends with the exit code of the contract. */
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { AppError, errorTable } from '../kernel/errors.ts';
import type { App } from '../platform/app.ts';
import type { Config } from '../platform/config.ts';
import { processEnvironment } from '../platform/environment.ts';
import { isLanguage, type Language, languageOf, languages } from '../platform/language.ts';
import { packageRoot } from '../platform/package-root.ts';
import { say, sayError } from '../platform/words.ts';
import type { CliCommand, CommandResult } from './command.ts';
import { commands } from './command-table.ts';
import { faultOf, sayHelp } from './commander-words.ts';
import { openContext } from './open-context.ts';
import { createProgress } from './render/progress.ts';

const EXIT_USAGE = 2;
const EXIT_DOWN = 3;

function versionText(): string {
  const found = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return found.version;
}

/** `owabi … | head -1`: whoever has read enough closes the pipe, and what is left to say is nobody's fault. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
}

/** Prints `text` whole before the process ends: a pipe may take it in pieces. */
async function print(stream: NodeJS.WriteStream, text: string): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.write(text.endsWith('\n') ? text : `${text}\n`, () => resolve());
  });
}

async function execute(
  command: CliCommand,
  config: Config,
  language: Language,
  args: readonly (string | undefined)[],
  raw: Record<string, unknown>,
): Promise<number> {
  const wantsJson = raw.json === true;
  const progress = createProgress(wantsJson);
  let home: Promise<App> | undefined;
  const openHome = () => {
    // Loaded when a command needs it: help and version start without a database client.
    home ??= import('../desk/open-own-app.ts').then(({ openOwnApp }) => openOwnApp(config));
    return home;
  };
  const { json: _json, lang: _lang, ...options } = raw as Record<string, string | boolean | readonly string[]>;
  const context = openContext({
    config,
    language,
    args,
    argNames: command.args,
    options,
    wantsJson,
    openHome,
    progress: (label, done, total) => progress.draw(label, done, total),
    tell: (line) => {
      if (wantsJson) return;
      progress.clear();
      stderr.write(`${line}\n`);
    },
  });
  let result: CommandResult;
  try {
    result =
      command.needs === 'app'
        ? await (await command.load())({ ...context, app: await openHome() })
        : await (await command.load())(context);
  } finally {
    await (await home?.catch(() => undefined))?.close();
  }
  progress.clear();
  await print(stdout, wantsJson ? JSON.stringify(result.json, null, 2) : result.text);
  return result.exitCode ?? 0;
}

function findParent(program: Command, name: string): Command {
  const existing = program.commands.find((command) => command.name() === name);
  return existing ?? program.command(name);
}

function register(program: Command, command: CliCommand, language: Language, finish: (code: number) => void): void {
  const words = command.name.split(' ');
  const leaf = words.at(-1) ?? '';
  let parent = program;
  for (const word of words.slice(0, -1)) {
    parent = findParent(parent, word);
    if (!parent.description()) parent.description(say(language, `cli.${word}.group`));
  }
  const sub = parent
    .command(command.args ? `${leaf} ${command.args}` : leaf)
    .description(say(language, command.summary));
  sub.option('--json', say(language, 'cli.option.json')).option('--lang <language>', say(language, 'cli.option.lang'));
  for (const [flags, key, fallback] of command.options ?? []) {
    sub.option(flags, say(language, key), fallback);
  }
  const long = say(language, `${command.summary}.long`);
  if (long !== `${command.summary}.long`) sub.addHelpText('after', `\n${long}`);
  sub.action(async (...received: unknown[]) => {
    const raw = received.at(-2) as Record<string, unknown>;
    const args = received.slice(0, -2).flat() as (string | undefined)[];
    finish(await runSafely(command, language, args, raw));
  });
}

async function runSafely(
  command: CliCommand,
  language: Language,
  args: readonly (string | undefined)[],
  raw: Record<string, unknown>,
): Promise<number> {
  try {
    const { loadConfig } = await import('../platform/config.ts');
    const config = { ...loadConfig(processEnvironment()), language };
    return await execute(command, config, language, args, raw);
  } catch (error) {
    return await reportError(error, language, raw.json === true);
  }
}

/** One place where errors become words. An unexpected one shows its kind and place in the code, never a value it met. */
async function reportError(error: unknown, language: Language, wantsJson: boolean): Promise<number> {
  if (error instanceof AppError) {
    const said = sayError(language, error);
    if (wantsJson) await print(stdout, JSON.stringify({ error: said }, null, 2));
    await print(
      stderr,
      [`${say(language, 'cli.error')} ${said.code}: ${said.message}`, said.hint].join('\n').trimEnd(),
    );
    return errorTable[error.code].exitCode;
  }
  const place =
    error instanceof Error
      ? (error.stack ?? '')
          .split('\n')
          .filter((line) => line.trim().startsWith('at '))
          .slice(0, 6)
          .join('\n')
      : '';
  const name = error instanceof Error ? error.name : typeof error;
  if (wantsJson) await print(stdout, JSON.stringify({ error: { code: 'UNEXPECTED', message: name, hint: '' } }));
  await print(stderr, `${say(language, 'cli.error')} UNEXPECTED ${name}\n${place}\n${say(language, 'cli.error.bug')}`);
  return EXIT_DOWN;
}

/** The language of `--lang`, wherever it stands in the line; null when the line has none, the text when it is no language. */
function askedLanguage(words: readonly string[]): Language | { readonly wrong: string } | null {
  const end = words.indexOf('--');
  const line = end < 0 ? words : words.slice(0, end);
  const at = line.findLastIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const asked = line[at] === '--lang' ? line[at + 1] : line[at]?.slice('--lang='.length);
  if (asked === undefined) return null;
  return isLanguage(asked) ? asked : { wrong: asked };
}

/** Runs one command line and returns the exit code. */
export async function main(words: readonly string[]): Promise<number> {
  const asked = askedLanguage(words);
  const language = typeof asked === 'string' ? asked : languageOf(processEnvironment());
  const wantsJson = words.includes('--json');
  if (asked !== null && typeof asked === 'object') {
    const known = languages.join(', ');
    return await reportError(
      new AppError('USAGE_WRONG.word', { word: `--lang ${asked.wrong}`, known }),
      language,
      wantsJson,
    );
  }
  let code = 0;
  const program = new Command('owabi')
    .description(say(language, 'cli.description'))
    .version(versionText(), '-V, --version', say(language, 'cli.help.version'))
    .option('--lang <language>', say(language, 'cli.option.lang'))
    .configureOutput({ outputError: () => {} })
    .exitOverride();
  sayHelp(program, language);
  program.addHelpText('after', `\n${say(language, 'cli.help.tour')}`);
  for (const command of commands) {
    register(program, command, language, (result) => {
      code = result;
    });
  }
  for (const command of allCommands(program)) command.exitOverride();
  try {
    await program.parseAsync(words as string[], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const fault = faultOf(error);
    if (fault) return await reportError(fault, language, wantsJson);
    return error.exitCode === 0 ? 0 : EXIT_USAGE;
  }
  return code;
}

function allCommands(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...allCommands(child)]);
}

if (argv[1] !== undefined && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) {
  for (const stream of [stdout, stderr]) stream.on('error', ignoreClosedPipe);
  exit(await main(argv.slice(2)));
}
