/** `owabi people list|decide|resend`: who waits for a decision, and the decision of a named person about them. */
import type { Run } from '../command.ts';
import { formatTable } from '../render/ledger-table.ts';
import { withNote } from '../render/named-list.ts';

export const runPeopleList: Run = async ({ args, options, say, call, wantsJson }) => {
  const json = await call('list-people', { campaign: args[0], outcome: args[1], names: !wantsJson, ...options });
  const { waiting, names = {} } = json;
  if (waiting.length === 0) return { json, text: say('cli.people.none') };
  const table = formatTable(
    [
      { title: say('cli.names.due') },
      { title: say('cli.names.name') },
      { title: say('cli.names.outcome') },
      { title: say('cli.names.ref') },
    ],
    waiting.map(({ ref, outcome, dueOn }) => [dueOn ?? '-', names[ref] ?? '-', say(`status.outcome.${outcome}`), ref]),
  );
  return { json, text: withNote(table, { named: Object.keys(names).length, listed: waiting.length }, say) };
};

export const runPeopleDecide: Run = async ({ args, options, say, call }) => {
  const json = await call('decide-people', { campaign: args[0], decision: args[1], ...options });
  const { people, decided, pull } = json;
  if (pull === undefined) return { json, text: say('cli.people.wouldDecide', { count: people }) };
  const lines = [say('cli.people.decided', { count: decided })];
  if (pull.length > 0) lines.push(say('cli.people.pull', { count: pull.length, campaign: args[0] ?? '' }), ...pull);
  return { json, text: lines.join('\n') };
};

export const runPeopleResend: Run = async ({ args, options, say, call }) => {
  const json = await call('resend-people', { campaign: args[0], wave: args[1], ...options });
  const lines = [
    say('cli.people.resend.placed', { count: json.placed, wave: args[1] ?? '' }),
    ...json.refused.map(({ ref, reason }) => `- ${ref}: ${say(`people.resend.${reason}`)}`),
  ];
  return { json, text: lines.join('\n'), exitCode: json.refused.length > 0 ? 1 : 0 };
};
