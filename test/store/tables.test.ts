/** Holds the picture of the tables against the catalogue of a migrated database: tables, append-only guards, foreign keys. */
import { beforeAll, describe, expect, it } from 'vitest';
import { readSchema } from '../../docs/generate/tables-picture.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const drawn = readSchema();

const ours = "not in ('pg_catalog', 'information_schema', 'bullmq', 'platform')";

async function list(query: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(query);
  return rows.map(({ name }) => name).sort();
}

describe('the picture of the tables', () => {
  let found: { tables: string[]; appendOnly: string[]; keys: string[] };

  beforeAll(async () => {
    found = {
      tables: await list(`select format('%s.%s', table_schema, table_name) as name from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema ${ours}`),
      appendOnly: await list(`select distinct format('%s.%s', s.nspname, c.relname) as name from pg_trigger t
        join pg_class c on c.oid = t.tgrelid join pg_namespace s on s.oid = c.relnamespace
        where t.tgname = 'append_only' and s.nspname ${ours}`),
      keys: await list(`select distinct format('%s.%s → %s.%s', sf.nspname, f.relname, st.nspname, t.relname) as name
        from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_namespace sf on sf.oid = f.relnamespace
        join pg_class t on t.oid = k.confrelid join pg_namespace st on st.oid = t.relnamespace
        where k.contype = 'f' and sf.nspname ${ours}`),
    };
  });

  it('shows every table, and none that is gone', () => {
    expect(drawn.tables.toSorted()).toEqual(found.tables);
  });

  it('marks as append-only exactly the tables that refuse update and delete', () => {
    expect(drawn.appendOnly.toSorted()).toEqual(found.appendOnly);
  });

  it('draws every foreign key', () => {
    expect(drawn.keys.map(([from, to]) => `${from} → ${to}`).toSorted()).toEqual(found.keys);
  });
});
