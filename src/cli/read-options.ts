/** Options of a command through a schema; every faulty one is named at once, with what is wanted. */
import type { z } from 'zod';
import { AppError } from '../kernel/errors.ts';
import type { Wording } from '../kernel/wording.ts';
import { issueRemedy } from '../platform/formats/yaml-remedy.ts';
import type { CommandContext } from './command.ts';

/** Throws USAGE_WRONG. */
export function readOptions<S extends z.ZodType>(schema: S, options: CommandContext['options']): z.output<S> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) =>
    optionFault(String(issue.path[0] ?? ''), issueRemedy(issue, options)),
  );
  throw new AppError('USAGE_WRONG.options', { faults });
}

/** `asOf` is typed as `--as-of`. */
export function optionFault(name: string, message: Wording): Wording {
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return { word: 'cli.option.fault', params: { flag, message } };
}
