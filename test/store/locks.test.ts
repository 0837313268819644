import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inTransaction, readSnapshot, row, sql, transaction, withClient } from '../../src/platform/postgres/db.ts';
import { locks, lockUntilCommit, tryUnderLock, underLock } from '../../src/platform/postgres/locks.ts';
import { useApp } from '../support/app.ts';

const app = useApp();
const countActs = async (db: typeof app.pool | Parameters<Parameters<typeof readSnapshot>[1]>[0]) =>
  (
    await row(
      db,
      z.object({ count: z.coerce.number() }),
      sql`select count(*) as count from platform.migration where name like 'act/%'`,
    )
  ).count;
const act = (name: string) => sql`insert into platform.migration (name, sha256) values (${`act/${name}`}, '')`;

describe('transactions', () => {
  it('keep nothing of work that fails, and nothing of a result that is not kept', async () => {
    const before = await countActs(app.pool);
    await withClient(app.pool, async (client) => {
      const failing = inTransaction(client, async (tx) => {
        await tx.query(act('failed'));
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      const seen = await inTransaction(client, async (tx) => (await tx.query(act('unkept'))).rowCount, {
        isKept: () => false,
      });
      expect(seen).toBe(1);
      expect(await countActs(app.pool)).toBe(before);
      await inTransaction(client, async (tx) => await tx.query(act('kept')), { isDurable: false });
    });
    expect(await countActs(app.pool)).toBe(before + 1);
  });

  it('that read a snapshot see one moment and cannot write', async () => {
    await readSnapshot(app.pool, async (db) => {
      const before = await countActs(db);
      await app.pool.query(act('meanwhile'));
      expect(await countActs(db)).toBe(before);
      await expect(db.query(act('written'))).rejects.toThrow('read-only');
    });
  });
});

describe('advisory locks', () => {
  const target = { lock: 'plan', campaignId: '0192f000-0000-7000-8000-000000000001' } as const;

  it('have one number each, and the view of living workers knows theirs', async () => {
    const numbers = Object.values(locks).map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
    const { rows } = await app.pool.query<{ text: string }>(`select pg_get_viewdef('delivery.live_worker') as text`);
    expect(rows[0]?.text).toContain(`(${locks.worker.number})::oid`);
  });

  it('let one do the work at a time, per campaign, and are free again after work that failed', async () => {
    await underLock(app.pool, target, async () => {
      expect(await tryUnderLock(app.pool, target, async () => 1)).toEqual({ kind: 'busy' });
      const other = { ...target, campaignId: '0192f000-0000-7000-8000-000000000002' };
      expect(await tryUnderLock(app.pool, other, async () => 2)).toEqual({ kind: 'done', result: 2 });
    });
    await expect(underLock(app.pool, target, async () => await Promise.reject(new Error('work')))).rejects.toThrow(
      'work',
    );
    expect(await tryUnderLock(app.pool, target, async () => 3)).toEqual({ kind: 'done', result: 3 });
  });

  it('end with the session of a holder that is killed, and with the commit', async () => {
    const killed = underLock(app.pool, target, async (client) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await app.pool.query('select pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
      await client.query('select 1');
    });
    await expect(killed).rejects.toThrow();
    await transaction(app.pool, async (tx) => {
      await lockUntilCommit(tx, target);
      expect(await tryUnderLock(app.pool, target, async () => 1)).toEqual({ kind: 'busy' });
    });
    expect(await tryUnderLock(app.pool, target, async () => 4)).toEqual({ kind: 'done', result: 4 });
  });
});
