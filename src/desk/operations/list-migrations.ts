/** The steps that brought the database to this version's schema; opening the home took those that were missing. */
import { z } from 'zod';
import { listMigrations } from '../../platform/postgres/migrate.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'home-read',
  input: z.strictObject({}),
  output: z.strictObject({ migrations: z.array(z.string()) }),
  run: async () => ({ migrations: listMigrations().map(({ name }) => name) }),
});
