/** Words for what is wrong in a YAML file: what stands there, what is expected, and what was probably meant. */
import type { z } from 'zod';
import { nearestWord } from '../../kernel/nearest-word.ts';
import type { Wording, WordParams } from '../../kernel/wording.ts';

const want = (word: string, params?: WordParams): Wording => (params ? { word, params } : { word });

/** A fault of syntax, by the parser's code. */
export function syntaxRemedy(code: string): Wording {
  if (code === 'TAB_AS_INDENT') return want('yaml.tab');
  if (code === 'DUPLICATE_KEY') return want('yaml.duplicate');
  return want(code === 'BAD_INDENT' ? 'yaml.indent' : 'yaml.syntax');
}

/** A key that the schema does not know at this place. */
export function unknownKeyRemedy(key: string, schema: z.ZodType, path: readonly PropertyKey[]): Wording {
  const known = knownKeys(schema, path);
  const near = nearestWord(key, known);
  if (near) return want('yaml.unknownKeyNear', { key, near });
  if (known.length === 0) return want('yaml.unknownKey', { key });
  return want('yaml.unknownKeyList', { key, known: known.join(', ') });
}

/**
 * What is wrong with a value of the document that the schema refuses. A schema's own message is a key of the catalogue: `want.day` says what is wanted, any
 * other what is wrong; `params` of the issue fill its places.
 */
export function issueRemedy(issue: z.core.$ZodIssue, document: unknown): Wording {
  const value = valueAt(document, issue.path);
  const text = show(value);
  if (value === undefined && issue.code !== 'custom') return want('yaml.missing');
  switch (issue.code) {
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      const near = typeof value === 'string' ? nearestWord(value, allowed) : null;
      const params = { value: text, allowed: allowed.join(', ') };
      return near ? want('yaml.notOneOfNear', { ...params, near }) : want('yaml.notOneOf', params);
    }
    case 'invalid_type': {
      const isUnquoted = issue.expected === 'string' && (typeof value === 'number' || typeof value === 'boolean');
      if (isUnquoted) return want('yaml.unquoted', { value: text });
      return want('yaml.wrongType', { value: text, wanted: want(`yaml.type.${issue.expected}`) });
    }
    case 'too_small':
      return want(`yaml.tooSmall.${sizeOf(issue.origin)}`, { value: text, limit: String(issue.minimum) });
    case 'too_big':
      return want(`yaml.tooBig.${sizeOf(issue.origin)}`, { value: text, limit: String(issue.maximum) });
    default:
      return ownRemedy(issue, text);
  }
}

/** Formats of zod's own that our schemas use. */
const formatWords: Readonly<Record<string, string>> = { date: 'want.day', url: 'want.url', email: 'want.email' };

const isKey = (message: string) => /^[a-z][\w-]*(\.[\w-]+)+$/.test(message);

function ownRemedy(issue: z.core.$ZodIssue, value: string): Wording {
  const format = issue.code === 'invalid_format' ? formatWords[issue.format] : undefined;
  const word = isKey(issue.message) ? issue.message : format;
  if (word === undefined) return want('yaml.invalid', { value });
  if (word.startsWith('want.')) return want('yaml.notWanted', { value, wanted: want(word) });
  return want(word, issue.code === 'custom' ? (issue.params as WordParams | undefined) : undefined);
}

function valueAt(plain: unknown, path: readonly PropertyKey[]): unknown {
  let value = plain;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function sizeOf(origin: string): 'text' | 'list' | 'number' {
  if (origin === 'string') return 'text';
  return origin === 'array' ? 'list' : 'number';
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
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
