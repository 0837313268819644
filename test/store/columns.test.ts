/** Holds src/COLUMNS.md against the catalogue of a migrated database: no column without a class, no class without a column. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

const table = readFileSync(new URL('../../src/COLUMNS.md', import.meta.url), 'utf8');
const classed = new Map(
  [...table.matchAll(/^\| `?([a-z_]+\.[a-z_]+\.[a-z_0-9]+)`? \| (encrypted|blind|opaque|public) \| (\S.*) \|$/gm)].map((match) => [match[1] ?? '', match[2] ?? '']),
);

async function listColumns(): Promise<{ name: string; type: string }[]> {
  const found = await database.pool.query<{ name: string; type: string }>(
    `select format('%s.%s.%s', c.table_schema, c.table_name, c.column_name) as name, c.data_type as type
     from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema', 'bullmq') order by 1`,
  );
  return found.rows;
}

it('classes every column of every table, and names none that is not there', async () => {
  const names = (await listColumns()).map((column) => column.name);
  expect({
    unclassed: names.filter((name) => !classed.has(name)),
    gone: [...classed.keys()].filter((name) => !names.includes(name)),
  }).toEqual({ unclassed: [], gone: [] });
});

it('keeps encrypted and blind values in bytea, and calls nothing sealed that is not classed encrypted', async () => {
  const columns = await listColumns();
  const faulty = columns.filter(({ name, type }) => {
    const kind = classed.get(name);
    if (kind === 'encrypted') return type !== 'bytea' || !name.endsWith('_sealed');
    if (kind === 'blind') return type !== 'bytea';
    return name.endsWith('_sealed');
  });
  expect(faulty).toEqual([]);
});
