/** What stands below a list with names: that looking was recorded, how many are shown by number only, how many not at all. */
import type { CommandContext } from '../command.ts';

export function withNote(
  list: string,
  { named, listed, total = listed }: { named: number; listed: number; total?: number },
  say: CommandContext['say'],
): string {
  const notes = [
    ...(named > 0 ? [say('cli.names.recorded', { count: named })] : []),
    ...(named < listed ? [say('cli.names.more', { count: listed - named })] : []),
    ...(listed < total ? [say('cli.names.rest', { count: total - listed })] : []),
  ];
  return [list, '', ...notes].join('\n').trimEnd();
}
