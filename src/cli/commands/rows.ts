/** `owabi rows list|settle` and `owabi merges list|undo`: rejected rows that wait for a decision, and merges that may be undone, both by name. */
import type { Run } from '../command.ts';
import { readPrivateFile } from '../read-private-file.ts';
import { withNote } from '../render/named-list.ts';

/** More of a row than this does not fit a line of a terminal. */
const MAX_ROW_TEXT = 80;

export const runRowsList: Run = async ({ args, options, say, call, wantsJson }) => {
  const json = await call('list-rows', { campaign: args[0], names: !wantsJson, ...options });
  const lines = json.open.map((row) => {
    const reason = row.reasons.map((one) => say(`intake.reason.${one}`)).join(', ');
    const line = say('cli.rows.line', { id: row.id, import: row.importNumber, line: row.line, reason });
    const cells = (row.cells ?? []).filter((cell) => cell !== '').join(' / ');
    return cells === '' ? line : `${line}\n    ${[...cells].slice(0, MAX_ROW_TEXT).join('')}`;
  });
  if (lines.length === 0) return { json, text: say('cli.rows.none') };
  const named = json.open.filter((row) => row.cells !== undefined).length;
  return { json, text: withNote(lines.join('\n'), { named, listed: json.open.length }, say) };
};

export const runRowsSettle: Run = async ({ args, options, say, call }) => {
  const { noteFile, ...given } = options;
  const note = typeof noteFile === 'string' ? await readPrivateFile(noteFile) : undefined;
  const json = await call('settle-rows', { campaign: args[0], settlement: args[1], ...given, note });
  return { json, text: say('cli.rows.settled', json) };
};

export const runMergesList: Run = async ({ args, options, say, call, wantsJson }) => {
  const json = await call('list-merges', { campaign: args[0], names: !wantsJson, ...options });
  const { merges, names = {} } = json;
  if (merges.length === 0) return { json, text: say('cli.merges.none') };
  const lines = merges.map((merge) =>
    say('cli.merges.line', {
      ref: merge.ref,
      import: merge.importNumber,
      row: merge.rowNumber,
      person: names[merge.personRef] ?? merge.personRef,
      rule: say(`intake.rule.${merge.rule}`),
    }),
  );
  const listed = new Set(merges.map((merge) => merge.personRef)).size;
  return { json, text: withNote(lines.join('\n'), { named: Object.keys(names).length, listed }, say) };
};

export const runMergesUndo: Run = async ({ args, options, say, call }) => {
  const json = await call('undo-merge', { campaign: args[0], ref: args[1], ...options });
  const word = json.undone ? 'cli.merges.undone' : 'cli.merges.notMerged';
  return { json, text: say(word), exitCode: json.undone ? 0 : 1 };
};
