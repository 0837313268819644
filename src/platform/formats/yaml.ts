/**
 * Reads a YAML file that a person wrote: keeps the position of every value, and reports every fault of syntax and of shape at
 * once, each with its line and a remedy. Aliases are limited, so that a small file cannot expand into a huge one.
 */
import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Problem } from '../../kernel/problem.ts';
import type { Language } from '../language.ts';
import { say } from '../words.ts';
import { issueRemedy, syntaxRemedy, unknownKeyRemedy } from './yaml-remedy.ts';

/** More than any hand-written file needs; an alias bomb needs thousands. */
const MAX_ALIASES = 50;
/** A configuration file is read whole into memory. */
const MAX_BYTES = 1_000_000;

export type YamlResult<T> = {
  /** Only there when nothing is wrong. */
  readonly value?: T;
  readonly problems: Problem[];
  /** 1-based line of a dotted path (`waves.0.latest`), or of the nearest parent that exists. */
  readonly lineOf: (path: string) => number;
};

/** Parses `text` of `file` through a zod schema. Never throws for what the text contains. Messages are in `language`. */
export function parseYaml<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
  language: Language = 'en',
): YamlResult<z.output<S>> {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    return {
      problems: [{ file, line: 0, path: '', message: say(language, 'yaml.tooLarge', { bytes: MAX_BYTES }) }],
      lineOf: () => 0,
    };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
  });
  const lineOf = (path: string): number => lineOfPath(document.contents, path === '' ? [] : path.split('.'), lines);
  const problems: Problem[] = document.errors.map((error) => ({
    file,
    line: lines.linePos(error.pos[0]).line,
    path: '',
    message: syntaxRemedy(error.code, error.message, language),
  }));
  const read = problems.length === 0 ? toPlain(document, file, language) : { problems };
  if (!('plain' in read)) return { problems: read.problems, lineOf };
  const parsed = schema.safeParse(read.plain);
  if (parsed.success) return { value: parsed.data, problems: [], lineOf };
  return { problems: problemsOf(parsed.error, { file, plain: read.plain, schema, lineOf, language }), lineOf };
}

type Reading = {
  file: string;
  plain: unknown;
  schema: z.ZodType;
  lineOf: (path: string) => number;
  language: Language;
};

/** Turns zod's issues into problems, in the order of the lines. */
function problemsOf(error: z.ZodError, { file, plain, schema, lineOf, language }: Reading): Problem[] {
  const problem = (path: readonly PropertyKey[], message: string): Problem => {
    const dotted = path.map(String).join('.');
    return { file, line: lineOf(dotted), path: dotted, message };
  };
  return error.issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => problem([...issue.path, key], unknownKeyRemedy(key, schema, issue.path, language)))
        : [problem(issue.path, issueRemedy(issue, valueAt(plain, issue.path), language))],
    )
    .sort((a, b) => a.line - b.line);
}

function toPlain(
  document: ReturnType<typeof parseDocument>,
  file: string,
  language: Language,
): { plain: unknown } | { problems: Problem[] } {
  try {
    return { plain: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch {
    return { problems: [{ file, line: 1, path: '', message: say(language, 'yaml.aliases') }] };
  }
}

function valueAt(plain: unknown, path: readonly PropertyKey[]): unknown {
  let value = plain;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function lineOfPath(root: Node | null, path: readonly string[], lines: LineCounter): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = (node.items as Pair[]).find(
        (item) => (isScalar(item.key) ? String(item.key.value) : String(item.key)) === key,
      );
      if (!pair) break;
      offset = (pair.key as Node | null)?.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(key)] as Node | undefined;
      if (!item) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return lines.linePos(offset).line;
}
