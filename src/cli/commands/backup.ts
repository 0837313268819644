/** `owabi backup FILE`: the database and the encrypted file store in one file, without any key. */
import { join, resolve } from 'node:path';
import { writeBackup } from '../../platform/postgres/backup.ts';
import type { AppRun } from '../command.ts';

export const runBackup: AppRun = async ({ app, args, progress, say }) => {
  const file = resolve(args[0] ?? '');
  const result = await writeBackup(app.pool, {
    file,
    filesDir: join(app.config.home, 'files'),
    onProgress: progress,
  });
  return {
    json: { file, ...result },
    text: say('cli.backup.done', { file, ...result, keys: app.config.keysDir }),
  };
};
