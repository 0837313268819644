/** `owabi migrate`: brings the database to this version's schema. Opening the home does it; this says what is there. */
import type { Run } from '../command.ts';

export const runMigrate: Run = async ({ say, call }) => {
  const json = await call('list-migrations', {});
  return { json, text: say('cli.migrate.done', { count: json.migrations.length }) };
};
