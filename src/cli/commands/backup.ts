/** `owabi backup FILE`: the database and the encrypted file store in one file, without any key. */
import type { Run } from '../command.ts';

export const runBackup: Run = async ({ args, config, say, call }) => {
  const json = await call('back-up-home', { file: args[0] });
  return { json, text: say('cli.backup.done', { ...json, keys: config.keysDir }) };
};
