/** The lines of a vendor's file that could not be used, one line of text each. */
import type { OperationOutput } from '../../desk/operations.ts';
import type { CommandContext } from '../command.ts';

export function lineProblems(
  problems: OperationOutput<'load-vendor-file'>['problems'],
  say: CommandContext['say'],
): string[] {
  return problems.map(({ line, code, text }) =>
    say('cli.lots.problem', { line, piece: text, what: say(`cli.lots.problem.${code}`) }),
  );
}
