/** What a command is run with, around a test's own App: the same that the program itself makes, without a terminal. */
import type { AppContext } from '../../src/cli/command.ts';
import { openContext } from '../../src/cli/open-context.ts';
import type { App } from '../../src/platform/app.ts';
import type { Language } from '../../src/platform/language.ts';

type Around = { progress?: AppContext['progress']; language?: Language; argNames?: string };

export function cliContext(
  app: App,
  args: readonly string[],
  options: Readonly<Record<string, string | boolean | readonly string[]>> = {},
  { progress = () => {}, language = 'en', argNames = '' }: Around = {},
): AppContext {
  const context = openContext({
    config: app.config,
    language,
    args,
    argNames,
    options,
    wantsJson: true,
    openHome: async () => app,
    progress,
    tell: () => {},
  });
  return { ...context, app };
}
