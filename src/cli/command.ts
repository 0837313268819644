/**
 * What a command is: words, arguments and one run, loaded when it is called, that returns a JSON document and a text for
 * people. `main` opens what it needs, prints one of the two and turns errors into exit codes, so that all commands behave alike.
 */
import type { OperationName, OperationOutput } from '../desk/operations.ts';
import type { RawInput } from '../desk/run-operation.ts';
import type { WordParams } from '../kernel/wording.ts';
import type { App } from '../platform/app.ts';
import type { Config } from '../platform/config.ts';
import type { Language } from '../platform/language.ts';

export type CommandContext = {
  readonly config: Config;
  readonly language: Language;
  /** Positional arguments in order; optional ones that are absent are undefined. */
  readonly args: readonly (string | undefined)[];
  /** The command's own options by camel-case name. Repeated options arrive as arrays. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly wantsJson: boolean;
  /**
   * Calls an operation with what was typed: the operation's input checks it, the desk does the rest. The home is opened by the
   * first operation that needs it. A command that only says something in words takes the document as its `json`.
   */
  call<N extends OperationName>(name: N, input: RawInput<N>): Promise<OperationOutput<N>>;
  /** A word of the catalogue in the interface's language. */
  say(key: string, params?: WordParams): string;
  /** Draws progress on stderr when a person watches; silent otherwise. */
  progress(label: string, done: number, total: number): void;
  /** A line of news on stderr while the command works; silent with --json. */
  tell(line: string): void;
};

export type CommandResult = {
  /** The document that `--json` prints: the contract. */
  readonly json: unknown;
  readonly text: string;
  /** 0 by default; 1 when the answer is "no". */
  readonly exitCode?: 0 | 1;
};

type CommandWords = {
  /** `import`, or `consent add` for a subcommand. */
  readonly name: string;
  /** commander's notation: `<campaign> <file>` or `[person]` or `<files...>`. */
  readonly args: string;
  /** Key of the one-line summary; `<summary>.long`, when it exists, is shown by --help. */
  readonly summary: string;
  /** [flags, key of the description, default?]: `['--people <n>', 'cli.demo.people', '5000']`; `<x...>` repeats. */
  readonly options?: readonly (readonly [flags: string, key: string, fallback?: string])[];
};

export type AppContext = CommandContext & { readonly app: App };
export type AppRun = (context: AppContext) => Promise<CommandResult>;
export type Run = (context: CommandContext) => Promise<CommandResult>;

export type CliCommand = CommandWords &
  (
    | { readonly needs?: never; readonly load: () => Promise<Run> }
    /** A process, which holds the home open itself instead of asking the desk. */
    | { readonly needs: 'app'; readonly load: () => Promise<AppRun> }
  );
