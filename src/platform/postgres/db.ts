/**
 * PostgreSQL through `pg`: tagged SQL, every row through a zod schema, transactions that survive a lost backend. Functions
 * take `db` first so that the caller owns the transaction.
 */
import pg from 'pg';
import type { Sql } from 'sql-template-tag';
import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';

export { default as sql, empty, join, raw, type Sql } from 'sql-template-tag';

export type Pool = pg.Pool;
export type Client = pg.PoolClient;
/** A pool or a transaction: anything that runs a statement. */
export type Db = Pick<pg.Pool, 'query'> | Pick<pg.PoolClient, 'query'>;
/** Inside a transaction. */
export type Tx = pg.PoolClient;

/** `bigint` columns that stay below 2^53: identities and counts. */
export const int8 = z.coerce.number().int();
/** `bigint` columns that hold scaled money. */
export const big = z.coerce.bigint();
export const bytes = z.instanceof(Buffer);
export const instant = z.date();
export const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

const DATE_OID = 1082;
const CONNECT_TIMEOUT_MS = 10_000;

export type PoolOptions = { max?: number; options?: string; applicationName?: string };

/** Opens a pool. An idle client's error is swallowed here: the next statement meets it and reports it. */
export function createPool(
  connectionString: string,
  { max = 10, options, applicationName = 'owabi' }: PoolOptions = {},
): Pool {
  const types = new pg.TypeOverrides();
  // A date is a day in Japan, not an instant at somebody's midnight.
  types.setTypeParser(DATE_OID, (text: string) => text);
  const pool = new pg.Pool({
    connectionString,
    max,
    types,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(options === undefined ? {} : { options }),
  });
  pool.on('error', () => {});
  return pool;
}

/**
 * Names a statement of a hot path, so that each session parses and plans it once instead of every time. Its text must be the
 * same at every call: `pg` throws when two texts share a name.
 */
export function named(name: string, query: Sql): Sql {
  return Object.assign(query, { name });
}

/** All rows, each parsed. Hot paths with many thousands of rows may pass z.custom() to skip the check, saying why. */
export async function rows<S extends z.ZodType>(db: Db, schema: S, query: Sql): Promise<z.output<S>[]> {
  const result = await db.query(query);
  return result.rows.map((found) => schema.parse(found));
}

/** The first row, or null. */
export async function maybeRow<S extends z.ZodType>(db: Db, schema: S, query: Sql): Promise<z.output<S> | null> {
  const result = await db.query(query);
  return result.rows.length === 0 ? null : schema.parse(result.rows[0]);
}

/** Exactly one row. Throws ROW_MISSING otherwise. */
export async function row<S extends z.ZodType>(db: Db, schema: S, query: Sql): Promise<z.output<S>> {
  const result = await db.query(query);
  if (result.rows.length !== 1) throw new AppError('ROW_MISSING.count', { count: result.rows.length });
  return schema.parse(result.rows[0]);
}

/** Runs a statement; returns the number of rows it touched. */
export async function execute(db: Db, query: Sql): Promise<number> {
  const result = await db.query(query);
  return result.rowCount ?? 0;
}

/** A client of its own for the time of `work` (session locks, COPY). Destroyed when work fails. */
export async function withClient<T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const onError = () => {};
  client.on('error', onError);
  let failed = true;
  try {
    const result = await work(client);
    failed = false;
    return result;
  } finally {
    client.off('error', onError);
    client.release(failed);
  }
}

export type TransactionOptions<T> = {
  /** False: the commit need not wait for the disk; a crash loses the newest of them, never a part of one. */
  readonly isDurable?: boolean;
  /** Whether the result is worth keeping; otherwise all is rolled back and the result still returned. */
  readonly isKept?: (result: T) => boolean;
};

/** A transaction on a client that the caller holds (under a session lock, between COPYs). Commits what `work` did, or nothing. */
export async function inTransaction<T>(
  client: Client,
  work: (tx: Tx) => Promise<T>,
  { isDurable = true, isKept = () => true }: TransactionOptions<T> = {},
): Promise<T> {
  await client.query(isDurable ? 'begin' : 'begin; set local synchronous_commit = off');
  try {
    const result = await work(client);
    await client.query(isKept(result) ? 'commit' : 'rollback');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

/** Commits what `work` did, or nothing. A client whose rollback fails is thrown away, never returned to the pool. */
export async function transaction<T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  return await withClient(pool, (client) => inTransaction(client, work));
}

/** Everything that `work` reads is of one moment, and it can change nothing. */
export async function readSnapshot<T>(pool: Pool, work: (db: Client) => Promise<T>): Promise<T> {
  return await withClient(pool, async (client) => {
    await client.query('begin isolation level repeatable read, read only');
    try {
      return await work(client);
    } finally {
      await client.query('rollback').catch(() => {});
    }
  });
}
