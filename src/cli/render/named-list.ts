/** What stands below a list with names: that looking was recorded, and how many are shown by reference only. */
import type { CommandContext } from '../command.ts';

export function withNote(
  list: string,
  { named, listed }: { named: number; listed: number },
  say: CommandContext['say'],
): string {
  const notes = [
    ...(named > 0 ? [say('cli.names.recorded', { count: named })] : []),
    ...(named < listed ? [say('cli.names.more', { count: listed - named })] : []),
  ];
  return [list, '', ...notes].join('\n').trimEnd();
}
