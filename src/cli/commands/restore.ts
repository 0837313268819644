/** `owabi restore FILE`: reads a backup into an empty database, the embedded one or that of DATABASE_URL. */
import { join, resolve } from 'node:path';
import { listCampaignHomes } from '../../campaign/home/home-store.ts';
import { keepHomes } from '../../delivery/home/keep-homes.ts';
import { restoreBackup } from '../../platform/postgres/restore.ts';
import type { AppRun } from '../command.ts';

export const runRestore: AppRun = async ({ app, args, progress, say }) => {
  const file = resolve(args[0] ?? '');
  const filesDir = join(app.config.home, 'files');
  const result = await restoreBackup(app.pool, { file, filesDir, onProgress: progress });
  await keepHomes(app, { isWorking: false });
  const paused = (await listCampaignHomes(app.pool)).map(({ slug }) => slug);
  const done = say('cli.restore.done', { ...result, keys: app.config.keysDir });
  const campaigns = paused.join(', ');
  return {
    json: { file, ...result, paused },
    text: paused.length === 0 ? done : `${done}\n${say('cli.restore.paused', { count: paused.length, campaigns })}`,
  };
};
