/** Documentation is tested: what a page names is there, what a reader must find is in a page, generated pages are fresh. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generatedPages } from '../docs/generate/generated-pages.ts';
import { jsonDocuments } from '../docs/generate/json-documents.ts';
import { commands } from '../src/cli/command-table.ts';

const root = resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const language = read('src/LANGUAGE.md');
const packageFile = JSON.parse(read('package.json')) as {
  dependencies: Record<string, string>;
  scripts: Record<string, string>;
};

const pages = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

describe.each(pages)('%s', (file) => {
  const page = read(file);

  it('shows no command that does not exist', () => {
    const names = commands.map(({ name }) => name);
    const shown = [...page.matchAll(/^ {4}(?:\$ )?(?:OWABI_\w+=\S+ )?owabi ([a-z-]+(?: [a-z-]+)?)/gm)];
    const unknown = shown
      .map((match) => match[1] ?? '')
      .filter((words) => !names.includes(words) && !names.includes(words.split(' ')[0] ?? ''));
    expect(unknown).toEqual([]);
  });

  it('shows no npm script that does not exist', () => {
    const shown = [...page.matchAll(/\bnpm run ([a-z:]+)/g)].map((match) => match[1] ?? '');
    expect(shown.filter((script) => !(script in packageFile.scripts))).toEqual([]);
  });

  it('points to files and headings that are there', () => {
    const broken = [...page.matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !/^https?:/.test(target))
      .filter((target) => {
        const [path, anchor] = target.split('#');
        const found = path ? join(dirname(file), path) : file;
        if (!existsSync(join(root, found))) return true;
        return anchor !== undefined && !anchorsOf(read(found)).has(anchor);
      });
    expect(broken).toEqual([]);
  });

  it('names source files that are there', () => {
    const rooms = readdirSync(join(root, 'src'));
    const named = [...page.matchAll(/`((?:[a-z-]+\/)+[\w.-]+\.(?:ts|sql|yaml|mustache|md))`/g)].map(
      (match) => match[1] ?? '',
    );
    const gone = named.filter(
      (path) => !existsSync(join(root, rooms.includes(path.split('/')[0] ?? '') ? 'src' : '', path)),
    );
    expect(gone).toEqual([]);
  });

  it('says nothing about the machine on which it was written', () => {
    expect(page.match(/(?:\/tmp|\/root|\/work|\/home\/\w+)\/\S*/g) ?? []).toEqual([]);
  });
});

/** The anchors that the usual hosts make of a page's headings. */
function anchorsOf(page: string): Set<string> {
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map((match) => match[1] ?? '');
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
        .replace(/ /g, '-'),
    ),
  );
}

describe.each(Object.entries(generatedPages))('the generated page %s', (file, render) => {
  it('is what the program’s tables and words make of it now (else: npm run docs)', async () => {
    expect(existsSync(join(root, file)) ? read(file) : '').toBe(await render());
  });
});

describe('the pages together', () => {
  it('name every dependency with its version as package.json pins it, and no other', () => {
    const named = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` (\S+) \|/gm)].map(([, name, version]) => [
      name,
      version,
    ]);
    expect(named.toSorted()).toEqual(Object.entries(packageFile.dependencies).toSorted());
  });

  it('promise scripts the documents of commands that exist', () => {
    const names = commands.map(({ name }) => name);
    expect(Object.keys(jsonDocuments).filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each(['README.md', 'README.ja.md'])('keep %s within one sitting: 12 KB, two pictures, two commands', (file) => {
    const page = read(file);
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(12 * 1024);
    expect(page.match(/!\[[^\]]+\]\(docs\/images\/[\w.]+\.png\)/g)).toHaveLength(2);
    expect(page.match(/^ {4}npm ci && npm (?:run demo|test)\b/gm)).toHaveLength(2);
  });

  it('tell in CONTRIBUTING how to run every script that people run', () => {
    const scripts = Object.keys(packageFile.scripts).filter((script) => script !== 'prepare');
    const told = read('CONTRIBUTING.md');
    expect(scripts.filter((script) => !told.includes(script === 'test' ? 'npm test' : `npm run ${script}`))).toEqual(
      [],
    );
  });

  it('keep pictures light enough to open over a telephone', () => {
    const heavy = readdirSync(join(root, 'docs/images')).filter(
      (file) => statSync(join(root, 'docs/images', file)).size > 150 * 1024,
    );
    expect(heavy).toEqual([]);
  });

  it('have in docs/promises.md every promise and mechanism that a comment cites', () => {
    const there = new Set(
      [...read('docs/promises.md').matchAll(/^### ((?:Promise|Mechanism) \d+)$/gm)].map((match) =>
        match[1]?.toLowerCase(),
      ),
    );
    const cited = ['src', 'workers', 'test', 'docs']
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
      )
      .filter((file) => /\.(?:ts|sql|md|yaml)$/.test(file))
      .flatMap((file) =>
        [...read(file).matchAll(/\b(promise|mechanism)s? (\d+)/gi)].map(([, word, number]) => ({
          file,
          name: `${word?.toLowerCase()} ${number}`,
        })),
      );
    expect(cited.length).toBeGreaterThan(50);
    expect(cited.filter(({ name }) => !there.has(name))).toEqual([]);
  });

  it('say nothing in glossary and column list about the machine on which they were written', () => {
    const text = language + read('src/COLUMNS.md');
    expect(text.match(/(?:\/tmp|\/root|\/work|\/home\/\w+)\/\S*/g) ?? []).toEqual([]);
  });
});

describe('the walks', () => {
  const walks = read('docs/walks.md')
    .split(/^## /m)
    .slice(1)
    .map((walk) => ({
      title: walk.split('\n')[0] ?? '',
      steps: [...walk.replaceAll('\n   ', ' ').matchAll(/^\d+\. `([^`]+)`: (.+)$/gm)].map(
        ([, file = '', words = '']) => ({ file, words }),
      ),
    }));
  const textOf = (file: string) => (existsSync(join(root, file)) ? read(file) : '');
  const importsOf = (file: string) =>
    [...textOf(file).matchAll(/(?:from\s+|import\()'(\.[^']+)'/g)].map((match) => join(dirname(file), match[1] ?? ''));
  /** A table is in a file's hands when the file or one that it imports has it in its SQL. */
  const touches = (file: string, table: string) =>
    [file, ...importsOf(file)].some((near) => new RegExp(`\\b${table.replace('.', '\\.')}\\b`).test(textOf(near)));

  /** What is wrong with the way from a step to the next, or null. */
  function faultOf(file: string, words: string, next: string): string | null {
    const [, relation, name = ''] = /— (calls|used by|table|job)(?: `([^`]+)`)?$/.exec(words) ?? [];
    if (relation === 'calls') return importsOf(file).includes(next) ? null : `${file} does not import ${next}`;
    if (relation === 'used by') return importsOf(next).includes(file) ? null : `${next} does not import ${file}`;
    if (relation === 'table') {
      return touches(file, name) && touches(next, name) ? null : `${file} and ${next} do not meet in ${name}`;
    }
    if (relation !== 'job') return `${file}: says neither "calls", nor "used by", nor a table, nor a job`;
    const queues = textOf(file).includes(`'${name}'`) && next === `workers/${name}.ts`;
    return queues ? null : `${file} does not queue ${name} for ${next}`;
  }

  it('are the four, and each goes on for several steps', () => {
    expect(walks.map(({ title }) => title)).toEqual([
      'Row → notice',
      'Mail → bounce → letter',
      'Letter → yen',
      'Claim → bundle',
    ]);
    expect(walks.filter(({ steps }) => steps.length < 8)).toEqual([]);
  });

  it.each(walks)(
    '$title: each step imports the next, is imported by it, queues it, or meets it in a table',
    ({ steps }) => {
      const faults = steps.slice(0, -1).map(({ file, words }, at) => faultOf(file, words, steps[at + 1]?.file ?? ''));
      expect(faults.filter((fault) => fault !== null)).toEqual([]);
    },
  );

  it.each(walks)('$title: goes one way, and each step imports what it asks', ({ steps }) => {
    const files = steps.map(({ file }) => file);
    expect(files.filter((file, at) => files.indexOf(file) !== at)).toEqual([]);
    const strangers = steps.flatMap(({ file, words }) => {
      const asked = [...words.matchAll(/asks `([^`]+)`/g)].map((match) => match[1] ?? '');
      return asked.filter((target, at) => !importsOf(asked[at - 1] ?? file).includes(target));
    });
    expect(strangers).toEqual([]);
  });
});

describe('the glossary', () => {
  const rows = [...language.matchAll(/^\| (?!word \||---)(.+) \|$/gm)].map((match) => (match[1] ?? '').split(' | '));

  it('has no word twice, and a Japanese term and a meaning for each', () => {
    const words = rows.flatMap(([word]) => (word ?? '').split(', '));
    const thin = rows.filter(([, term, meaning]) => !term?.trim() || !meaning?.trim()).map(([word]) => word);
    expect({ doubled: words.filter((word, at) => words.indexOf(word) !== at), thin }).toEqual({
      doubled: [],
      thin: [],
    });
  });

  it('uses no word for a thing that it also tells to avoid for it', () => {
    const clashes = rows.filter(([word, , , avoid]) =>
      (avoid ?? '').split(', ').some((other) => (word ?? '').split(', ').includes(other)),
    );
    expect(clashes).toEqual([]);
  });
});
