/** `owabi rows list|settle` and `owabi merges list|undo`: rejected rows that wait for a decision, and merges that may be undone, both by name. */
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import { listMerges, undoMerge } from '../../intake/match/undo-merge.ts';
import { listOpenRows } from '../../intake/rejected/list-open-rows.ts';
import { settleRow } from '../../intake/rejected/settle-row.ts';
import { AppError } from '../../kernel/errors.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { readPrivateFile } from '../read-private-file.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

const settlements = { 'not-a-person': 'not_a_person', substitute: 'substitute_measure' } as const;

function nameOf(options: CommandContext['options']): string {
  if (typeof options.by === 'string' && options.by.trim() !== '') return options.by;
  throw new AppError('USAGE_WRONG.byMissing');
}

export const runRowsList: AppRun = async ({ app, args, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const open = await listOpenRows(app, { campaign });
  const lines = open.map((row) =>
    say('cli.rows.line', {
      id: row.id,
      import: row.importNumber,
      line: row.line,
      reason: row.reasons.map((reason) => say(`intake.reason.${reason}`)).join(', '),
    }),
  );
  return { json: { open }, text: lines.length === 0 ? say('cli.rows.none') : lines.join('\n') };
};

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

export const runMergesList: AppRun = async ({ app, args, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const merges = await listMerges(app.pool, campaign.id);
  const lines = merges.map((merge) =>
    say('cli.merges.line', {
      ref: merge.ref,
      import: merge.importNumber,
      row: merge.rowNumber,
      person: merge.personRef,
      rule: say(`intake.rule.${merge.rule}`),
    }),
  );
  return { json: { merges }, text: lines.join('\n') };
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
