/** Reads a passphrase: from a file, or from the terminal without showing it. Never from the command line, where others can see it. */
import { readFile } from 'node:fs/promises';
import { stderr, stdin } from 'node:process';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { AppError } from '../kernel/errors.ts';

/** The first line of the file. Throws FILE_MISSING. */
export async function readPassphraseFile(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).split(/\r?\n/)[0] ?? '';
  } catch (cause) {
    throw new AppError('FILE_MISSING.passphrase', { file: path }, { cause });
  }
}

/** Whether a person sits at the terminal who could be asked. */
export function canPrompt(): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** Asks on stderr; what is typed is not shown. Throws USAGE_WRONG when nobody can be asked. */
export async function promptPassphrase(question: string): Promise<string> {
  if (!canPrompt()) {
    throw new AppError('USAGE_WRONG.noTerminal');
  }
  stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const asking = createInterface({ input: stdin, output: silent, terminal: true });
  const answer = await new Promise<string>((resolve) => asking.question('', resolve));
  asking.close();
  stderr.write('\n');
  return answer;
}
