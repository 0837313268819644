/**
 * Reads a YAML file that a person wrote: keeps the position of every value, and reports every fault of syntax and of shape at
 * once, each with its line and a remedy. Aliases are limited, so that a small file cannot expand into a huge one.
 */
import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Problem, WordedProblem } from '../../kernel/problem.ts';
import type { Wording } from '../../kernel/wording.ts';
import type { Language } from '../language.ts';
import { say } from '../words.ts';
import { issueRemedy, syntaxRemedy, unknownKeyRemedy } from './yaml-remedy.ts';

/** More than any hand-written file needs; an alias bomb needs thousands. */
const MAX_ALIASES = 50;
/** A configuration file is read whole into memory. */
const MAX_BYTES = 1_000_000;

export type YamlResult<T, P = Problem> = {
  /** Only there when nothing is wrong. */
  readonly value?: T;
  readonly problems: P[];
  /** 1-based line of a dotted path (`waves.0.latest`), or of the nearest parent that exists. */
  readonly lineOf: (path: string) => number;
};

type OpenDocument = { readonly document: ReturnType<typeof parseDocument>; readonly lines: LineCounter };

/**
 * The documents opened last, by their text. A campaign's are read at each look at its status, a law at each of its clocks, and
 * opening one takes three quarters of reading it (27 ms of the 39 that a status costs).
 */
const kept = new Map<string, OpenDocument>();
const KEPT_MAX = 32;

function openDocument(text: string, keep: boolean): OpenDocument {
  const known = kept.get(text);
  if (known) return known;
  const lines = new LineCounter();
  const opened = {
    document: parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false }),
    lines,
  };
  if (!keep) return opened;
  const [oldest] = kept.keys();
  if (kept.size >= KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  kept.set(text, opened);
  return opened;
}

/** As `readYaml`, for a campaign's documents: they hold no person, and are kept open for the next look. */
export function parseYaml<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
  language: Language = 'en',
): YamlResult<z.output<S>> {
  const { problems, ...read } = readYaml(file, text, schema, { keep: true });
  const said = problems.map(({ message, ...place }) => ({
    ...place,
    message: say(language, message.word, message.params),
  }));
  return { ...read, problems: said };
}

/** Parses `text` of `file` through a zod schema. Never throws for what the text contains. `keep` what holds no person and is read again. */
export function readYaml<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
  { keep = false }: { keep?: boolean } = {},
): YamlResult<z.output<S>, WordedProblem> {
  const fault = (line: number, path: string, message: Wording): WordedProblem => ({ file, line, path, message });
  if (Buffer.byteLength(text) > MAX_BYTES) {
    return { problems: [fault(0, '', { word: 'yaml.tooLarge', params: { bytes: MAX_BYTES } })], lineOf: () => 0 };
  }
  const { document, lines } = openDocument(text, keep);
  const lineOf = (path: string): number => lineOfPath(document.contents, path === '' ? [] : path.split('.'), lines);
  const problems = document.errors.map((error) =>
    fault(lines.linePos(error.pos[0]).line, '', syntaxRemedy(error.code)),
  );
  const plain = problems.length === 0 ? toPlain(document) : null;
  if (plain === null && problems.length === 0) problems.push(fault(1, '', { word: 'yaml.aliases' }));
  if (plain === null) return { problems, lineOf };
  const parsed = schema.safeParse(plain.value);
  if (parsed.success) return { value: parsed.data, problems, lineOf };
  const found = problemsOf(parsed.error, plain.value, schema);
  return {
    problems: found.map(({ path, message }) => fault(lineOf(path), path, message)).sort((a, b) => a.line - b.line),
    lineOf,
  };
}

/** Turns zod's issues into what is wrong at which path. */
function problemsOf(error: z.ZodError, plain: unknown, schema: z.ZodType): { path: string; message: Wording }[] {
  const problem = (path: readonly PropertyKey[], message: Wording) => ({ path: path.map(String).join('.'), message });
  return error.issues
    .flatMap(nearestShape)
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => problem([...issue.path, key], unknownKeyRemedy(key, schema, issue.path)))
        : [problem(issue.path, issueRemedy(issue, plain))],
    );
}

/** Of a value that may have several shapes, the faults of the one it comes nearest to; an unknown key alone says which keys there are. */
function nearestShape(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const [nearest] = issue.errors.toSorted((a, b) => a.length - b.length);
  if (nearest === undefined) return [issue];
  const unknown = nearest.filter(({ code }) => code === 'unrecognized_keys');
  return (unknown.length > 0 ? unknown : nearest).map((one) => ({ ...one, path: [...issue.path, ...one.path] }));
}

/** Null when aliases expand too far or point nowhere. */
function toPlain(document: ReturnType<typeof parseDocument>): { value: unknown } | null {
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch {
    return null;
  }
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
