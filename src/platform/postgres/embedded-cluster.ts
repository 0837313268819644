/**
 * One PostgreSQL data folder: made whole or not at all, started and stopped through pg_ctl outside our process group, and
 * started again after a `kill -9` left its pid file behind. Its settings are terse, so that its log repeats no values.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, link, readdir, readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../kernel/errors.ts';
import type { ServerPlace } from './embedded-place.ts';

const run = promisify(execFile);

export const SERVER_PORT = 5432;
export const SERVER_OWNER = 'owabi';
/** pg_ctl's own limit for a start: crash recovery replays at most max_wal_size. */
const START_SECONDS_MAX = 120;
/** A fast stop aborts what runs and writes a checkpoint. */
const STOP_SECONDS_MAX = 120;
const ABANDONED_INITDB_MS = 3_600_000;

/** For two cores and a shared machine. Errors reach the client only; the log keeps FATAL and PANIC, without any value. */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: "''",
  port: String(SERVER_PORT),
  unix_socket_permissions: '0700',
  max_connections: '120',
  shared_buffers: '128MB',
  maintenance_work_mem: '128MB',
  work_mem: '16MB',
  effective_cache_size: '1GB',
  random_page_cost: '1.1',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  wal_level: 'minimal',
  max_wal_senders: '0',
  synchronous_commit: 'on',
  jit: 'off',
  // Parallel queries need /dev/shm, which containers limit to 64 MB; with two cores they would gain little.
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  // Tables grow by a hundred thousand rows a minute: statistics that are a minute late make plans that take hours.
  autovacuum_naptime: '10s',
  // A statement whose process was killed ends soon, instead of keeping a core busy for nobody.
  client_connection_check_interval: '5s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'fatal',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_min_duration_statement: '-1',
  log_autovacuum_min_duration: '-1',
  log_temp_files: '-1',
  log_lock_waits: 'off',
  log_checkpoints: 'off',
};

/** For tests and benchmarks only: a crash of the machine may lose the data; a kill of the server does not. */
const fastSettings: Readonly<Record<string, string>> = {
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '200',
};

/** Children run as the server's user, in a folder it can enter, without our environment and outside our process group. */
function asServerUser(place: ServerPlace) {
  return {
    cwd: place.root,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', PGDATA: place.data },
    // Ctrl-C at the terminal goes to the whole group: the server must outlive it until our own drain is over.
    detached: true,
    ...(place.user === null ? {} : { uid: place.user.uid, gid: place.user.gid }),
  };
}

/**
 * Makes the data folder when there is none: `initdb` into a temporary folder, then rename, so that a killed first start
 * leaves nothing half made and of two first starts one wins. Throws DATABASE_MAJOR when only another major version's
 * data is there.
 */
export async function makeDataFolder(place: ServerPlace, { fast }: { fast: boolean }): Promise<void> {
  const names = await readdir(place.root);
  if (names.includes(`postgres-${place.major}`)) return;
  const other = names.find((name) => /^postgres-\d+$/.test(name));
  if (other !== undefined) {
    throw new AppError('DATABASE_MAJOR', { root: place.root, other, major: place.major });
  }
  await removeAbandoned(place, names);
  const temporary = `${place.data}.new-${randomUUID()}`;
  const flags = ['-U', SERVER_OWNER, '-A', 'trust', '-E', 'UTF8', '--no-instructions', '--data-checksums'];
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  try {
    await run(
      place.binaries.initdb,
      ['-D', temporary, ...flags, ...locale, ...(fast ? ['--no-sync'] : [])],
      asServerUser(place),
    );
    await rename(temporary, place.data);
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true });
    if (await isFolder(place.data)) return;
    throw new AppError('DATABASE_UNUSABLE.setup', { root: place.root, reason: reasonOf(cause) }, { cause });
  }
}

async function removeAbandoned(place: ServerPlace, names: string[]): Promise<void> {
  for (const name of names.filter((found) => found.startsWith(`postgres-${place.major}.new-`))) {
    const folder = join(place.root, name);
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > ABANDONED_INITDB_MS) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Starts the server and waits until it answers. Of two concurrent starts PostgreSQL itself lets one win (postmaster.pid);
 * the other returns false here and should connect. False also while a killed server's children still hold its memory.
 */
export async function startCluster(
  place: ServerPlace,
  { fast }: { fast: boolean },
): Promise<{ started: true } | { started: false; reason: string }> {
  await removeStalePidFile(place);
  const chosen = { ...settings, unix_socket_directories: place.socket, ...(fast ? fastSettings : {}) };
  const options = Object.entries(chosen).map(([name, value]) => `-c ${name}=${value}`);
  const log = join(place.root, 'server.log');
  const args = ['start', '-w', '-s', '-t', String(START_SECONDS_MAX), '-l', log, '-o', options.join(' ')];
  try {
    await run(place.binaries.pgCtl, args, asServerUser(place));
    return { started: true };
  } catch (error) {
    const tail = (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n').at(-1) ?? '';
    return { started: false, reason: tail === '' ? reasonOf(error) : tail };
  }
}

/** Stops the server: running statements are aborted, everything committed is on disk. A server that is gone is fine. */
export async function stopCluster(place: ServerPlace, mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
  const args = ['stop', '-w', '-s', '-t', String(STOP_SECONDS_MAX), '-m', mode];
  await run(place.binaries.pgCtl, args, asServerUser(place)).catch(async (error) => {
    if (await hasPidFile(place))
      throw new AppError('DATABASE_DOWN.stop', { reason: reasonOf(error) }, { cause: error });
  });
}

async function hasPidFile(place: ServerPlace): Promise<boolean> {
  return await access(join(place.data, 'postmaster.pid')).then(
    () => true,
    () => false,
  );
}

/**
 * PostgreSQL takes over a dead server's pid file by itself, except when the pid has since been given to another process of
 * the same user (after a reboot, in a container): then it refuses for ever. Such a file is moved away first. A file
 * that changed meanwhile is put back: a server without its pid file would stop itself.
 */
async function removeStalePidFile(place: ServerPlace): Promise<void> {
  for (const file of [join(place.data, 'postmaster.pid'), join(place.socket, `.s.PGSQL.${SERVER_PORT}.lock`)]) {
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text === null || (await isServerProcess(Number.parseInt(text, 10), place.data))) continue;
    const aside = `${file}.stale-${randomUUID()}`;
    const isMoved = await rename(file, aside).then(
      () => true,
      () => false,
    );
    if (!isMoved) continue;
    if ((await readFile(aside, 'utf8')) !== text) await link(aside, file).catch(() => {});
    await rm(aside, { force: true });
  }
}

/** Whether that process is a PostgreSQL on this data folder; a server's working folder is its data folder. */
async function isServerProcess(pid: number, data: string): Promise<boolean> {
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(data));
  } catch {
    const command = await run('ps', ['-o', 'comm=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
    return command.stdout.includes('postgres');
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** The last line that a failed program wrote: PostgreSQL's tools name folders and users there, never data. */
function reasonOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return stderr?.trimEnd().split('\n').at(-1) || message?.split('\n')[0] || 'unknown';
}
