/** What a command is run with: its words, and a way to call operations that opens the home when the first one needs it. */

import type { Caller } from '../desk/operation.ts';
import { operations } from '../desk/operations.ts';
import type { App } from '../platform/app.ts';
import type { Config } from '../platform/config.ts';
import type { Language } from '../platform/language.ts';
import { say } from '../platform/words.ts';
import type { CommandContext } from './command.ts';

/** Whoever may start a command under this account has the home in their hands anyway. */
const caller: Caller = { door: 'cli', role: 'owner' };

export type ContextParts = Pick<CommandContext, 'args' | 'options' | 'wantsJson' | 'progress' | 'tell'> & {
  readonly config: Config;
  readonly language: Language;
  /** commander's notation of the command's arguments: `<campaign> <file>`. */
  readonly argNames?: string;
  /** Opens the home, or gives the one that is open. */
  readonly openHome: () => Promise<App>;
};

export function openContext({ openHome, argNames = '', ...parts }: ContextParts): CommandContext {
  const { language, progress } = parts;
  const word: CommandContext['say'] = (key, params) => say(language, key, params);
  const options = {
    language,
    progress: (label: string, done: number, total: number) => progress(word(label), done, total),
    nameOf: (field: string) => (argNames.match(/[\w-]+/g)?.includes(field) ? `<${field}>` : flagOf(field)),
  };
  return {
    ...parts,
    say: word,
    call: async (name, input) => {
      const { runLocalOperation, runOperation } = await import('../desk/run-operation.ts');
      const { kind } = operations[name];
      if (kind === 'local') return (await runLocalOperation(name as never, input as never, options)) as never;
      return await runOperation(await openHome(), caller, name, input, options);
    },
  };
}

/** `--unit-price` for `unitPrice`. */
function flagOf(field: string): string {
  return `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
