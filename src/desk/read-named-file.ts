/** The content of a file on this machine that a caller names. */
import { readFile } from 'node:fs/promises';
import { AppError } from '../kernel/errors.ts';

/** Throws FILE_MISSING. */
export async function readNamedFile(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new AppError('FILE_MISSING.unreadable', { file }, { cause });
  }
}
