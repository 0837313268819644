/** What the parser of the command line says, in the catalogue's words: the frame of help, and what is wrong with a line. */
import type { Command, CommanderError, Help } from 'commander';
import { AppError, type ErrorKey } from '../kernel/errors.ts';
import type { Language } from '../platform/language.ts';
import { say } from '../platform/words.ts';
import { displayWidth } from './render/ledger-table.ts';

/** commander's headings, each with its word. */
const headings: Readonly<Record<string, string>> = {
  'Usage:': 'cli.help.usage',
  'Arguments:': 'cli.help.arguments',
  'Options:': 'cli.help.options',
  'Commands:': 'cli.help.commands',
};

/** Gives the words of help to a program and to every command that is registered after it. */
export function sayHelp(program: Command, language: Language): void {
  const word = (key: string) => say(language, key);
  const places = (text: string) =>
    text.replace('[options]', word('cli.help.place.options')).replace('[command]', word('cli.help.place.command'));
  const help: Partial<Help> = {
    styleTitle: (title) => (headings[title] ? word(headings[title]) : title),
    styleUsage: places,
    styleSubcommandTerm: places,
    optionDescription: ({ description, defaultValue }) =>
      defaultValue === undefined
        ? description
        : `${description} ${say(language, 'cli.help.default', { value: String(defaultValue) })}`,
    displayWidth,
  };
  program
    .configureHelp(help)
    .helpOption('-h, --help', word('cli.help.help'))
    .helpCommand(`help ${word('cli.help.place.command')}`, word('cli.help.help'));
}

type Reader = {
  readonly key: ErrorKey;
  /** The key when the parser has a guess at what was meant. */
  readonly guessed?: ErrorKey;
  readonly pattern: RegExp;
  readonly places: readonly string[];
};

/** commander tells what it met only in its English message: per code, where the names stand in it. */
const readers: Readonly<Record<string, Reader>> = {
  'commander.unknownOption': {
    key: 'USAGE_WRONG.unknownOption',
    guessed: 'USAGE_WRONG.unknownOptionNear',
    pattern: /^error: unknown option '(.*?)'(?:\n|$)/s,
    places: ['option'],
  },
  'commander.unknownCommand': {
    key: 'USAGE_WRONG.unknownCommand',
    guessed: 'USAGE_WRONG.unknownCommandNear',
    pattern: /^error: unknown command '(.*?)'(?:\n|$)/s,
    places: ['command'],
  },
  'commander.missingArgument': {
    key: 'USAGE_WRONG.argument',
    pattern: /^error: missing required argument '(.*)'$/s,
    places: ['argument'],
  },
  'commander.optionMissingArgument': {
    key: 'USAGE_WRONG.optionValue',
    pattern: /^error: option '(.*)' argument missing$/s,
    places: ['option'],
  },
  'commander.excessArguments': {
    key: 'USAGE_WRONG.excess',
    pattern: /Expected (\d+) arguments? but got (\d+)\.$/s,
    places: ['expected', 'given'],
  },
};

const SUGGESTION = /\n\(Did you mean (?:one of )?(.+)\?\)$/;

/** What is wrong with the line, as an error of our own; null when commander has said all itself: help or the version. */
export function faultOf({ code, message, exitCode }: CommanderError): AppError | null {
  const reader = readers[code];
  const found = reader?.pattern.exec(message);
  if (!reader || !found) {
    if (exitCode === 0 || code === 'commander.help') return null;
    throw new Error(`the parser's ${code} has no word`);
  }
  const params = Object.fromEntries(reader.places.map((place, at) => [place, found[at + 1] ?? '']));
  const near = SUGGESTION.exec(message)?.[1];
  if (near === undefined || !reader.guessed) return new AppError(reader.key, params);
  return new AppError(reader.guessed, { ...params, near });
}
