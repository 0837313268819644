/** Writes the database and the encrypted file store into one file, without any key. */
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { writeBackup } from '../../platform/postgres/backup.ts';
import { count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'home-write',
  input: z.strictObject({ file: z.string() }),
  output: z.strictObject({ file: z.string(), tables: count, rows: count, files: count }),
  run: async ({ app, progress: onProgress }, given) => {
    const file = resolve(given.file);
    return { file, ...(await writeBackup(app.pool, { file, filesDir: join(app.config.home, 'files'), onProgress })) };
  },
});
