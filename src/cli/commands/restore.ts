/** `owabi restore FILE`: reads a backup into an empty database, the embedded one or that of DATABASE_URL. */
import { join, resolve } from 'node:path';
import { restoreBackup } from '../../platform/postgres/restore.ts';
import type { AppRun } from '../command.ts';

export const runRestore: AppRun = async ({ app, args, progress, say }) => {
  const file = resolve(args[0] ?? '');
  const filesDir = join(app.config.home, 'files');
  const result = await restoreBackup(app.pool, { file, filesDir, onProgress: progress });
  return {
    json: { file, ...result },
    text: say('cli.restore.done', { ...result, keys: app.config.keysDir }),
  };
};
