/** `owabi demo`: a fictional breach end to end on this machine, with a final account and the paths of what to open. */
import { relative, resolve } from 'node:path';
import { cwd } from 'node:process';
import { demoFolders } from '../../demo/demo-stage.ts';
import { type DemoResult, runDemo as play } from '../../demo/run-demo.ts';
import { AppError } from '../../kernel/errors.ts';
import type { CommandContext, Run } from '../command.ts';

const MAX_PEOPLE = 2_000_000;

export const runDemo: Run = async (context) => {
  const people = Number(context.options.people);
  if (!Number.isInteger(people) || people < 50 || people > MAX_PEOPLE) {
    throw new AppError('USAGE_WRONG.number', {
      text: `--people ${String(context.options.people)}`,
      from: 50,
      to: MAX_PEOPLE,
    });
  }
  const out = String(context.options.out);
  const { say, tell, progress, language } = context;
  tell(say('demo.title', { people: people.toLocaleString('en') }));
  const result = await play({ ...context.config, language }, { people, out, voice: { say, tell, progress } });
  return { json: result, text: accountText(context, result, out) };
};

const number = (value: number) => value.toLocaleString('en');

/** The final account in words: people, mails, letters, calls, yen, bundle, and what to open. */
function accountText({ say }: CommandContext, result: DemoResult, out: string): string {
  const rows = accountRows(say, result);
  const width = Math.max(...rows.map(([label]) => [...label].length));
  return [
    '',
    say('demo.account.title', { seconds: result.seconds }),
    ...rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`),
    '',
    ...openLines(say, result, out),
  ].join('\n');
}

/** Each line of the account: its label and what it counts. */
function accountRows(
  say: CommandContext['say'],
  { accounting, mails, letters, claim }: DemoResult,
): [string, string][] {
  const { persons, roster, balanced } = accounting;
  const row = (name: string, params: Record<string, string | number>): [string, string] => [
    say(`demo.account.${name}`),
    say(`demo.account.${name}Text`, params),
  ];
  return [
    row('rows', {
      rows: number(roster.rows),
      people: number(roster.people),
      merged: number(roster.merged),
      rejected: number(roster.rejected),
      open: roster.open,
    }),
    row('people', {
      total: number(persons.total),
      told: number(persons.told),
      underway: number(persons.underway),
      substitute: number(persons.substitute),
      excluded: number(persons.excluded),
      undecided: number(persons.undecided),
    }),
    row('mails', {
      accepted: number(mails.accepted),
      refused: number(mails.refused),
      bounced: number(mails.bounced),
      uncertain: number(mails.uncertain),
    }),
    row('letters', {
      posted: number(letters.posted),
      lots: letters.lots,
      spoiled: letters.spoiled,
      returned: letters.returned,
      gifts: number(letters.gifts),
    }),
    row('yen', {
      incurred: number(claim.total.incurred),
      payable: number(claim.total.payable),
      uncovered: number(claim.total.uncovered),
    }),
    [say('demo.account.equations'), say(balanced ? 'status.balanced' : 'status.notBalanced')],
  ];
}

function openLines(say: CommandContext['say'], { campaign, bundle }: DemoResult, out: string): string[] {
  const folders = demoFolders(resolve(out));
  const place = (path: string) => relative(cwd(), path) || '.';
  return [
    say('demo.open.title'),
    `  ${say('demo.open.letters')}  ${place(folders.export)}/${campaign}/lots/0001/letters.pdf`,
    `  ${say('demo.open.mails')}  ${place(folders.mails)}/`,
    `  ${say('demo.open.preview')}  ${place(folders.preview)}/`,
    `  ${say('demo.open.vendors')}  ${place(folders.vendors)}/`,
    `  ${say('demo.open.bundle')}  ${place(bundle)}`,
    '',
    `${say('demo.open.verify')}  npx owabi verify ${place(bundle)}`,
  ];
}
