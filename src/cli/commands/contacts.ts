/** `owabi contacts add | load | case | volume`: what people asked, and how much the window had to do. */
import { contactDetails } from '../../desk/fields/contact-details.ts';
import type { OperationOutput } from '../../desk/operations.ts';
import { toDay } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import { problemLines } from '../../kernel/problem.ts';
import { readYaml } from '../../platform/formats/yaml.ts';
import type { CommandContext, Run } from '../command.ts';
import { readPrivateFile } from '../read-private-file.ts';
import { formatTable, yenText } from '../render/ledger-table.ts';

/** Throws USAGE_WRONG with every fault and its line. */
async function readDetails(path: string) {
  const { value, problems } = readYaml(path, await readPrivateFile(path), contactDetails);
  if (value !== undefined) return value;
  const fields = Object.keys(contactDetails.shape).join(', ');
  throw new AppError('USAGE_WRONG.details', { faults: problemLines(problems), fields });
}

export const runContactsAdd: Run = async ({ args, options, say, call }) => {
  const { detailsFile, ...given } = options;
  const details = typeof detailsFile === 'string' ? await readDetails(detailsFile) : undefined;
  const json = await call('record-contact', { campaign: args[0], ...given, details });
  const lines = [say('cli.contacts.recorded', { id: json.id })];
  if (json.answer !== 'not_asked')
    lines.push(say(`cli.contacts.answer.${json.answer}`, { version: json.listVersion ?? 0 }));
  if (json.escalation > 1) lines.push(say(`cli.contacts.escalation.${json.escalation}`));
  if (json.caseId) lines.push(say('cli.contacts.case_opened', { id: json.caseId }));
  return { json, text: lines.join('\n') };
};

export const runContactsLoad: Run = async ({ args, options, say, call }) => {
  const json = await call('load-intervals', { campaign: args[0], file: args[1], ...options });
  return { json, text: say('cli.contacts.loaded', json) };
};

export const runContactsCase: Run = async (context) => {
  const { args, options, say, call } = context;
  const [campaign, one] = args;
  const { recheck, ...given } = options;
  if (recheck === true) {
    const json = await call('recheck-cases', { campaign, ...given });
    return { json, text: say('cli.contacts.rechecked', json) };
  }
  if (given.close !== undefined) {
    const json = await call('close-case', { campaign, case: one, ...given });
    return { json, text: say('cli.contacts.closed', { id: json.id }) };
  }
  const json = await call('list-cases', { campaign, case: one });
  return { json, text: renderCases(context, json) };
};

export const runContactsVolume: Run = async ({ args, say, call }) => {
  const json = await call('count-contacts', { campaign: args[0] });
  if (json.days.length === 0) return { json, text: say('cli.contacts.none') };
  const counts = ['contacts', 'offered', 'answered', 'abandoned', 'talkMinutes'] as const;
  const columns = counts.map((key) => ({ title: say(`cli.contacts.column.${key}`), align: 'right' as const }));
  const cells = (row: (typeof json)['total']) => counts.map((key) => yenText(row[key]));
  const total = [say('ledger.total'), ...cells(json.total)];
  const byDay = formatTable(
    [{ title: say('cli.contacts.column.day') }, ...columns],
    [...json.days.map((row) => [row.day, ...cells(row)]), null, total],
  );
  const byTopic = formatTable(
    [{ title: say('cli.contacts.column.topic') }, ...columns],
    [...json.topics.map((row) => [say(`contacts.topic.${row.topic}`), ...cells(row)]), null, total],
  );
  return { json, text: [byDay, '', byTopic, ...serviceLines(json, say)].join('\n') };
};

function serviceLines(volume: OperationOutput<'count-contacts'>, say: CommandContext['say']): string[] {
  const { answeredPerMille, withinTargetPerMille, busiest } = volume;
  const lines: string[] = [];
  if (answeredPerMille !== null && withinTargetPerMille !== null) {
    const percent = (perMille: number) => (perMille / 10).toFixed(1);
    const rates = { answered: percent(answeredPerMille), within: percent(withinTargetPerMille) };
    lines.push('', say('cli.contacts.rate', rates));
  }
  if (busiest !== null) {
    const { offered: calls, answering, scheduled } = busiest;
    lines.push(say('cli.contacts.busiest', { calls, answering, scheduled }));
  }
  return lines;
}

type Cases = OperationOutput<'list-cases'>['cases'];

function renderCases({ say }: CommandContext, { cases }: { cases: Cases }): string {
  if (cases.length === 0) return say('cli.contacts.no_case');
  const titles = ['case', 'opened', 'due', 'version', 'state'].map((name) => ({
    title: say(`cli.contacts.column.${name}`),
  }));
  const state = ({ isOpen, personRef }: Cases[number]) =>
    say(`cli.contacts.state.${isOpen ? (personRef === null ? 'open' : 'found') : 'closed'}`);
  return formatTable(
    titles,
    cases.map((one) => [
      one.id,
      toDay(new Date(one.openedAt)),
      one.dueOn,
      String(one.recheckedVersion ?? one.openedOnVersion),
      state(one),
    ]),
  );
}
