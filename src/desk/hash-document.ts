/** SHA-256 of a document that proves something and stays where it is. */
import { sha256Hex } from '../kernel/canonical.ts';
import { readNamedFile } from './read-named-file.ts';

/** Throws FILE_MISSING. */
export async function hashDocument(file: string): Promise<string> {
  return sha256Hex(await readNamedFile(file));
}
