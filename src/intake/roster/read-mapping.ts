/** Reads a mapping file, YAML or JSON (which is YAML), and reports every fault of it at once. */
import { readFile } from 'node:fs/promises';
import { AppError } from '../../kernel/errors.ts';
import { problemLines } from '../../kernel/problem.ts';
import { readYaml } from '../../platform/formats/yaml.ts';
import { emptyMapping, type MappingFile, mappingFileSchema } from './column-mapping.ts';

/** Without a path the empty mapping: everything is guessed. Throws MAPPING_INVALID. */
export async function readMapping(path: string | undefined): Promise<MappingFile> {
  if (path === undefined) return emptyMapping;
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError('FILE_MISSING.unreadable', { file: path }, { cause });
  });
  const { value, problems } = readYaml(path, text, mappingFileSchema);
  if (value !== undefined) return value;
  throw new AppError('MAPPING_INVALID.faults', { faults: problemLines(problems) });
}
