/** `owabi formats [NAME] [--out DIR]`: the columns that print house, post, call centre and accountant must use. */
import type { Run } from '../command.ts';
import { formatTable } from '../render/ledger-table.ts';

export const runFormats: Run = async ({ args, options, say, call }) => {
  const json = await call('describe-formats', { name: args[0], ...options });
  const { formats, files } = json;
  if (files.length > 0) return { json, text: files.join('\n') };
  const [only] = formats;
  if (args[0] !== undefined && only) return { json, text: only.text };
  const rows = formats.map(({ name, command }) => [name, say(`format.${name}.title`), `owabi ${command}`]);
  const titles = ['format.column.name', 'format.column.title', 'format.column.command'].map((key) => ({
    title: say(key),
  }));
  return { json, text: `${formatTable(titles, rows)}\n\n${say('cli.formats.next')}` };
};
