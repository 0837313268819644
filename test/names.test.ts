/** One name, one thing: whoever looks a name up finds one definition of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parseAst } from 'vitest/node';

const root = resolve(import.meta.dirname, '..');

type Node = { readonly type: string } & Record<string, unknown>;

/** The names that a file defines and exports; what it passes on from another file is defined there. */
function definedIn(source: string): string[] {
  const program = parseAst(source.replace(/^#!.*/, ''), { lang: 'ts' }) as unknown as { body: Node[] };
  return program.body
    .filter(({ type, declaration }) => type === 'ExportNamedDeclaration' && declaration)
    .flatMap(({ declaration }) => {
      const { id, declarations } = declaration as { id?: Node; declarations?: { id: Node }[] };
      return id ? [String(id.name)] : (declarations ?? []).map((one) => String(one.id.name));
    });
}

const files = ['src', 'workers'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => join(folder, file)),
);

/** The same part of many files of one shape, found by their file; or one word for one thing at two strictnesses. */
const exceptions: Readonly<Record<string, string>> = {
  operation: 'each file of desk/operations is one',
  worker: 'each file of workers is one',
  runDemo: 'a command runs what it is called after',
  count: 'a field of a schema: sealed facts take no negative one, answers may hold a difference',
  sha256: 'a field of a schema, of facts and of answers',
};

it('defines no exported name twice', () => {
  const where = new Map<string, string[]>();
  for (const file of files)
    for (const name of definedIn(readFileSync(join(root, file), 'utf8')))
      where.set(name, [...(where.get(name) ?? []), file]);
  expect(where.size).toBeGreaterThan(1_000);
  const doubled = [...where].filter(([, places]) => places.length > 1);
  expect(doubled.filter(([name]) => !(name in exceptions))).toEqual([]);
  // What has become one thing leaves the list.
  expect(Object.keys(exceptions).filter((name) => !doubled.some(([doubledName]) => doubledName === name))).toEqual([]);
});

it('has no two stores of the same name, but the one that each folder calls its own', () => {
  const stores = files.filter((file) => file.endsWith('-store.ts')).map((file) => file.split('/').at(-1) ?? '');
  expect(stores.filter((name, at) => stores.indexOf(name) !== at)).toEqual([]);
});
