/** Where the package is installed: templates and schema files are read from there, by source and by built program alike. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findPackageRoot(start: string): string {
  let folder = start;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

export const packageRoot: string = findPackageRoot(dirname(fileURLToPath(import.meta.url)));
