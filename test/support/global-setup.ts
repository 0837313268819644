/**
 * Starts one real PostgreSQL per vitest run (our own embedded server, with fsync off) and prepares the migrated template
 * database that every test file clones. Holds the promise that store tests never run against a mock.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { removeEmbeddedData, startEmbeddedServer } from '../../src/platform/embedded-server.ts';
import { createLogger } from '../../src/platform/log.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The run's server, as the URL of its database `owabi`. */
    serverUrl: string;
    /** Why the template could not be migrated, or ''. Every `useDatabase` throws it; pure tests go on. */
    templateFault: string;
  }
}

const log = createLogger('warn');

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftServers();
  const home = await mkdtemp(join(tmpdir(), `owabi-test-${process.pid}-`));
  const server = await startEmbeddedServer({ home, log, fast: true });
  project.provide('serverUrl', server.url);
  project.provide('templateFault', await makeTemplate(server.url));
  return async () => {
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
  const template = new pg.Pool({ connectionString: serverUrl.replace('///owabi?', '///owabi_template?'), max: 2 });
  try {
    const { migrate } = await import('../../src/platform/migrate.ts');
    await migrate(template);
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
    await removeEmbeddedData({ home, log }).catch(() => {});
    await rm(home, { recursive: true, force: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
