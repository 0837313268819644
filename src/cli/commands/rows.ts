/** `owabi rows list|settle` and `owabi merges list|undo`: rejected rows that wait for a decision, and merges that may be undone, both by name. */
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import { openNames, openRejectedRows } from '../../desk/open-names.ts';
import { listMerges, undoMerge } from '../../intake/match/undo-merge.ts';
import { listOpenRows } from '../../intake/rejected/list-open-rows.ts';
import { settleRow } from '../../intake/rejected/settle-row.ts';
import { AppError } from '../../kernel/errors.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { readPrivateFile } from '../read-private-file.ts';
import { withNote } from '../render/named-list.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

const settlements = { 'not-a-person': 'not_a_person', substitute: 'substitute_measure' } as const;

function nameOf(options: CommandContext['options']): string {
  if (typeof options.by === 'string' && options.by.trim() !== '') return options.by;
  throw new AppError('USAGE_WRONG.byMissing');
}

/** More of a row than this does not fit a line of a terminal. */
const MAX_ROW_TEXT = 80;

export const runRowsList: AppRun = async ({ app, args, options, say, wantsJson }) => {
  const campaign = await resolveCampaign(app, args[0]);
  if (wantsJson) return { json: { open: await listOpenRows(app, { campaign }) }, text: '' };
  const open = await openRejectedRows(app, { campaign, by: viewerOf(options) });
  const lines = open.map((row) => {
    const reason = row.reasons.map((one) => say(`intake.reason.${one}`)).join(', ');
    const line = say('cli.rows.line', { id: row.id, import: row.importNumber, line: row.line, reason });
    const cells = (row.cells ?? []).filter((cell) => cell !== '').join(' / ');
    return cells === '' ? line : `${line}\n    ${[...cells].slice(0, MAX_ROW_TEXT).join('')}`;
  });
  if (lines.length === 0) return { json: { open }, text: say('cli.rows.none') };
  const named = open.filter((row) => row.cells !== undefined).length;
  return { json: { open }, text: withNote(lines.join('\n'), { named, listed: open.length }, say) };
};

const viewerOf = (options: CommandContext['options']) => (typeof options.by === 'string' ? options.by : null);

export const runRowsSettle: AppRun = async ({ app, args, options, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const settlement = settlements[args[1] as keyof typeof settlements];
  if (settlement === undefined)
    throw new AppError('USAGE_WRONG.word', { word: args[1] ?? '', known: Object.keys(settlements).join(', ') });
  const by = nameOf(options);
  const given = Array.isArray(options.row) ? (options.row as readonly string[]) : null;
  if (given === null && typeof options.reason !== 'string') throw new AppError('USAGE_WRONG.rows');
  const open = await listOpenRows(app, { campaign });
  const rowIds = given ?? open.filter((row) => row.reasons.includes(String(options.reason))).map((row) => row.id);
  const unknown = rowIds.filter((id) => !open.some((row) => row.id === id));
  if (unknown.length > 0) throw new AppError('USAGE_WRONG.rowsUnknown', { rows: unknown.join(', ') });
  const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: by });
  const note = typeof options.noteFile === 'string' ? { note: await readPrivateFile(options.noteFile) } : {};
  const answer = await settleRow(app, { campaign, rowIds, settlement, actorId, ...note });
  return { json: answer, text: say('cli.rows.settled', answer) };
};

export const runMergesList: AppRun = async ({ app, args, options, say, wantsJson }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const merges = await listMerges(app.pool, campaign.id);
  if (wantsJson || merges.length === 0) return { json: { merges }, text: say('cli.merges.none') };
  const refs = merges.map((merge) => merge.personRef);
  const names = await openNames(app, { campaign, refs, by: viewerOf(options) });
  const lines = merges.map((merge) =>
    say('cli.merges.line', {
      ref: merge.ref,
      import: merge.importNumber,
      row: merge.rowNumber,
      person: names.get(merge.personRef) ?? merge.personRef,
      rule: say(`intake.rule.${merge.rule}`),
    }),
  );
  const listed = new Set(refs).size;
  return { json: { merges }, text: withNote(lines.join('\n'), { named: names.size, listed }, say) };
};

export const runMergesUndo: AppRun = async ({ app, args, options, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const ref = args[1] ?? '';
  if (!/^[0-9a-f-]{36}$/.test(ref)) throw new AppError('USAGE_WRONG.rowRef', { ref });
  const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: nameOf(options) });
  const undone = await undoMerge(app, { campaign, ref, actorId });
  return {
    json: { undone },
    text: say(undone ? 'cli.merges.undone' : 'cli.merges.notMerged'),
    exitCode: undone ? 0 : 1,
  };
};
