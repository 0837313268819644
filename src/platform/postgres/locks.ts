/**
 * Every advisory lock of the program in one closed table: its number, whether it is taken per campaign, and what it protects.
 * The numbers stay for ever, because two versions of the program may run side by side during an upgrade.
 */
import { type Client, type Db, type Pool, type Sql, sql, type Tx, withClient } from './db.ts';

type Lock = {
  readonly number: number;
  readonly per: 'database' | 'campaign' | 'worker' | 'request';
  readonly protects: string;
};

export const locks = {
  users: {
    number: 69_224,
    per: 'database',
    protects: 'the embedded server from being stopped while a process uses it',
  },
  migration: { number: 0x0a8b1, per: 'database', protects: 'the schema from two processes that bring it up to date' },
  sweep: { number: 0x0a8b2, per: 'database', protects: 'the sweep: one process sweeps at a time' },
  recount: { number: 0x0a8b3, per: 'database', protects: 'the nightly recount: one process counts' },
  seal: { number: 0x5ea1, per: 'campaign', protects: 'the chain of blocks: each follows the one before' },
  roster: { number: 0x0a1e, per: 'campaign', protects: 'the list: one import or freezing at a time' },
  plan: { number: 0x9a7e, per: 'campaign', protects: 'planning: one process places people at a time' },
  lots: {
    number: 0x1077,
    per: 'campaign',
    protects: 'the numbers of lots, and that the block on the next lot is checked once',
  },
  // The view delivery.live_worker names the number, too.
  worker: { number: 7801, per: 'worker', protects: 'the mails of a living worker from being called lost' },
  intervals: { number: 0x1c7a1, per: 'campaign', protects: 'the loading of call reports: what is new is decided once' },
  audit: { number: 0xa0d17, per: 'campaign', protects: 'the audit log from being covered by two facts at once' },
  draft: {
    number: 0xd4af7,
    per: 'campaign',
    protects: 'the draft: two pushes at once become one revision and one refusal',
  },
  answer: { number: 0xa0c3, per: 'request', protects: 'one idempotency key from two callers at once' },
  ledger: { number: 0x1ed6e, per: 'campaign', protects: 'the chain of ledger entries: one writer at a time' },
} as const satisfies Record<string, Lock>;

export type LockName = keyof typeof locks;
type NameOf<Per extends Lock['per']> = {
  [Name in LockName]: (typeof locks)[Name]['per'] extends Per ? Name : never;
}[LockName];

/** Which lock: one of the whole database, a campaign's, a worker's by its key, or that of a request. */
export type LockTarget =
  | { readonly lock: NameOf<'database'> }
  | { readonly lock: NameOf<'campaign'>; readonly campaignId: string }
  | { readonly lock: NameOf<'worker'>; readonly key: number }
  | { readonly lock: NameOf<'request'>; readonly of: string };

function idOf(target: LockTarget): Sql {
  const { number } = locks[target.lock];
  if ('campaignId' in target) return sql`${number}::int, hashtext(${target.campaignId})`;
  if ('of' in target) return sql`${number}::int, hashtext(${target.of})`;
  if ('key' in target) return sql`${number}::int, ${target.key}::int`;
  return sql`${number}::bigint`;
}

/** Waits for the lock; it ends with the transaction. */
export async function lockUntilCommit(tx: Tx, target: LockTarget): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock(${idOf(target)})`);
}

/** Waits for the lock; it ends with the session, also when the process is killed. */
export async function lockSession(session: Db, target: LockTarget): Promise<void> {
  await session.query(sql`select pg_advisory_lock(${idOf(target)})`);
}

/** Like lockSession, beside others that share it. */
export async function shareSession(session: Db, target: LockTarget): Promise<void> {
  await session.query(sql`select pg_advisory_lock_shared(${idOf(target)})`);
}

export async function unshareSession(session: Db, target: LockTarget): Promise<void> {
  await session.query(sql`select pg_advisory_unlock_shared(${idOf(target)})`);
}

/** False when another session has it. */
export async function tryLockSession(session: Db, target: LockTarget): Promise<boolean> {
  const { rows } = await session.query<{ got: boolean }>(sql`select pg_try_advisory_lock(${idOf(target)}) as got`);
  return rows[0]?.got === true;
}

export type UnderLock<T> = { readonly kind: 'done'; readonly result: T } | { readonly kind: 'busy' };

/** Does `work` under a lock that nobody else has at the moment, or nothing. */
export async function tryUnderLock<T>(
  pool: Pool,
  target: LockTarget,
  work: (client: Client) => Promise<T>,
): Promise<UnderLock<T>> {
  return await withClient(pool, async (client) => {
    if (!(await tryLockSession(client, target))) return { kind: 'busy' };
    return { kind: 'done', result: await releasing(client, target, work) };
  });
}

/** Waits for the lock and does `work` under it. */
export async function underLock<T>(pool: Pool, target: LockTarget, work: (client: Client) => Promise<T>): Promise<T> {
  return await withClient(pool, async (client) => {
    await lockSession(client, target);
    return await releasing(client, target, work);
  });
}

/** A session that cannot unlock is lost, and its lock with it; the failure of the work is the one to tell. */
async function releasing<T>(client: Client, target: LockTarget, work: (client: Client) => Promise<T>): Promise<T> {
  let isDone = false;
  try {
    const result = await work(client);
    isDone = true;
    return result;
  } finally {
    const unlocking = client.query(sql`select pg_advisory_unlock(${idOf(target)})`);
    await (isDone ? unlocking : unlocking.catch(() => {}));
  }
}
