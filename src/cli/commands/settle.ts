/** `owabi settle`: uncertain mails by the relay's log, or mails and letters by two named people; without either what is left. */
import type { OperationOutput } from '../../desk/operations.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { CommandContext, Run } from '../command.ts';
import { formatTable } from '../render/ledger-table.ts';
import { withNote } from '../render/named-list.ts';

type Say = CommandContext['say'];

/** With --by the list shows names; who looked is on record. */
export const runSettle: Run = async ({ args, options, say, call }) => {
  const { by, ...decision } = options;
  if (Object.keys(decision).length === 0) {
    const json = await call('list-uncertain', { campaign: args[0], names: by !== undefined, by });
    const { left: mails, letters } = json;
    return { json, text: [say('cli.settle.left', { mails, letters }), ...table(json, say)].join('\n') };
  }
  const json = await call('settle-uncertain', { campaign: args[0], ...options });
  const lines = [say('cli.settle.done', { settled: json.settled, left: json.left })];
  if (json.stopped > 0) lines.push(say('cli.settle.stopped', { count: json.stopped }));
  if (json.withLetter.length > 0)
    lines.push(say('cli.settle.withLetter', { count: json.withLetter.length }), leftOutTable(json, say));
  return { json, text: lines.join('\n') };
};

function table({ waiting, names = {}, left, letters }: OperationOutput<'list-uncertain'>, say: Say): string[] {
  if (waiting.length === 0) return [];
  const columns = ['cli.names.due', 'cli.names.name', 'cli.settle.number', 'cli.settle.channel', 'cli.settle.begun'];
  const list = formatTable(
    [...columns, 'cli.names.ref'].map((key) => ({ title: say(key) })),
    waiting.map(({ number, ref, channel, submittedAt, dueOn }) => [
      dueOn ?? '-',
      names[ref] ?? '-',
      number ?? '-',
      say(`status.channel.${channel}`),
      submittedAt === null ? say('cli.settle.elsewhere') : formatLocalTime(new Date(submittedAt)),
      ref,
    ]),
  );
  const named = waiting.filter(({ ref }) => ref in names).length;
  return [withNote(list, { named, listed: waiting.length, total: left + letters }, say)];
}

/** More than the first fifty are shown by number only. */
function leftOutTable({ withLetter, leftOut, names = {} }: OperationOutput<'settle-uncertain'>, say: Say): string {
  const known = new Map(leftOut.map((person) => [person.number, person]));
  const list = formatTable(
    ['cli.names.due', 'cli.settle.number', 'cli.names.name'].map((key) => ({ title: say(key) })),
    withLetter.map((number) => {
      const person = known.get(number);
      return [person?.dueOn ?? '-', number, names[person?.ref ?? ''] ?? '-'];
    }),
  );
  return withNote(list, { named: Object.keys(names).length, listed: withLetter.length }, say);
}
