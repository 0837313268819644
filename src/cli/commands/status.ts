/** `owabi status`: the equations, progress, clocks and decisions of a campaign; with --watch redrawn until it ends. */

import { stdout } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OperationOutput } from '../../desk/operations.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { Language } from '../../platform/language.ts';
import type { CommandContext, Run } from '../command.ts';
import { unpricedText } from '../render/unpriced.ts';

const WATCH_MS = 1_000;
const number = (value: number) => value.toLocaleString('en').padStart(11);

type Say = CommandContext['say'];
type StatusDocument = OperationOutput<'show-status'>;

function equations(status: StatusDocument, say: Say): string[] {
  const { roster, persons } = status;
  const line = (label: string, total: number, terms: readonly (readonly [string, number])[]) => {
    const parts = terms.map(([key, value]) => `${value.toLocaleString('en')} ${say(`status.term.${key}`)}`);
    return `  ${label}  ${number(total)} = ${parts.join(' + ')}`;
  };
  const width = Math.max(...status.waves.map((wave) => wave.id.length), 0);
  return [
    say('status.roster'),
    line(say('status.rows'), roster.rows, [
      ['people', roster.people],
      ['merged', roster.merged],
      ['rejected', roster.rejected],
    ]) + (roster.open > 0 ? `  ${say('status.rowsOpen', { count: roster.open })}` : ''),
    say('status.waves'),
    ...status.waves.flatMap((wave) => [
      line(`${wave.id.padEnd(width)} ${say(`status.channel.${wave.channel}`)}`, wave.total, [
        ['handedOver', wave.handedOver],
        ['failed', wave.failed],
        ['excluded', wave.excluded],
        ['uncertain', wave.uncertain],
        ['pending', wave.pending],
      ]),
      ...wave.waits.map(({ code, until }) => `    – ${waitText(code, until, say)}`),
    ]),
    say('status.persons'),
    line(say('status.people'), persons.total, [
      ['told', persons.told],
      ['underway', persons.underway],
      ['substitute', persons.substitute],
      ['excluded', persons.excluded],
      ['undecided', persons.undecided],
    ]),
    `  ${say(status.balanced ? 'status.balanced' : 'status.notBalanced')}`,
  ];
}

/** Why a wave does not move, with the moment at which that ends by itself. */
function waitText(code: string, until: string | null, say: Say): string {
  const why = say(`status.wait.${code}`);
  return until === null ? why : say('status.wait.until', { why, at: formatLocalTime(new Date(until)) });
}

/** The whole status as calm text. */
export function statusText(status: StatusDocument, say: Say, language: Language): string {
  const decisions = status.decisions.map(
    (decision) =>
      `  ! ${say(`status.decision.${decision.code}`, { count: decision.count })}${decision.dueOn ? `  (${say('status.due', { day: decision.dueOn })})` : ''}`,
  );
  const endWidth = status.clocks.some((clock) => clock.dueAt !== null) ? 16 : 10;
  const clocks = status.clocks.map((clock) => {
    const mark = clock.doneOn === null ? say(`status.clock.${clock.state}`) : `✓ ${clock.doneOn}`;
    const end = clock.dueAt === null ? (clock.dueOn ?? '') : formatLocalTime(new Date(clock.dueAt));
    const review = clock.isReviewOverdue ? `  ${say('status.clock.review', { day: clock.reviewDue ?? '' })}` : '';
    return `  ${end.padEnd(endWidth)}  ${clock.label[language]}  ${mark}${review}`;
  });
  return [
    `${status.campaign}  ${say(`status.state.${status.state}`)}`,
    ...(status.plan
      ? [`  ${say('status.plan', { hash: status.plan.sha256.slice(0, 16), version: status.plan.listVersion })}`]
      : []),
    ...(status.journal
      ? [`  ${say('status.journal', { block: status.journal.block, hash: status.journal.hash.slice(0, 16) })}`]
      : []),
    ...(status.keyFingerprint ? [`  ${say('status.key', { fingerprint: status.keyFingerprint.slice(0, 16) })}`] : []),
    '',
    ...equations(status, say),
    ...(clocks.length > 0 ? ['', say('status.clocks'), ...clocks] : []),
    ...(decisions.length > 0 ? ['', say('status.decisions'), ...decisions] : []),
    ...unpricedText({ say, language }, status.unpriced),
  ].join('\n');
}

export const runStatus: Run = async ({ args, options, say, language, wantsJson, call }) => {
  let json = await call('show-status', { campaign: args[0] });
  // A pipe that was closed has nobody who watches.
  while (options.watch === true && !wantsJson && stdout.writable && json.state !== 'closed') {
    stdout.write(`\u001b[2J\u001b[H${statusText(json, say, language)}\n`);
    await sleep(WATCH_MS);
    json = await call('show-status', { campaign: args[0] });
  }
  return { json, text: statusText(json, say, language) };
};
