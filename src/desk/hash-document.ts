/** SHA-256 of a document that proves something and stays where it is. */
import { readFile } from 'node:fs/promises';
import { sha256Hex } from '../kernel/canonical.ts';
import { AppError } from '../kernel/errors.ts';

/** Throws FILE_MISSING. */
export async function hashDocument(path: string): Promise<string> {
  try {
    return sha256Hex(await readFile(path));
  } catch (cause) {
    throw new AppError('FILE_MISSING.unreadable', { file: path }, { cause });
  }
}
