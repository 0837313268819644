/** Holds src/COLUMNS.md against the catalogue of a migrated database: no column without a class, no class without a column. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

const page = readFileSync(new URL('../../src/COLUMNS.md', import.meta.url), 'utf8');
const rowPattern = /^\| `([a-z_]+\.[a-z_]+\.[a-z_0-9]+)` \| (encrypted|blind|opaque|public) \| (\S.*) \|$/gm;
const rows = [...page.matchAll(rowPattern)].map(([, name = '', kind = '']) => ({ name, kind }));
const classed = new Map(rows.map(({ name, kind }) => [name, kind]));

type Column = { name: string; type: string };
let columns: Column[] = [];

beforeAll(async () => {
  const found = await database.pool.query<Column>(
    `select format('%s.%s.%s', c.table_schema, c.table_name, c.column_name) as name, c.data_type as type
     from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema', 'bullmq') order by 1`,
  );
  columns = found.rows;
});

const classesOf = (chosen: (column: Column) => boolean) =>
  [...new Set(columns.filter(chosen).map(({ name }) => classed.get(name)))].sort();

it('classes every column of every table once, and names none that is not there', () => {
  const names = columns.map((column) => column.name);
  expect({
    unclassed: names.filter((name) => !classed.has(name)),
    gone: [...classed.keys()].filter((name) => !names.includes(name)),
    doubled: rows.map(({ name }) => name).filter((name, at, all) => all.indexOf(name) !== at),
  }).toEqual({ unclassed: [], gone: [], doubled: [] });
});

it('skips no row of the page for its form', () => {
  const lines = page.split('\n').filter((line) => /^\| `?\w+\.\w+\.\w+`? \|/.test(line));
  expect(lines.length).toBe(rows.length);
});

it('keeps encrypted and blind values in bytea, and calls nothing sealed that is not classed encrypted', () => {
  const faulty = columns.filter(({ name, type }) => {
    const kind = classed.get(name);
    if (kind === 'encrypted') return type !== 'bytea' || !name.endsWith('_sealed');
    if (kind === 'blind') return type !== 'bytea';
    return name.endsWith('_sealed') || name.endsWith('_blind');
  });
  expect(faulty).toEqual([]);
});

it('calls no bytes public but the totals of the evidence, and no identifier anything but opaque', () => {
  expect(classesOf(({ type }) => type === 'uuid')).toEqual(['opaque']);
  const publicBytes = columns.filter(({ name, type }) => type === 'bytea' && classed.get(name) === 'public');
  expect(publicBytes.map(({ name }) => name)).toEqual(['evidence.piece.content']);
});

it('has no column whose name speaks of personal data but that is stored in clear', () => {
  const personal = /(?:^|_)(?:name|kana|address|mail|email|phone|tel|birth|birthday|guardian|note|text)(?:_|$)/;
  const saysYesOrNo = /\.has_/;
  const faulty = columns.filter(({ name }) => {
    const column = name.split('.')[2] ?? '';
    const isSealed = classed.get(name) === 'encrypted' || classed.get(name) === 'blind';
    return personal.test(column) && !isSealed && !saysYesOrNo.test(`.${column}`) && name !== 'platform.migration.name';
  });
  expect(faulty).toEqual([]);
});

it('says what a stolen database still reveals', () => {
  expect(page).toMatch(/^## What a stolen database still reveals$/m);
});
