/**
 * Reads a YAML file that a person wrote: keeps the position of every value, and reports every fault of syntax and of shape at
 * once, each with its line and a remedy. Aliases are limited, so that a small file cannot expand into a huge one.
 */
import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { z } from 'zod';
import { nearestWord } from '../kernel/nearest-word.ts';
import type { Problem } from '../kernel/problem.ts';

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

/** Parses `text` of `file` through a zod schema. Never throws for what the text contains. */
export function parseYaml<S extends z.ZodType>(file: string, text: string, schema: S): YamlResult<z.output<S>> {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    return {
      problems: [{ file, line: 0, path: '', message: `the file is larger than ${MAX_BYTES} bytes` }],
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
    message: syntaxRemedy(error.code, error.message),
  }));
  const read = problems.length === 0 ? toPlain(document, file) : { problems };
  if (!('plain' in read)) return { problems: read.problems, lineOf };
  const parsed = schema.safeParse(read.plain);
  if (parsed.success) return { value: parsed.data, problems: [], lineOf };
  return { problems: problemsOf(parsed.error, file, read.plain, schema, lineOf), lineOf };
}

/** Turns zod's issues into problems; a file that is JSON or YAML alike. */
function problemsOf(
  error: z.ZodError,
  file: string,
  plain: unknown,
  schema: z.ZodType,
  lineOf: (path: string) => number,
): Problem[] {
  return error.issues
    .flatMap((issue) => {
      const path = issue.path.map(String);
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => {
          const full = [...path, key].join('.');
          return { file, line: lineOf(full), path: full, message: unknownKey(key, knownKeys(schema, issue.path)) };
        });
      }
      return [
        {
          file,
          line: lineOf(path.join('.')),
          path: path.join('.'),
          message: remedy(issue, valueAt(plain, issue.path)),
        },
      ];
    })
    .sort((a, b) => a.line - b.line);
}

function toPlain(
  document: ReturnType<typeof parseDocument>,
  file: string,
): { plain: unknown } | { problems: Problem[] } {
  try {
    return { plain: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch {
    return {
      problems: [
        {
          file,
          line: 1,
          path: '',
          message: 'anchors and aliases expand too far or point nowhere: write the values out',
        },
      ],
    };
  }
}

function syntaxRemedy(code: string, message: string): string {
  if (code === 'TAB_AS_INDENT') return 'a tab is used for indentation: use spaces';
  if (code === 'DUPLICATE_KEY') return 'this key is written twice: keep one of them';
  if (code === 'BAD_INDENT') return `the indentation does not fit the lines above: ${message}`;
  return `not readable as YAML: ${message}`;
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearestWord(key, known);
  if (near) return `unknown key "${key}": did you mean "${near}"?`;
  return `unknown key "${key}": remove it${known.length > 0 ? `, or use one of ${known.join(', ')}` : ''}`;
}

function remedy(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined && issue.code !== 'custom') return 'this value is missing: add it';
  switch (issue.code) {
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      const near = typeof value === 'string' ? nearestWord(value, allowed) : null;
      return `${show(value)} is not one of ${allowed.join(', ')}${near ? `: did you mean "${near}"?` : ''}`;
    }
    case 'invalid_type':
      return `${show(value)} is not ${article(issue.expected)}: write ${article(issue.expected)} here${quoteHint(issue.expected, value)}`;
    case 'too_small':
      return `${show(value)} is too small: at least ${issue.minimum}${sizeWord(issue.origin)}`;
    case 'too_big':
      return `${show(value)} is too large: at most ${issue.maximum}${sizeWord(issue.origin)}`;
    case 'invalid_format':
      return issue.message.startsWith('Invalid')
        ? `${show(value)} is not a valid ${issue.format}: correct it`
        : `${show(value)} is not ${issue.message}: correct it`;
    default:
      return issue.message.startsWith('Invalid')
        ? `${show(value)}: ${issue.message}`
        : `${show(value)} is not ${issue.message}`;
  }
}

function quoteHint(expected: string, value: unknown): string {
  return expected === 'string' && (typeof value === 'number' || typeof value === 'boolean') ? ', in quotes' : '';
}

function article(expected: string): string {
  const words: Record<string, string> = {
    string: 'text',
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a group of keys',
    record: 'a group of keys',
  };
  return words[expected] ?? expected;
}

function sizeWord(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function valueAt(plain: unknown, path: readonly PropertyKey[]): unknown {
  let value = plain;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** The keys that the schema allows at a path, seen through optional, default, array, record and union wrappers. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let layer = candidates(schema);
  for (const key of path) layer = layer.flatMap((one) => step(one, key));
  return [...new Set(layer.flatMap((one) => Object.keys(shapeOf(one) ?? {})))];
}

type Definition = {
  type: string;
  innerType?: z.ZodType;
  in?: z.ZodType;
  element?: z.ZodType;
  valueType?: z.ZodType;
  options?: z.ZodType[];
};

function definitionOf(schema: z.ZodType): Definition {
  return schema.def as unknown as Definition;
}

function shapeOf(schema: z.ZodType): Record<string, z.ZodType> | undefined {
  return definitionOf(schema).type === 'object'
    ? (schema as unknown as { shape: Record<string, z.ZodType> }).shape
    : undefined;
}

function candidates(schema: z.ZodType): z.ZodType[] {
  const { innerType, options, in: input } = definitionOf(schema);
  if (innerType) return candidates(innerType);
  if (input) return candidates(input);
  return options ? options.flatMap(candidates) : [schema];
}

function step(schema: z.ZodType, key: PropertyKey): z.ZodType[] {
  const { element, valueType } = definitionOf(schema);
  const next = shapeOf(schema)?.[String(key)] ?? element ?? valueType;
  return next ? candidates(next) : [];
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
