/** A zod schema as one short line for readers: `{version, people, changes: {…}, cases: {checked, found}}`. */
import { z } from 'zod';

type Json = {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
  readonly items?: Json | boolean;
  readonly anyOf?: readonly Json[];
  readonly oneOf?: readonly Json[];
  readonly allOf?: readonly Json[];
  readonly enum?: readonly unknown[];
  readonly additionalProperties?: Json | boolean;
};

/** A longer closed list of words is only called one. */
const MOST_WORDS = 8;

/** `io` says which side is meant: what is given, or what comes out. A name with ? may be left out. */
export function shapeOf(schema: z.ZodType, io: 'input' | 'output'): string {
  return shapeOfJson(z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json);
}

function shapeOfJson(json: Json): string {
  const choices = json.anyOf ?? json.oneOf;
  if (choices !== undefined) {
    const shapes = [...new Set(choices.filter(({ type }) => type !== 'null').map(shapeOfJson))].filter(Boolean);
    return shapes.join(' | ');
  }
  if (json.allOf !== undefined) return json.allOf.map(shapeOfJson).filter(Boolean).join(' & ');
  if (json.properties !== undefined) {
    const required = new Set(json.required ?? []);
    const fields = Object.entries(json.properties).map(([name, value]) => {
      const inner = shapeOfJson(value);
      return `${name}${required.has(name) ? '' : '?'}${inner === '' ? '' : `: ${inner}`}`;
    });
    return `{${fields.join(', ')}}`;
  }
  if (json.items !== undefined) {
    const inner = typeof json.items === 'boolean' ? '' : shapeOfJson(json.items);
    return `[${inner === '' ? '…' : inner}]`;
  }
  if (json.enum !== undefined) return json.enum.length > MOST_WORDS ? 'word' : json.enum.join(' | ');
  return json.type === 'object' ? '{…}' : '';
}
