import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
const database = useDatabase();
it('has a database', async () => {
  expect((await database.pool.query("select count(*)::int as n from platform.migration")).rows[0].n).toBeGreaterThan(0);
});
