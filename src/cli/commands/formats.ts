/** `owabi formats [NAME] [--out DIR]`: the columns that print house, post, call centre and accountant must use. Opens no database. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeFormat, formatFiles } from '../../desk/describe-format.ts';
import { type FormatName, formatNames, vendorFormat } from '../../desk/vendor-formats.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ConfigRun } from '../command.ts';
import { formatTable } from '../render/ledger-table.ts';

export const runFormats: ConfigRun = async ({ args, options, say, language }) => {
  const names = args[0] === undefined ? formatNames : [toName(args[0])];
  const formats = names.map(vendorFormat);
  if (typeof options.out === 'string') {
    const files = await writeFormats(options.out, names);
    return { json: { formats, files }, text: files.join('\n') };
  }
  const [only] = formats;
  if (args[0] !== undefined && only) return { json: only, text: describeFormat(only, language) };
  const rows = formats.map(({ name, command }) => [name, say(`format.${name}.title`), `owabi ${command}`]);
  const titles = ['format.column.name', 'format.column.title', 'format.column.command'].map((key) => ({
    title: say(key),
  }));
  return { json: { formats }, text: `${formatTable(titles, rows)}\n\n${say('cli.formats.next')}` };
};

function toName(text: string): FormatName {
  const found = formatNames.find((name) => name === text);
  if (found) return found;
  throw new AppError('USAGE_WRONG.format', { name: text, known: formatNames.join(', ') });
}

async function writeFormats(dir: string, names: readonly FormatName[]): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  const files = names.flatMap((name) => formatFiles(name));
  for (const { name, content } of files) await writeFile(join(dir, name), content);
  return files.map(({ name }) => join(dir, name));
}
