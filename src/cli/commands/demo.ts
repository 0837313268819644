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
  const { persons, roster } = result.accounting;
  const folders = demoFolders(resolve(out));
  const { total } = result.claim;
  const place = (path: string) => relative(cwd(), path) || '.';
  const rows: [string, string][] = [
    [
      say('demo.account.rows'),
      say('demo.account.rowsText', {
        rows: number(roster.rows),
        people: number(roster.people),
        merged: number(roster.merged),
        rejected: number(roster.rejected),
        open: roster.open,
      }),
    ],
    [
      say('demo.account.people'),
      say('demo.account.peopleText', {
        total: number(persons.total),
        told: number(persons.told),
        underway: number(persons.underway),
        substitute: number(persons.substitute),
        excluded: number(persons.excluded),
        undecided: number(persons.undecided),
      }),
    ],
    [
      say('demo.account.mails'),
      say('demo.account.mailsText', {
        accepted: number(result.mails.accepted),
        refused: number(result.mails.refused),
        bounced: number(result.mails.bounced),
        uncertain: number(result.mails.uncertain),
      }),
    ],
    [
      say('demo.account.letters'),
      say('demo.account.lettersText', {
        posted: number(result.letters.posted),
        lots: result.letters.lots,
        spoiled: result.letters.spoiled,
        returned: result.letters.returned,
        gifts: number(result.letters.gifts),
      }),
    ],
    [
      say('demo.account.yen'),
      say('demo.account.yenText', {
        incurred: number(total.incurred),
        payable: number(total.payable),
        uncovered: number(total.uncovered),
      }),
    ],
    [say('demo.account.equations'), say(result.accounting.balanced ? 'status.balanced' : 'status.notBalanced')],
  ];
  const width = Math.max(...rows.map(([label]) => [...label].length));
  return [
    '',
    say('demo.account.title', { seconds: result.seconds }),
    ...rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`),
    '',
    say('demo.open.title'),
    `  ${say('demo.open.letters')}  ${place(folders.export)}/${result.campaign}/lots/0001/letters.pdf`,
    `  ${say('demo.open.mails')}  ${place(folders.mails)}/`,
    `  ${say('demo.open.preview')}  ${place(folders.preview)}/`,
    `  ${say('demo.open.vendors')}  ${place(folders.vendors)}/`,
    `  ${say('demo.open.bundle')}  ${place(result.bundle)}`,
    '',
    `${say('demo.open.verify')}  npx owabi verify ${place(result.bundle)}`,
  ].join('\n');
}
