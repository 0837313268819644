// A command loads what it needs: help and version no room and no library but the parser, reading commands no queue and no PDF.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/platform/package-root.ts';

const dir = mkdtempSync(join(tmpdir(), 'owabi-start-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

type Coverage = { readonly result: readonly { readonly url: string }[] };

/** The files that V8 ran, imported and required alike, as its own coverage names them; and what the command printed. */
function filesLoadedBy(...words: string[]): { files: string[]; output: string } {
  const coverage = mkdtempSync(join(dir, 'v8-'));
  const env = { PATH: process.env.PATH, HOME: dir, NODE_V8_COVERAGE: coverage, OWABI_LANG: 'en' };
  const main = join(packageRoot, 'dist/src/cli/main.js');
  const { stdout } = spawnSync(process.execPath, [main, ...words], { env, encoding: 'utf8' });
  const urls = readdirSync(coverage).flatMap((file) =>
    (JSON.parse(readFileSync(join(coverage, file), 'utf8')) as Coverage).result.map(({ url }) => url),
  );
  return { files: [...new Set(urls.filter((url) => url.startsWith('file:')))], output: stdout };
}

const packagesOf = (files: readonly string[]) =>
  [...new Set(files.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'owabi'))].sort();

describe('a start', () => {
  it.each([['--version'], ['--help'], ['lots post --help']])('of `owabi %s` loads at most 60 files', (line) => {
    const { files, output } = filesLoadedBy(...line.split(' '));
    expect(output).toMatch(line === '--version' ? /^\d+\.\d+\.\d+$/m : /^Usage: owabi/);
    expect(packagesOf(files)).toEqual(['commander', 'owabi']);
    expect(files.length).toBeLessThanOrEqual(60);
  });

  // npx links a checkout's command once, and lends the file its right to run only then: a later build must bring the right itself.
  it('runs the built file itself, also after a rebuild', () => {
    const { stdout, error } = spawnSync(join(packageRoot, 'dist/src/cli/main.js'), ['--version'], { encoding: 'utf8' });
    expect(error).toBeUndefined();
    expect(stdout).toMatch(/^\d+\.\d+\.\d+$/m);
  });
});
