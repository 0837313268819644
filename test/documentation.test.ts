/** Documentation is tested: commands, variables, dependencies and glossary words are where a reader looks for them, and exist. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/cli/commands.ts';
import { errorTable } from '../src/kernel/errors.ts';
import { configVariables } from '../src/platform/config.ts';

const root = resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const readme = read('README.md');
const readmeJa = read('README.ja.md');
const language = read('src/LANGUAGE.md');
const packageFile = JSON.parse(read('package.json')) as { dependencies: Record<string, string>; scripts: Record<string, string> };

describe('the README', () => {
  it.each([['README.md', readme], ['README.ja.md', readmeJa]])('%s names every command', (_file, text) => {
    expect(commands.map((command) => command.name).filter((name) => !text.includes(`owabi ${name}`))).toEqual([]);
  });

  it('names every variable, every error code, every dependency and every script', () => {
    expect({
      variables: Object.keys(configVariables).filter((name) => !readme.includes(`\`${name}\``)),
      codes: Object.keys(errorTable).filter((code) => !readme.includes(`\`${code}\``)),
      dependencies: Object.keys(packageFile.dependencies).filter((name) => !readme.includes(`\`${name}\``)),
      scripts: ['demo', 'test', 'test:long', 'bench', 'check'].filter((name) => !readme.includes(`npm ${name === 'test' ? 'test' : `run ${name}`}`)),
    }).toEqual({ variables: [], codes: [], dependencies: [], scripts: [] });
  });

  it('names no error code that does not exist', () => {
    const table = readme.slice(readme.indexOf('## Error codes'));
    const named = [...table.slice(0, table.indexOf('\n## ', 3)).matchAll(/`([A-Z]+(?:_[A-Z0-9]+)+)`/g)].map((match) => match[1] ?? '');
    expect(named.filter((code) => !(code in errorTable))).toEqual([]);
  });
});

describe('the glossary', () => {
  const exportedNouns = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .flatMap((file) => [...readFileSync(join(root, 'src', file), 'utf8').matchAll(/^export (?:type|interface) (\w+)/gm)].map((match) => match[1] ?? ''));

  it('explains every exported noun', () => {
    const listed = new Set([...language.matchAll(/`(\w+)`/g)].map((match) => match[1]));
    expect([...new Set(exportedNouns)].filter((noun) => !listed.has(noun)).sort()).toEqual([]);
  });

  it('explains no noun that is gone', () => {
    const listed = [...language.matchAll(/^\| `(\w+)`/gm)].map((match) => match[1] ?? '');
    expect(listed.filter((noun) => !exportedNouns.includes(noun)).sort()).toEqual([]);
  });
});
