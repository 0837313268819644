/**
 * Reads a backup into an empty database. Every campaign comes up paused: this home may be a copy (promise 2). The audit log is
 * the backup's own, with the end of this restoring in it.
 */
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { listCampaignHomes } from '../../campaign/home/home-store.ts';
import { keepHomes } from '../../delivery/home/keep-homes.ts';
import { restoreBackup } from '../../platform/postgres/restore.ts';
import { count, isoInstant } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

/** Where it stands that somebody asked for this; a home in which nothing else is was never used. */
const MAY_HAVE_ROWS = ['desk.audit_event'];

export const operation = operationOf({
  kind: 'home-write',
  input: z.strictObject({ file: z.string() }),
  output: z.strictObject({
    file: z.string(),
    tables: count,
    rows: count,
    files: count,
    takenAt: isoInstant,
    /** Campaigns that wait until somebody says which home sends. */
    paused: z.array(z.string()),
  }),
  run: async ({ app, progress: onProgress }, given) => {
    const file = resolve(given.file);
    const filesDir = join(app.config.home, 'files');
    const result = await restoreBackup(app.pool, { file, filesDir, mayHaveRows: MAY_HAVE_ROWS, onProgress });
    await keepHomes(app, { isWorking: false });
    return { file, ...result, paused: (await listCampaignHomes(app.pool)).map(({ slug }) => slug) };
  },
});
