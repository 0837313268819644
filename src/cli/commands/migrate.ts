/** `owabi migrate`: brings the database to this version's schema. Opening the App has done it; this says what is there. */
import { listMigrations } from '../../platform/postgres/migrate.ts';
import type { AppRun } from '../command.ts';

export const runMigrate: AppRun = async ({ say }) => {
  const migrations = listMigrations().map(({ name }) => name);
  return { json: { migrations }, text: say('cli.migrate.done', { count: migrations.length }) };
};
