/** An answer as an operation promises it: the first value that its output schema allows, with every optional field. */
import { z } from 'zod';

type JsonSchema = {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
};

const texts: Readonly<Record<string, string>> = {
  date: '2026-11-25',
  'date-time': '2026-11-25T03:00:00.000Z',
  uuid: '0199a0f0-0000-7000-8000-000000000001',
};

export function sampleAnswer(output: z.ZodType): unknown {
  const root = z.toJSONSchema(output, { io: 'output', unrepresentable: 'any' }) as JsonSchema;
  const sample = (schema: JsonSchema): unknown => {
    if (schema.$ref !== undefined) return sample(root.$defs?.[schema.$ref.split('/').at(-1) ?? ''] ?? {});
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return schema.enum[0];
    const [first] = schema.anyOf ?? schema.oneOf ?? [];
    if (first !== undefined) return sample(first);
    switch (schema.type) {
      case 'object':
        return sampleObject(schema, sample);
      case 'array':
        return schema.prefixItems?.map(sample) ?? (schema.items === undefined ? [] : [sample(schema.items)]);
      case 'boolean':
        return true;
      case 'null':
        return null;
      case 'integer':
      case 'number':
        return Math.max(schema.minimum ?? 7, 1);
      default:
        return sampleText(schema);
    }
  };
  return sample(root);
}

function sampleText({ pattern, format }: JsonSchema): string {
  const known = texts[format ?? ''];
  if (known !== undefined || pattern === undefined) return known ?? 'text';
  const fits = ['a'.repeat(64), '100', 'text', '2026-11-25'].find((text) => new RegExp(pattern, 'u').test(text));
  if (fits === undefined) throw new Error(`no sample for ${pattern}`);
  return fits;
}

function sampleObject(schema: JsonSchema, sample: (of: JsonSchema) => unknown): unknown {
  const own = Object.entries(schema.properties ?? {}).map(([key, of]) => [key, sample(of)]);
  const more = schema.additionalProperties;
  const key = schema.propertyNames === undefined ? 'word' : String(sample({ ...schema.propertyNames }));
  return Object.fromEntries([...own, ...(typeof more === 'object' ? [[key, sample(more)]] : [])]);
}
