/** Finds rate cards and policies: a shipped one by its name, or a file by its path. All faults of a file at once, with lines. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { type PolicyFile, policyFileSchema } from '../campaign/policy/policy-terms.ts';
import { AppError } from '../kernel/errors.ts';
import { problemLines } from '../kernel/problem.ts';
import { readYaml } from '../platform/formats/yaml.ts';
import { packageRoot } from '../platform/package-root.ts';
import { type RateCard, rateCardSchema } from './rate-card.ts';

/** A shipped rate card (`seed1-2022`) or a file. Throws FILE_MISSING, or RATES_INVALID with every fault. */
export async function readRates(nameOrPath: string): Promise<RateCard> {
  return await readTerms('rates', nameOrPath, rateCardSchema, 'RATES_INVALID');
}

/** A shipped policy pack (`sample`) or a file. Throws FILE_MISSING, or POLICY_INVALID with every fault. */
export async function readPolicy(nameOrPath: string): Promise<PolicyFile> {
  return await readTerms('policy', nameOrPath, policyFileSchema, 'POLICY_INVALID');
}

/** The names of what is shipped. */
export async function listShippedTerms(kind: 'rates' | 'policy'): Promise<string[]> {
  const files = await readdir(join(packageRoot, 'templates', kind));
  return files.map((file) => file.replace(/\.yaml$/, '')).sort();
}

async function readTerms<S extends z.ZodType>(
  kind: 'rates' | 'policy',
  nameOrPath: string,
  schema: S,
  code: 'RATES_INVALID' | 'POLICY_INVALID',
): Promise<z.output<S>> {
  const shipped = join(packageRoot, 'templates', kind, `${nameOrPath}.yaml`);
  const isName = /^[a-z0-9-]+$/.test(nameOrPath) && !existsSync(nameOrPath);
  const path = isName ? shipped : nameOrPath;
  const text = await readFile(path, 'utf8').catch(async (cause: unknown) => {
    const names = (await listShippedTerms(kind)).join(', ');
    throw new AppError('FILE_MISSING.terms', { name: nameOrPath, names }, { cause });
  });
  const { value, problems } = readYaml(nameOrPath, text, schema);
  if (value !== undefined) return value;
  throw new AppError(code, { faults: problemLines(problems) });
}
