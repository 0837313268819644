/**
 * Reads what names a person from a file or from standard input (`-`), never from the command line: arguments stand in the
 * machine's process list and in the shell's history, where others can read them (promise 5).
 */
import { readFile } from 'node:fs/promises';
import { stdin } from 'node:process';
import { AppError } from '../kernel/errors.ts';

/** The text without blanks around it. Throws FILE_MISSING, and USAGE_WRONG when there is nothing in it. */
export async function readPrivateFile(path: string): Promise<string> {
  const text = (path === '-' ? await readStdin() : await readText(path)).replace(/^\uFEFF/, '').trim();
  if (text === '')
    throw new AppError(path === '-' ? 'USAGE_WRONG.emptyInput' : 'USAGE_WRONG.emptyFile', { file: path });
  return text;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new AppError('FILE_MISSING.private', { file: path }, { cause });
  }
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
