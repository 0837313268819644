/** What happened and no rate prices, as lines below a table of money or a status: nothing of it is in any total. */
import type { OperationOutput } from '../../desk/operations.ts';
import type { CommandContext } from '../command.ts';

/** An empty line, the heading and one line each; nothing when everything is priced or free. */
export function unpricedText(
  { say, language }: Pick<CommandContext, 'say' | 'language'>,
  unpriced: OperationOutput<'list-ledger'>['unpriced'],
): string[] {
  if (unpriced.length === 0) return [];
  const width = Math.max(...unpriced.map((line) => line.count.toLocaleString('en').length));
  return [
    '',
    say('cli.unpriced'),
    ...unpriced.map((line) => {
      const words = language === 'ja' ? line.what : line.en;
      return `  ${line.count.toLocaleString('en').padStart(width)}  ${words}`;
    }),
  ];
}
