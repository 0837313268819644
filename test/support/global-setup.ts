/**
 * Starts one real PostgreSQL per vitest run (our own embedded server, with fsync off) and prepares the migrated template
 * database that every test file clones. Holds the promise that store tests never run against a mock.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { compileWords } from '../../src/platform/compile-words.ts';
import { createLogger } from '../../src/platform/log.ts';
import { removeEmbeddedData, startEmbeddedServer } from '../../src/platform/postgres/embedded-server.ts';
import { createQueues } from '../../src/platform/queue/queue.ts';
import { browserMissing } from './browser.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The run's server, as the URL of its database `owabi`. */
    serverUrl: string;
    /** Why the template could not be migrated, or ''. Every `useDatabase` throws it; pure tests go on. */
    templateFault: string;
    /** A Redis for this run (REDIS_URL_TEST, or a server of our own), or '' when the machine has none. */
    redisUrl: string;
  }
}

const REDIS_SOCKET = 'redis.sock';
const log = createLogger('warn');

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Tests run the sources, and those read the words that the build compiles.
  compileWords();
  await removeLeftServers();
  const home = await mkdtemp(join(tmpdir(), `owabi-test-${process.pid}-`));
  const server = await startEmbeddedServer({ home, log, fast: true });
  project.provide('serverUrl', server.url);
  project.provide('templateFault', await makeTemplate(server.url));
  const redis = await startRedis(home);
  project.provide('redisUrl', redis?.url ?? '');
  return async () => {
    await redis?.stop();
    if (redis === null) sayWhatWasLeftOut(redisMissing);
    if (browserMissing !== '') sayWhatWasLeftOut({ ...browserTests, why: browserMissing });
    await server.release();
    await removeEmbeddedData({ home, log });
    await rm(home, { recursive: true, force: true });
  };
}

/** Returns the fault instead of throwing it, so that one room's broken schema file leaves the pure tests running. */
async function makeTemplate(serverUrl: string): Promise<string> {
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  await admin.query('create database owabi_template');
  await admin.end();
  const templateUrl = serverUrl.replace('///owabi?', '///owabi_template?');
  const template = new pg.Pool({ connectionString: templateUrl, max: 2 });
  try {
    const { migrate } = await import('../../src/platform/postgres/migrate.ts');
    await migrate(template);
    // The queues' tables too, so that each test file's App finds them made.
    const queues = createQueues({ databaseUrl: templateUrl, catalogue: {}, log });
    await queues.empty();
    await queues.close();
    return '';
  } catch (error) {
    return `The template database could not be migrated: ${error instanceof Error ? error.stack : String(error)}`;
  } finally {
    await template.end();
  }
}

/** A run that was killed left its server behind: the next run ends it, knowing it by the dead run's process id. */
async function removeLeftServers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(/^owabi-test-(\d+)-/.exec(name)?.[1]);
    if (!pid || isAlive(pid)) continue;
    const home = join(tmpdir(), name);
    await endLeftRedis(join(home, REDIS_SOCKET));
    await removeEmbeddedData({ home, log }).catch(() => {});
    await rm(home, { recursive: true, force: true }).catch(() => {});
  }
}

async function endLeftRedis(socket: string): Promise<void> {
  const client = new Redis({ path: socket, lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => {});
  await client.connect().then(
    () => client.shutdown('NOSAVE').catch(() => {}),
    () => {},
  );
  client.disconnect();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

/** Debian's redis-server on a Unix socket, in memory only; null when the machine has none. */
async function startRedis(home: string): Promise<{ url: string; stop(): Promise<void> } | null> {
  const given = process.env.REDIS_URL_TEST;
  if (given) return { url: given, stop: async () => {} };
  const socket = join(home, REDIS_SOCKET);
  const args = ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', home];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => {
    server.once('error', () => resolve());
    server.once('exit', () => resolve());
  });
  if (!(await appears(socket, ended))) return null;
  return {
    url: `unix://${socket}`,
    stop: async () => {
      server.kill();
      await ended;
    },
  };
}

/** Whether the file comes into being before `ended`; leaves no timer behind in either case, which would keep the run from ending. */
async function appears(path: string, ended: Promise<void>): Promise<boolean> {
  let isEnded = false;
  void ended.then(() => {
    isEnded = true;
  });
  while (!isEnded && !existsSync(path)) await sleep(20);
  return !isEnded;
}

type LeftOut = { tests: string; sign: string; why: string; remedy: string };
const redisMissing: LeftOut = {
  tests: 'every test "on Redis"',
  sign: "inject('redisUrl')",
  why: 'there is no redis-server on the PATH and REDIS_URL_TEST is not set',
  remedy: 'apt-get install redis-server, or REDIS_URL_TEST=redis://… npm test',
};
const browserTests = {
  tests: 'every test in a browser',
  sign: 'skipIf(browserMissing',
  remedy: 'apt-get install chromium',
};

/** Printed after the summary: a run that left something out must not look like a whole one. */
function sayWhatWasLeftOut({ tests, sign, why, remedy }: LeftOut): void {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => readFileSync(join('test', file), 'utf8').includes(sign));
  const line = '='.repeat(100);
  process.stderr.write(
    `\n${line}\nLEFT OUT: ${tests} in ${files.map((file) => `test/${file}`).join(', ')}.\nWhy: ${why}.\nRemedy: ${remedy}\n${line}\n`,
  );
}
