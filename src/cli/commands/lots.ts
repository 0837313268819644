/** `owabi lots list|form|post|load|pull`: what the print house gets, and what it reports back. */
import type { OperationOutput } from '../../desk/operations.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { CommandContext, Run } from '../command.ts';
import { lineProblems } from '../render/line-problems.ts';

export const runLotsList: Run = async ({ args, say, call }) => {
  const json = await call('list-lots', { campaign: args[0] });
  const lines = json.lots.map((lot) => describeLot(lot, say));
  return { json, text: lines.length === 0 ? say('cli.lots.list.none') : lines.join('\n') };
};

function describeLot(lot: OperationOutput<'list-lots'>['lots'][number], say: CommandContext['say']): string {
  const { number, manifest, posted, spoiled, withdrawn, open, returned } = lot;
  const key = lot.blocks ? 'cli.lots.list.blocking' : 'cli.lots.list.line';
  return say(key, { number, manifest, posted, spoiled, withdrawn, open, returned });
}

export const runLotsForm: Run = async ({ args, options, say, call }) => {
  const json = await call('form-lots', { campaign: args[0], wave: args[1], ...options });
  const lines = [say('cli.lots.form.done', { lots: json.prepared, pieces: json.pieces })];
  for (const { wave, lots, blockedBy, withoutGift, beginsAt } of json.waves) {
    if (blockedBy.length > 0) lines.push(say('cli.lots.form.blocked', { wave, lots: blockedBy.join(', ') }));
    if (beginsAt) lines.push(say('cli.lots.form.notDue', { wave, at: formatLocalTime(new Date(beginsAt)) }));
    if (withoutGift) lines.push(say(`cli.lots.form.${lots > 0 ? 'without' : 'waits'}.${withoutGift}`, { wave }));
  }
  const isBlocked = json.waves.some(({ blockedBy }) => blockedBy.length > 0);
  return { json, text: lines.join('\n'), exitCode: isBlocked ? 1 : 0 };
};

export const runLotsPost: Run = async ({ args, options, say, call }) => {
  const json = await call('post-lots', { campaign: args[0], lots: args.slice(1), ...options });
  return { json, text: say('cli.lots.post.done', { posted: json.posted, slip: json.slip }) };
};

export const runLotsLoad: Run = async ({ args, say, call }) => {
  const json = await call('load-vendor-file', { campaign: args[0], file: args[1] });
  const { posted, spoiled, known, reprintLots: reprints, problems } = json;
  const text = say('cli.lots.load.done', { posted, spoiled, known, reprints });
  return { json, text: [text, ...lineProblems(problems, say)].join('\n'), exitCode: problems.length > 0 ? 1 : 0 };
};

export const runLotsPull: Run = async ({ args, options, say, call }) => {
  const json = await call('pull-pieces', { campaign: args[0], pieces: args.slice(1), ...options });
  const text = say('cli.lots.pull.done', { withdrawn: json.withdrawn, refused: json.refused.join(' ') || '-' });
  return { json, text, exitCode: json.refused.length > 0 ? 1 : 0 };
};
