/**
 * Gives each test file a database of its own, cloned from the migrated template (about 0.1 s) and dropped afterwards,
 * so that files run side by side and never see each other's rows.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { createPool } from '../../src/platform/postgres/db.ts';

export type TestDatabase = {
  /** A pool on the file's own database; available from the first `beforeAll` on. */
  readonly pool: pg.Pool;
  /** Its connection URL, for processes that the test starts. */
  readonly url: string;
};

/** Call at the top of a test file or `describe`: the database lives from its `beforeAll` to its `afterAll`. */
export function useDatabase(): TestDatabase {
  let database: { url: string; pool: pg.Pool; drop: () => Promise<void> } | undefined;
  beforeAll(async () => {
    const created = await createTestDatabase();
    database = { ...created, pool: createPool(created.url, { max: 10 }) };
  });
  afterAll(async () => {
    await database?.pool.end();
    await database?.drop();
  });
  return {
    get pool() {
      return present(database).pool;
    },
    get url() {
      return present(database).url;
    },
  };
}

/** A fresh clone of the template; whoever makes it drops it. Throws the template's fault, if it has one. */
export async function createTestDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const fault = inject('templateFault');
  if (fault !== '') throw new Error(fault);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const serverUrl = inject('serverUrl');
  await administer(serverUrl, `create database ${name} template owabi_template strategy file_copy`);
  return {
    url: serverUrl.replace('///owabi?', `///${name}?`),
    drop: () => administer(serverUrl, `drop database ${name} with (force)`),
  };
}

/** Cloning is refused while another session looks at the template, so clones wait for each other under an advisory lock. */
async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(1)');
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The test database exists only between beforeAll and afterAll.');
  return value;
}
