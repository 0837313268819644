/**
 * Writes the files of a lot into the private export folder so that a crash leaves the old file, the new one or a clearly named draft, and
 * never half a file under the real name.
 */
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex } from '../../kernel/canonical.ts';
import { lotName } from './manifest.ts';

export type LotFile = { name: string; data: Uint8Array };

/** `<export>/<slug>/lots/0007`. */
export function lotFolder(exportDir: string, slug: string, lotNumber: number): string {
  return join(exportDir, slug, 'lots', lotName(lotNumber));
}

/** Writes all files and then SHA256SUMS, which says that the lot is whole. Returns the folder. Same files, same bytes. */
export async function writeLotFiles(
  exportDir: string,
  slug: string,
  lotNumber: number,
  files: readonly LotFile[],
): Promise<string> {
  const folder = lotFolder(exportDir, slug, lotNumber);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const file of files) await replaceFile(folder, file);
  const sums = files.map((file) => `${sha256Hex(file.data)}  ${file.name}\n`).join('');
  await replaceFile(folder, { name: 'SHA256SUMS', data: Buffer.from(sums) });
  return folder;
}

async function replaceFile(folder: string, file: LotFile): Promise<void> {
  const draft = join(folder, `.${file.name}.${process.pid}.draft`);
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(file.data);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, join(folder, file.name));
}
