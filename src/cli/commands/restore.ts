/** `owabi restore FILE`: reads a backup into an empty database, the embedded one or that of DATABASE_URL. */
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { Run } from '../command.ts';

export const runRestore: Run = async ({ args, config, say, call }) => {
  const json = await call('restore-home', { file: args[0] });
  const { tables, rows, files, paused } = json;
  const takenAt = formatLocalTime(new Date(json.takenAt));
  const lines = [say('cli.restore.done', { tables, rows, files, takenAt, keys: config.keysDir })];
  if (paused.length > 0) lines.push(say('cli.restore.paused', { count: paused.length, campaigns: paused.join(', ') }));
  return { json, text: lines.join('\n') };
};
