/** What is wrong with the input of an operation, field by field, each as the door calls it and with what is wanted. */
import type { z } from 'zod';
import type { Wording } from '../kernel/wording.ts';
import { issueRemedy, unknownKeyRemedy } from '../platform/formats/yaml-remedy.ts';

/** How a door calls a field of the input in a message: `--unit-price` for `unitPrice`. */
export type NameOf = (field: string) => string;

export function inputFaults(
  error: z.ZodError,
  { schema, input, nameOf }: { schema: z.ZodType; input: unknown; nameOf: NameOf },
): Wording[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => fieldFault(nameOf, [...issue.path, key], unknownKeyRemedy(key, schema, issue.path)))
      : [fieldFault(nameOf, issue.path, issueRemedy(issue, input))],
  );
}

export function fieldFault(nameOf: NameOf, path: readonly PropertyKey[], message: Wording): Wording {
  const [field, ...rest] = path.map(String);
  if (field === undefined) return message;
  return { word: 'input.fault', params: { field: [nameOf(field), ...rest].join('.'), message } };
}
