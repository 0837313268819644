/**
 * Decides which user runs the embedded PostgreSQL when we are root, because PostgreSQL refuses to run as root. That user
 * holds the encrypted data and must never be able to read the keys.
 */
import { execFile } from 'node:child_process';
import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../kernel/errors.ts';
import type { Logger } from '../log.ts';

const run = promisify(execFile);

/** Who runs the server; null: we ourselves. */
export type ServerUser = { readonly name: string; readonly uid: number; readonly gid: number } | null;

/**
 * The owner of a database that an ordinary user made, else `postgres`, else `owabi` (created), else `nobody`. Never root.
 */
export async function chooseServerUser(home: string, log: Logger): Promise<NonNullable<ServerUser>> {
  const existing = await lstat(join(home, 'database')).catch(() => null);
  if (existing?.isDirectory() && existing.uid !== 0)
    return { name: String(existing.uid), uid: existing.uid, gid: existing.gid };
  const linked = await stat(join(home, 'database')).catch(() => null);
  if (linked !== null && linked.uid !== 0) return { name: String(linked.uid), uid: linked.uid, gid: linked.gid };
  const found = (await findUser('postgres')) ?? (await findUser('owabi'));
  if (found !== null) return found;
  await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'owabi']).catch(
    () => {},
  );
  const created = await findUser('owabi');
  if (created !== null) return created;
  const nobody = await findUser('nobody');
  if (nobody === null) {
    throw new AppError('DATABASE_UNUSABLE.noUser');
  }
  log.warn(
    { code: 'DATABASE_USER_NOBODY' },
    'the embedded PostgreSQL runs as nobody: other services of that user can reach its data',
  );
  return nobody;
}

async function findUser(name: string): Promise<ServerUser> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)),
    );
    return uid === undefined || gid === undefined ? null : { name, uid, gid };
  } catch {
    return null;
  }
}

/** A database's user who can read the keys could decrypt what it stores: refused rather than warned about. */
export async function refuseReadableKeys(keysDir: string, user: NonNullable<ServerUser>): Promise<void> {
  const readable = await run('/bin/sh', ['-c', 'test -r "$0"', keysDir], {
    uid: user.uid,
    gid: user.gid,
    cwd: '/',
  }).then(
    () => true,
    () => false,
  );
  if (!readable) return;
  throw new AppError('DATABASE_UNUSABLE.readsKeys', { user: user.name, keysDir });
}
