/** Reads a mapping file, YAML or JSON (which is YAML), and reports every fault of it at once. */
import { readFile } from 'node:fs/promises';
import { AppError } from '../../kernel/errors.ts';
import { parseYaml } from '../../platform/formats/yaml.ts';
import { emptyMapping, type MappingFile, mappingFileSchema } from './column-mapping.ts';

/** Without a path the empty mapping: everything is guessed. Throws MAPPING_INVALID. */
export async function readMapping(path: string | undefined): Promise<MappingFile> {
  if (path === undefined) return emptyMapping;
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError('MAPPING_INVALID', `${path} cannot be read`, { cause });
  });
  const { value, problems } = parseYaml(path, text, mappingFileSchema);
  if (value !== undefined) return value;
  const lines = problems.map((problem) => `${problem.file}:${problem.line}: ${problem.path} ${problem.message}`);
  throw new AppError('MAPPING_INVALID', lines.join('\n'));
}
