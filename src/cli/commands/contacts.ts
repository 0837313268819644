/** `owabi contacts add | load | case | volume`: what people asked, and how much the window had to do. */

import { z } from 'zod';
import { localTimeSchema, startInstant } from '../../campaign/folder/local-time.ts';
import {
  callerKinds,
  contactChannels,
  contactResults,
  contactTopics,
  type EscalationLevel,
} from '../../contacts/contact.ts';
import { contactVolume } from '../../contacts/contact-volume.ts';
import { loadIntervalFile } from '../../contacts/load-intervals.ts';
import { caseOutcomes, closeCase, listCases, recheckCases } from '../../contacts/recheck-cases.ts';
import { recordContact } from '../../contacts/record-contact.ts';
import { toDay } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import { isNoticeNumber } from '../../kernel/ids.ts';
import { problemLines } from '../../kernel/problem.ts';
import { readYaml } from '../../platform/formats/yaml.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { readOptions } from '../read-options.ts';
import { readPrivateFile } from '../read-private-file.ts';
import { formatTable, yenText } from '../render/ledger-table.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

const text = z.string().trim().min(1).optional();
const addOptions = z.object({
  topic: z.enum(contactTopics),
  channel: z.enum(contactChannels),
  caller: z.enum(callerKinds).optional(),
  result: z.enum(contactResults).optional(),
  minutes: z.coerce.number().int().min(0).max(1440).optional(),
  level: z.coerce.number().int().min(1).max(5).optional(),
  person: text,
  detailsFile: text,
  claimsAffected: z.boolean().optional(),
  by: text,
  promiseDue: z.iso.date().optional(),
  at: localTimeSchema.optional(),
  direction: z.enum(['in', 'out']).optional(),
});

/** What the details file may say. */
const detailsSchema = z.strictObject({
  email: text,
  phone: text,
  kana: text,
  customerKey: text,
  note: text,
  promise: text,
});

/** Throws USAGE_WRONG with every fault and its line. */
async function readDetails(path: string | undefined): Promise<z.output<typeof detailsSchema>> {
  if (path === undefined) return {};
  const { value, problems } = readYaml(path, await readPrivateFile(path), detailsSchema);
  if (value !== undefined) return value;
  throw new AppError('USAGE_WRONG.details', {
    faults: problemLines(problems),
    fields: Object.keys(detailsSchema.shape).join(', '),
  });
}

export const runContactsAdd: AppRun = async (context) => {
  const { app, args, say } = context;
  const options = readOptions(addOptions, context.options);
  const campaign = await resolveCampaign(app, args[0]);
  const { email, phone, kana, customerKey, note, promise } = await readDetails(options.detailsFile);
  const claimed = present({ email, phone, kana, customerKey });
  const done = await recordContact(app, {
    campaign,
    topic: options.topic,
    channel: options.channel,
    ...(options.person === undefined
      ? {}
      : isNoticeNumber(options.person)
        ? { notice: options.person }
        : { ref: options.person }),
    ...(Object.keys(claimed).length > 0 ? { claimed } : {}),
    ...present({
      claimsAffected: options.claimsAffected,
      callerKind: options.caller,
      result: options.result,
      minutes: options.minutes,
      escalation: options.level as EscalationLevel | undefined,
      handledBy: options.by,
      note,
      promise,
      promiseDue: options.promiseDue,
      direction: options.direction,
      receivedAt: options.at === undefined ? undefined : startInstant(options.at),
    }),
  });
  const lines = [say('cli.contacts.recorded', { id: done.id })];
  if (done.answer !== 'not_asked')
    lines.push(say(`cli.contacts.answer.${done.answer}`, { version: done.listVersion ?? 0 }));
  if (done.escalation > 1) lines.push(say(`cli.contacts.escalation.${done.escalation}`));
  if (done.caseId) lines.push(say('cli.contacts.case_opened', { id: done.caseId }));
  return { json: done, text: lines.join('\n') };
};

export const runContactsLoad: AppRun = async ({ app, args, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const done = await loadIntervalFile(app, { campaign: campaign.id, file: args[1] ?? '' });
  return { json: done, text: say('cli.contacts.loaded', { ...done }) };
};

export const runContactsCase: AppRun = async (context) => {
  const { app, args, options, say } = context;
  const campaign = await resolveCampaign(app, args[0]);
  if (options.recheck === true) {
    const done = await recheckCases(app, { campaign });
    return { json: done, text: say('cli.contacts.rechecked', { ...done }) };
  }
  if (options.close !== undefined) {
    const closing = readOptions(z.object({ close: z.enum(caseOutcomes), by: z.string().min(1) }), options);
    const closed = await closeCase(app, { campaign, caseId: args[1] ?? '', outcome: closing.close, by: closing.by });
    return { json: caseJson(closed), text: say('cli.contacts.closed', { id: closed.id }) };
  }
  const cases = (await listCases(app.pool, campaign.id)).filter((one) => args[1] === undefined || one.id === args[1]);
  return { json: { cases: cases.map(caseJson) }, text: renderCases(context, cases) };
};

export const runContactsVolume: AppRun = async ({ app, args, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const volume = await contactVolume(app.pool, campaign.id);
  if (volume.days.length === 0) return { json: volume, text: say('cli.contacts.none') };
  const counts = ['contacts', 'offered', 'answered', 'abandoned', 'talkMinutes'] as const;
  const columns = counts.map((key) => ({ title: say(`cli.contacts.column.${key}`), align: 'right' as const }));
  const cells = (row: (typeof volume)['total']) => counts.map((key) => yenText(row[key]));
  const total = [say('ledger.total'), ...cells(volume.total)];
  const byDay = formatTable(
    [{ title: say('cli.contacts.column.day') }, ...columns],
    [...volume.days.map((row) => [row.day, ...cells(row)]), null, total],
  );
  const byTopic = formatTable(
    [{ title: say('cli.contacts.column.topic') }, ...columns],
    [...volume.topics.map((row) => [say(`contacts.topic.${row.topic}`), ...cells(row)]), null, total],
  );
  const rate =
    volume.answeredPerMille === null || volume.withinTargetPerMille === null
      ? ''
      : `\n\n${say('cli.contacts.rate', { answered: (volume.answeredPerMille / 10).toFixed(1), within: (volume.withinTargetPerMille / 10).toFixed(1) })}`;
  const { busiest } = volume;
  const peak = busiest
    ? `\n${say('cli.contacts.busiest', { calls: busiest.offered, answering: busiest.answering, scheduled: busiest.scheduled })}`
    : '';
  return { json: volume, text: `${byDay}\n\n${byTopic}${rate}${peak}` };
};

type OneCase = Awaited<ReturnType<typeof listCases>>[number];

/** What a case says without its sealed text. */
function caseJson({ claimedSealed: _, ...one }: OneCase): object {
  return one;
}

function renderCases({ say }: CommandContext, cases: readonly OneCase[]): string {
  if (cases.length === 0) return say('cli.contacts.no_case');
  const titles = ['case', 'opened', 'due', 'version', 'state'].map((name) => ({
    title: say(`cli.contacts.column.${name}`),
  }));
  const state = (one: OneCase) =>
    say(
      one.isOpen
        ? one.personRef
          ? 'cli.contacts.state.found'
          : 'cli.contacts.state.open'
        : 'cli.contacts.state.closed',
    );
  return formatTable(
    titles,
    cases.map((one) => [
      one.id,
      toDay(one.openedAt),
      one.dueOn,
      String(one.recheckedVersion ?? one.openedOnVersion),
      state(one),
    ]),
  );
}

function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
