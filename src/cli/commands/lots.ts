/** `owabi lots list|form|post|load|pull`: what the print house gets, and what it reports back. */
import type { OperationOutput } from '../../desk/operations.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { CommandContext, Run } from '../command.ts';
import { formatTable } from '../render/ledger-table.ts';
import { lineProblems } from '../render/line-problems.ts';
import { withNote } from '../render/named-list.ts';

type LotList = OperationOutput<'list-lots'>;

/** With --by the letters that a report left out are shown with names; who looked is on record. */
export const runLotsList: Run = async ({ args, options, say, call }) => {
  const json = await call('list-lots', { campaign: args[0], names: options.by !== undefined, ...options });
  if (json.lots.length === 0) return { json, text: say('cli.lots.list.none') };
  const lines = json.lots.map((lot) => describeLot(lot, say));
  return { json, text: [...lines, ...missingTable(json, say)].join('\n') };
};

function describeLot(lot: LotList['lots'][number], say: CommandContext['say']): string {
  const { number, manifest, posted, spoiled, withdrawn, open, returned } = lot;
  const key = lot.blocks ? 'cli.lots.list.blocking' : 'cli.lots.list.line';
  const line = say(key, { number, manifest, posted, spoiled, withdrawn, open, returned });
  const until = formatLocalTime(new Date(lot.latestAt));
  return open === 0 ? line : `${line}  ${say('cli.lots.list.until', { until, wave: lot.wave })}`;
}

function missingTable({ lots, missing, names = {} }: LotList, say: CommandContext['say']): string[] {
  if (missing.length === 0) return [];
  const table = formatTable(
    ['cli.lots.list.lot', 'cli.lots.list.piece', 'cli.names.name', 'cli.names.ref'].map((key) => ({ title: say(key) })),
    missing.map(({ lot, piece, ref }) => [String(lot), piece, names[ref] ?? '-', ref]),
  );
  const total = lots.reduce((sum, lot) => sum + (lot.blocks ? lot.open : 0), 0);
  const named = missing.filter(({ ref }) => ref in names).length;
  return [
    '',
    say('cli.lots.list.missing', { count: total }),
    withNote(table, { named, listed: missing.length, total }, say),
  ];
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
