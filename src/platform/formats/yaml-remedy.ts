/** Words for what is wrong in a YAML file: what stands there, what is expected, and what was probably meant. */
import type { z } from 'zod';
import { nearestWord } from '../../kernel/nearest-word.ts';
import type { Language } from '../language.ts';
import { say } from '../words.ts';

/** A fault of syntax; `message` is the parser's own. */
export function syntaxRemedy(code: string, message: string, language: Language): string {
  if (code === 'TAB_AS_INDENT') return say(language, 'yaml.tab');
  if (code === 'DUPLICATE_KEY') return say(language, 'yaml.duplicate');
  return say(language, code === 'BAD_INDENT' ? 'yaml.indent' : 'yaml.syntax', { message });
}

/** A key that the schema does not know at this place. */
export function unknownKeyRemedy(
  key: string,
  schema: z.ZodType,
  path: readonly PropertyKey[],
  language: Language,
): string {
  const known = knownKeys(schema, path);
  const near = nearestWord(key, known);
  if (near) return say(language, 'yaml.unknownKeyNear', { key, near });
  if (known.length === 0) return say(language, 'yaml.unknownKey', { key });
  return say(language, 'yaml.unknownKeyList', { key, known: known.join(', ') });
}

/**
 * A value that the schema refuses. A schema's own message that is a key of the catalogue (`want.day`) or of a format says
 * what is wanted; any other message of its own is shown as it is.
 */
export function issueRemedy(issue: z.core.$ZodIssue, value: unknown, language: Language): string {
  const text = show(value);
  if (value === undefined && issue.code !== 'custom') return say(language, 'yaml.missing');
  switch (issue.code) {
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      const near = typeof value === 'string' ? nearestWord(value, allowed) : null;
      const params = { value: text, allowed: allowed.join(', '), near: near ?? '' };
      return say(language, near ? 'yaml.notOneOfNear' : 'yaml.notOneOf', params);
    }
    case 'invalid_type': {
      const isUnquoted = issue.expected === 'string' && (typeof value === 'number' || typeof value === 'boolean');
      const wanted = say(language, `yaml.type.${issue.expected}`);
      return say(language, isUnquoted ? 'yaml.unquoted' : 'yaml.wrongType', { value: text, wanted });
    }
    case 'too_small':
      return say(language, `yaml.tooSmall.${sizeOf(issue.origin)}`, { value: text, limit: String(issue.minimum) });
    case 'too_big':
      return say(language, `yaml.tooBig.${sizeOf(issue.origin)}`, { value: text, limit: String(issue.maximum) });
    default:
      return ownMessage(issue, text, language);
  }
}

function ownMessage(issue: z.core.$ZodIssue, value: string, language: Language): string {
  const word = say(language, issue.message);
  if (word !== issue.message || issue.code === 'invalid_format') {
    const wanted = issue.message.startsWith('Invalid') && issue.code === 'invalid_format' ? issue.format : word;
    return say(language, 'yaml.notWanted', { value, wanted });
  }
  return issue.message.startsWith('Invalid') ? say(language, 'yaml.invalid', { value, message: issue.message }) : word;
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
